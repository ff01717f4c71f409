#!/usr/bin/env python3
"""Records the lab while machines move and addresses change hands: captures, an inventory that says what held when, and the truth.

A recording of about ten seconds: vm1 moves to the other host while its conversations go on; then vm4 gives up its address, which vm8 takes
instead of its own; vm7 changes its address. Needs root, ip(8) and tcpdump. Exit codes: 0 done; 1 not possible here, or traffic that failed.
"""
import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True

import lab
from labnet import fabric, namespaces, topology, traffic
from labnet.namespaces import Missing
from labnet.traffic import Talk

SNAP_OCTETS = 96
LISTENING_SECONDS = 20
PHASE_SECONDS = 3
MOVED, HANDED_FROM, HANDED_TO, READDRESSED = "vm1", "vm4", "vm8", "vm7"
HANDED = topology.VMS[HANDED_FROM].address
NEW_ADDRESSES = {HANDED_FROM: "10.20.2.44", HANDED_TO: HANDED, READDRESSED: "10.20.2.77"}

WHILE_MOVING = (
    Talk("vm2", MOVED, "tcp", 8080, ask=200, answer=3_000, pause=0.1),
    Talk("vm5", MOVED, "tcp", 80, ask=300, answer=5_000, pause=0.1),
    Talk("vm3", MOVED, "udp", 53, ask=32, answer=120, pause=0.1),
    Talk("vm6", MOVED, "udp", 514, ask=180, pause=0.1),
    Talk(MOVED, "vm6", "ping", pause=0.1))


def talks_with(addresses: dict[str, str]) -> tuple[Talk, ...]:
    """Conversations with the machines whose addresses change, from both hosts and subnets, at the addresses that hold now.

    Some go on from a port that belongs to the address, and pings have none: the 5-tuple of before and after a handover is one, within one window.
    """
    port = {server: 40_000 + int(addresses[server].rsplit(".")[-1]) for server in NEW_ADDRESSES}
    return tuple(
        talk for server in (HANDED_FROM, HANDED_TO, READDRESSED) for talk in (
            Talk("vm2", server, "tcp", 6379, ask=100, answer=900, pause=0.1, to=addresses[server]),
            Talk("vm3", server, "udp", 5353, ask=60, answer=300, pause=0.1, to=addresses[server]),
            Talk("vm5", server, "udp", 5514, ask=180, pause=0.1, to=addresses[server]),
            Talk("vm2", server, "udp", 5515, ask=80, answer=200, pause=0.1, to=addresses[server], source_port=port[server]),
            Talk("vm5", server, "tcp", 6380, ask=100, answer=400, pause=0.1, to=addresses[server], source_port=port[server]),
            Talk("vm6", server, "ping", pause=0.2, to=addresses[server])))


@contextlib.contextmanager
def recorded(folder: Path):
    """tcpdump at each capture interface, from the moment that all of them listen until all of them have written what they were given."""
    dumps = []
    for nic in topology.CAPTURE:
        file = folder / f"{nic.label}.pcap"
        file.unlink(missing_ok=True)
        dumps.append(subprocess.Popen(
            ["ip", "netns", "exec", nic.namespace, "tcpdump", "-i", nic.name, "-s", str(SNAP_OCTETS), "-B", "65536", "--immediate-mode", "-U",
             "-w", str(file)], stderr=subprocess.DEVNULL))
    until = time.monotonic() + LISTENING_SECONDS
    while not all((folder / f"{nic.label}.pcap").exists() for nic in topology.CAPTURE):
        if time.monotonic() > until or any(dump.poll() is not None for dump in dumps):
            raise Missing("tcpdump does not record; is it installed? (Debian: apt-get install tcpdump)")
        time.sleep(0.05)
    try:
        yield
        time.sleep(1)
    finally:
        for dump in dumps:
            dump.send_signal(signal.SIGINT)
        for dump in dumps:
            dump.wait()


def played(talks: tuple[Talk, ...], meanwhile=None) -> None:
    failures = []

    def play():
        try:
            failures.extend(result for result in traffic.play(talks, PHASE_SECONDS) if result["error"])
        except traffic.TrafficFailed as e:
            failures.append(e)

    player = threading.Thread(target=play)
    player.start()
    if meanwhile:
        time.sleep(PHASE_SECONDS / 2)
        meanwhile()
    player.join()
    if failures:
        raise traffic.TrafficFailed(f"A conversation failed: {failures[0]}")


def readdress() -> int:
    """Changes the addresses of three machines at once; returns the time, microseconds since the epoch, at which nobody had any."""
    for vm in NEW_ADDRESSES:
        namespaces.ip("-n", topology.PREFIX + vm, "addr", "flush", "dev", "eth0")
    time.sleep(0.2)
    changed_us = time.time_ns() // 1000
    time.sleep(0.2)
    for vm, address in NEW_ADDRESSES.items():
        subnet = topology.VMS[vm].subnet
        namespaces.ip("-n", topology.PREFIX + vm, batch=[
            f"addr add {subnet.interface(address)} dev eth0", f"route replace default via {subnet.gateway}"])
    for node in topology.NODES:  # or old neighbours would be asked first
        namespaces.ip("-n", topology.PREFIX + node, "neigh", "flush", "all")
    return changed_us


def text(us: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(us // 1_000_000)) + f".{us % 1_000_000:06d}Z"


def inventory(moved_us: int, changed_us: int) -> dict:
    """What held when, in the form of docs/56-inventory.md."""
    machines = []
    for vm, nic in topology.VMS.items():
        host, place = topology.host_of(nic), {"name": vm}
        card = {"mac": nic.mac, "addresses": [nic.address], "vlan": nic.vlan}
        if vm == MOVED:
            machines.append({**place, "host": host, "valid_to": text(moved_us), "interfaces": [card]})
            machines.append({**place, "host": topology.HOSTS[1], "valid_from": text(moved_us), "interfaces": [card]})
        elif vm in NEW_ADDRESSES:
            machines.append({**place, "host": host, "valid_to": text(changed_us), "interfaces": [card]})
            machines.append({**place, "host": host, "valid_from": text(changed_us),
                             "interfaces": [{**card, "addresses": [NEW_ADDRESSES[vm]]}]})
        else:
            machines.append({**place, "host": host, "interfaces": [card]})
    return {"virtual_machines": machines,
            "hosts": [{"name": host, "sensors": [f"capvm{i}"]} for i, host in enumerate(topology.HOSTS, 1)]}


def pairs(truth: dict) -> list[dict]:
    """Packets and octets from machine to machine, by the NICs that sent and received them: no address is looked at.

    Where one 5-tuple had several senders or several receivers, the other side had one, and the counts of those that changed tell.
    """
    packets, octets = Counter(), Counter()
    for flow in truth["flows"]:
        for way in ("a2b", "b2a"):
            senders, receivers = flow[way].get("sent_by", {}), flow[way].get("received_by", {})
            if not senders or not receivers:
                continue
            if flow[way]["packets"] != sum(count for count, _ in receivers.values()) or min(len(senders), len(receivers)) > 1:
                raise traffic.TrafficFailed(f"Nobody can tell who sent what to whom, or frames were lost: {flow}")
            counts = senders if len(senders) > 1 else receivers
            for sender in senders:
                for receiver in receivers:
                    pair = sender.split(".")[0], receiver.split(".")[0]
                    packets[pair] += counts[sender if counts is senders else receiver][0]
                    octets[pair] += counts[sender if counts is senders else receiver][1]
    return [{"from": one, "to": other, "packets": packets[one, other], "octets": octets[one, other]} for one, other in sorted(packets)]


def record(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    namespaces.check()
    lab.clear()
    times = {}
    try:
        lab.build()
        with recorded(folder):
            played(WHILE_MOVING, lambda: times.update(fabric.ask("move", vm=MOVED, host=topology.HOSTS[1])))
            played(talks_with({vm: topology.VMS[vm].address for vm in NEW_ADDRESSES}))
            times["changed_us"] = readdress()
            played(talks_with(NEW_ADDRESSES))
            time.sleep(1)
            truth = fabric.ask("truth")
    finally:
        lab.clear()
    (folder / "inventory.json").write_text(json.dumps(inventory(**times), indent=1) + "\n")
    lines = ",\n".join("  " + json.dumps(pair) for pair in pairs(truth))
    (folder / "pairs.json").write_text('{"about": "What each machine sent to each other one, by NIC: packets, and octets from the IP header on.",\n'
                                       f' "pairs": [\n{lines}\n]}}\n')


def main() -> int:
    parser = argparse.ArgumentParser(prog="moves.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the captures, inventory.json and pairs.json go")
    options = parser.parse_args()
    try:
        if os.geteuid():
            raise Missing("Not root. The lab makes network namespaces and interfaces; run it with sudo.")
        record(options.folder)
        return 0
    except (Missing, fabric.NotUp, traffic.TrafficFailed, OSError) as e:
        print(e, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
