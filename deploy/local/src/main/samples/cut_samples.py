#!/usr/bin/env python3
"""Cuts the committed samples out of a recording of the reference lab: whole flows only, with the truth cut alike.

    cut_samples.py RECORDING OUT [--from 15.5] [--to 71] [--snap 96]

RECORDING  folder with truth.json and the capture VMs' pcap files; OUT gets SENSOR.INTERFACE.pcap and truth.json.

A flow is taken when all of its packets lie between --from and --to (seconds after the start of the recording); then every sighting of it
is taken. ARP frames of that time are kept too. Left out: flows that are cut by the edges, and the mirror sessions' GRE transport, which runs
all the time and is therefore never whole. A later fragment follows its first one. Frames are snapped to --snap octets; the length on the wire
stays. Checked before anything is written: each direction's sightings in the files are those the truth names. Same input, same bytes out.
"""
import argparse
import json
import pathlib
import struct
import sys
from collections import Counter, defaultdict

FILE_HEADER = struct.Struct("<IHHiIII")
RECORD_HEADER = struct.Struct("<IIII")
MAGIC_MICROS = 0xA1B2C3D4
ARP, IPV4, VLAN = 0x0806, 0x0800, 0x8100
PORTED = (6, 17)
MANAGEMENT_VLAN = 99
OUTSIDE = "no VM at one end"  # the truth names no sightings for these


def frames(path):
    """(record header, frame, capture time in microseconds) of each record of a little-endian pcap file."""
    octets = path.read_bytes()
    if FILE_HEADER.unpack_from(octets)[0] != MAGIC_MICROS:
        sys.exit(f"{path}: not a little-endian pcap file with microseconds")
    at = FILE_HEADER.size
    while at < len(octets):
        header = RECORD_HEADER.unpack_from(octets, at)
        at += RECORD_HEADER.size
        yield header, octets[at:at + header[2]], header[0] * 1_000_000 + header[1]
        at += header[2]


def link_of(frame):
    """VLAN identifier (0 where untagged), EtherType and offset of what follows."""
    kind = int.from_bytes(frame[12:14], "big")
    if kind != VLAN:
        return 0, kind, 14
    return int.from_bytes(frame[14:16], "big") & 0xFFF, int.from_bytes(frame[16:18], "big"), 18


def direction_of(frame, at, ports_by_datagram):
    """(protocol, sender, sender's port, receiver, receiver's port) of an IPv4 packet; a later fragment has its first one's ports."""
    header_octets = (frame[at] & 15) * 4
    protocol = frame[at + 9]
    sender, receiver = (".".join(map(str, frame[at + i:at + i + 4])) for i in (12, 16))
    fragment = int.from_bytes(frame[at + 6:at + 8], "big")
    datagram = sender, receiver, protocol, frame[at + 4:at + 6]
    if protocol not in PORTED:
        return protocol, sender, 0, receiver, 0
    if fragment & 0x1FFF:
        ports = ports_by_datagram[datagram]
    else:
        ports = struct.unpack_from(">HH", frame, at + header_octets)
        if fragment & 0x2000:
            ports_by_datagram[datagram] = ports
    return protocol, sender, ports[0], receiver, ports[1]


def directions_of(flow):
    a, b = ((flow[end]["ip"], flow[end].get("port", 0)) for end in "ab")
    return {"a2b": (flow["proto"], *a, *b), "b2a": (flow["proto"], *b, *a)}


def cut_flow(flow, names):
    cut = dict(flow)
    for direction in ("a2b", "b2a"):
        counts = dict(flow.get(direction) or {})
        if "sightings" in counts:
            counts["sightings"] = {name: n for name, n in counts["sightings"].items() if name in names}
        cut[direction] = counts
    return cut


def cut_truth(truth, flows, sensors, first_us, last_us):
    used = {label for flow in flows for label in flow.get("labels", [])}
    return {
        "format": truth["format"], "about": truth["about"], "topology": truth["topology"], "start_us": first_us, "end_us": last_us,
        "inventory": truth["inventory"], "moves": [], "mirrors": [], "sensors": sensors,
        "scenarios": [scenario for scenario in truth["scenarios"] if scenario["id"] in used], "flows": flows}


def written(truth):
    """One flow a line, so that a person can read it and a diff shows what changed."""
    head = json.dumps({key: value for key, value in truth.items() if key != "flows"}, indent=1)
    flows = ",\n".join(json.dumps(flow, separators=(",", ":")) for flow in truth["flows"])
    return head[:-2] + ',\n "flows": [\n' + flows + "\n]}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--from", dest="first", type=float, default=15.5, help="seconds")
    parser.add_argument("--to", dest="last", type=float, default=71, help="seconds")
    parser.add_argument("--snap", type=int, default=96, help="octets of a frame that are kept")
    options = parser.parse_args()

    truth = json.loads((options.recording / "truth.json").read_text())
    first_us, last_us = (truth["start_us"] + int(seconds * 1e6) for seconds in (options.first, options.last))
    sensors = [sensor for sensor in truth["sensors"] if sensor["kind"] == "capture-nic"]
    names = {sensor["name"] for sensor in sensors}
    flows = [cut_flow(flow, names) for flow in truth["flows"] if flow["start_us"] >= first_us and flow["end_us"] <= last_us]
    wanted = {key for flow in flows for key in directions_of(flow).values()}

    kept, seen = defaultdict(list), defaultdict(Counter)
    for sensor in sensors:
        ports_by_datagram = {}
        for header, frame, time_us in frames(options.recording / sensor["file"]):
            vlan, kind, at = link_of(frame)
            if vlan == MANAGEMENT_VLAN:
                continue
            if kind == IPV4:
                key = direction_of(frame, at, ports_by_datagram)
                if key not in wanted:
                    continue
                seen[key][sensor["name"]] += 1
            elif kind != ARP or not first_us <= time_us <= last_us:
                continue
            kept[sensor["name"]].append((header, frame[:options.snap]))

    for flow in flows:
        for direction, key in directions_of(flow).items():
            expected = flow[direction].get("sightings", {})
            if flow["relation"] != OUTSIDE and dict(seen[key]) != {name: n for name, n in expected.items() if n}:
                sys.exit(f"flow {flow['id']} {direction}: truth says {expected}, the files hold {dict(seen[key])}")

    options.out.mkdir(parents=True, exist_ok=True)
    for sensor in sensors:
        records = kept[sensor["name"]]
        sensor.update(snaplen=options.snap, captured=len(records), received=len(records), dropped=0)
        with (options.out / sensor["file"]).open("wb") as file:
            file.write(FILE_HEADER.pack(MAGIC_MICROS, 2, 4, 0, 0, options.snap, 1))
            for (seconds, micros, _, octets), frame in records:
                file.write(RECORD_HEADER.pack(seconds, micros, len(frame), octets) + frame)
    (options.out / "truth.json").write_text(written(cut_truth(truth, flows, sensors, first_us, last_us)))
    print(f"{len(flows)} flows, {sum(map(len, kept.values()))} frames")


if __name__ == "__main__":
    main()
