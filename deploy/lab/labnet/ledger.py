"""What was truly sent, counted where it is certain: as each frame leaves the NIC that sent it.

A capture sees a packet once, twice, or not at all; the NIC sent it once. So Parallax's flows can be judged against this.
"""
from .headers import octets_ip, parts, reverse
from .topology import CAPTURE, NICS, ROUTER, VMS, host_of, relation

ABOUT = (
    "Packets and octets (IPv4 total length) count at the NIC that sent them: the VMs', and the router's for what it sends in its own name. "
    "delivered: how many packets a VM's or the router's own NIC received. sightings: how often capture interfaces saw them. "
    "a is the endpoint with the lower (address, port). Protocols other than TCP, UDP and SCTP have ports 0; later fragments have the ports "
    "of the first. initiator: who sent the first packet.")


class Sent:
    """What one NIC sent with one key."""

    __slots__ = ("packets", "octets", "serial", "first_us", "last_us")

    def __init__(self, serial: int, now_us: int):
        self.packets = self.octets = 0
        self.serial = serial
        self.first_us = self.last_us = now_us


class Moment:
    """The fabric's time, set once for each round of its loop, and the order in which flows were first seen."""

    def __init__(self):
        self.now_us = 0
        self.serial = 0

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial


class NicLedger:
    """The books of one NIC. With `own_addresses` (a router), packets of other senders are only passed on and are not counted again."""

    def __init__(self, moment: Moment, own_addresses: frozenset[bytes] | None = None):
        self._moment = moment
        self._own_addresses = own_addresses
        self.flows = {}
        self.received = {}  # packets and octets by key
        self.frames_without_key = 0

    def sent(self, key: bytes | None, octets: bytes) -> None:
        if key is None:
            self.frames_without_key += 1
            return
        flow = self.flows.get(key)
        if flow is None:
            if self._own_addresses is not None and key[1:5] not in self._own_addresses:
                return
            flow = self.flows[key] = Sent(self._moment.next_serial(), self._moment.now_us)
        flow.packets += 1
        flow.octets += octets_ip(octets)
        flow.last_us = self._moment.now_us

    def got(self, key: bytes, octets: bytes) -> None:
        counts = self.received.get(key)
        if counts is None:
            counts = self.received[key] = [0, 0]
        counts[0] += 1
        counts[1] += octets_ip(octets)


_CAPTURE_LABELS = frozenset(nic.label for nic in CAPTURE)
_PASSING = _CAPTURE_LABELS | {nic.label for nic in ROUTER}
_VM_BY_ADDRESS = {nic.address: nic for nic in VMS.values()}
_RECEIVERS = {nic.address: nic.label for nic in NICS if nic.address}


def _direction(key: bytes, ports: dict) -> dict | None:
    """One direction of a flow over all NICs that sent it (more than one where an address was forged or handed over)."""
    senders = {label: port.ledger.flows[key] for label, port in ports.items() if key in port.ledger.flows}
    if not senders:
        return None
    receiver = ports.get(_RECEIVERS.get(parts(key)[3]))
    return {
        "packets": sum(sent.packets for sent in senders.values()),
        "bytes": sum(sent.octets for sent in senders.values()),
        "delivered": receiver.ledger.received.get(key, [0])[0] if receiver else 0,
        "sightings": {label: port.ledger.received[key][0] for label, port in ports.items()
                      if label in _CAPTURE_LABELS and key in port.ledger.received},
        "sent_by": {label: [sent.packets, sent.octets] for label, sent in sorted(senders.items())},
        "received_by": {label: port.ledger.received[key] for label, port in sorted(ports.items())
                        if label not in _PASSING and key in port.ledger.received},
        "serial": min(sent.serial for sent in senders.values()),
        "first_us": min(sent.first_us for sent in senders.values()),
        "last_us": max(sent.last_us for sent in senders.values())}


def _flow(number: int, key: bytes, ports: dict) -> dict:
    """The flow of a key whose sender is the lower endpoint."""
    protocol, a, a_port, b, b_port = parts(key)
    ways = {"a2b": _direction(key, ports), "b2a": _direction(reverse(key), ports) if key != reverse(key) else None}
    found = [way for way in ways.values() if way]
    first = min(found, key=lambda way: way["serial"])
    vms = [_VM_BY_ADDRESS.get(address) for address in (a, b)]
    flow = {
        "id": number, "proto": protocol,
        "a": {"ip": a, "port": a_port, "vm": vms[0] and vms[0].node}, "b": {"ip": b, "port": b_port, "vm": vms[1] and vms[1].node},
        "initiator": "a" if first is ways["a2b"] else "b",
        "start_us": min(way["first_us"] for way in found), "end_us": max(way["last_us"] for way in found),
        "relation": relation(*vms) if all(vms) else "no VM at one end"}
    for name, way in ways.items():
        flow[name] = {key: value for key, value in (way or {"packets": 0, "bytes": 0, "delivered": 0, "sightings": {}}).items()
                      if key not in ("serial", "first_us", "last_us")}
    return flow


def truth(ports: dict, started_us: int, now_us: int, mirrors: list) -> dict:
    """All books as one JSON document. `ports`: the TAP ports by the label of their NIC."""
    order = {}
    for port in ports.values():
        for key, sent in port.ledger.flows.items():
            protocol, a, a_port, b, b_port = parts(key)
            lower = key if (key[1:5], key[9:11]) <= (key[5:9], key[11:13]) else reverse(key)
            order[lower] = min(sent.serial, order.get(lower, sent.serial))
    nics = {label: {"frames_sent": port.frames_in, "frames_sent_not_ip": port.ledger.frames_without_key,
                    "frames_received": port.frames_out, "frames_dropped": port.dropped_in + port.dropped_out}
            for label, port in ports.items()}
    return {
        "format": 1, "about": ABOUT, "start_us": started_us, "end_us": now_us,
        "inventory": {"vms": [
            {"name": nic.node, "host": host_of(nic),
             "nics": [{"name": nic.name, "mac": nic.mac, "ip": nic.address, "vlan": nic.vlan, "vswitch": nic.switch}]}
            for nic in VMS.values()]},
        "sensors": [{"name": nic.label, "kind": "capture-nic", "vswitch": nic.switch} for nic in CAPTURE],
        "nics": nics, "mirrors": mirrors,
        "flows": [_flow(number, key, ports) for number, key in enumerate(sorted(order, key=order.get), 1)]}
