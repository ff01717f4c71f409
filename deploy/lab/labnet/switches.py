"""Virtual and physical switches, and their ports.

All switches live in one process, so the cables between them are function calls and cost no copy through the kernel. They form a tree: a
frame that enters one of them ends at ports that leave the process, without a loop.
"""
import os

from .headers import TAG_TYPE, Frame, KeyReader, untagged
from .ledger import NicLedger

LONGEST_FRAME_OCTETS = 9216
SHORTEST_FRAME_OCTETS = 14


class Port:
    """Where frames enter and leave a switch. `vlan` is that of an access port; a trunk port has None and carries 0 to 4094."""

    def __init__(self, name: str, switch: "VirtualSwitch | PhysicalSwitch", vlan: int | None):
        self.name = name
        self.switch = switch
        self.vlan = vlan
        self.frames_in = self.frames_out = self.dropped_in = self.dropped_out = 0

    def send(self, frame: Frame) -> None:
        """A frame leaves the switch here."""
        raise NotImplementedError

    def carries(self, vlan: int) -> bool:
        return self.vlan is None or self.vlan == vlan

    def counters(self) -> dict:
        return {"port": self.name, "vlan": self.vlan if self.vlan is not None else "0-4094", "frames_in": self.frames_in,
                "frames_out": self.frames_out, "dropped_in": self.dropped_in, "dropped_out": self.dropped_out}


class TapPort(Port):
    """A NIC of a namespace: what its kernel sends is read here. No offload is on, so frames have their real sizes and checksums."""

    def __init__(self, name, switch, vlan, descriptor: int, keys: KeyReader, ledger: NicLedger):
        super().__init__(name, switch, vlan)
        self.descriptor = descriptor
        self.keys = keys
        self.ledger = ledger
        self.mirrors = ()

    def drain(self, most: int) -> None:
        """Takes at most that many frames, so that one busy port does not starve the others."""
        read, descriptor = os.read, self.descriptor
        try:
            for _ in range(most):
                self._take(read(descriptor, LONGEST_FRAME_OCTETS))
        except BlockingIOError:
            pass

    def _take(self, octets: bytes) -> None:
        self.frames_in += 1
        vlan = self.vlan
        if len(octets) < SHORTEST_FRAME_OCTETS or vlan is not None and octets[12:14] == TAG_TYPE:
            self.dropped_in += 1  # a guest behind an access port must not tag
            return
        if vlan is None:
            octets, vlan = untagged(octets)
        key = self.keys.key(octets)
        self.ledger.sent(key, octets)
        frame = Frame(octets, vlan, key)
        for mirror in self.mirrors:
            mirror.copy(frame, sent=True)
        self.switch.receive(self, frame)

    def send(self, frame: Frame) -> None:
        try:
            os.write(self.descriptor, frame.octets if self.vlan is not None else frame.tagged())
        except OSError:  # the interface is down, or the kernel is out of memory
            self.dropped_out += 1
            return
        self.frames_out += 1
        key = frame.key
        if key is not None:
            self.ledger.got(key, frame.octets)
        for mirror in self.mirrors:
            mirror.copy(frame, sent=False)


class CablePort(Port):
    """One end of a trunk cable between two switches."""

    peer: "CablePort"

    def send(self, frame: Frame) -> None:
        self.frames_out += 1
        peer = self.peer
        peer.frames_in += 1
        peer.switch.receive(peer, frame)


class KernelAdapterPort(Port):
    """A host's own adapter: mirrored copies enter the network by it; what comes to it has arrived."""

    def send(self, frame: Frame) -> None:
        self.frames_out += 1

    def emit(self, octets: bytes) -> None:
        self.frames_in += 1
        self.switch.receive(self, Frame(octets, self.vlan, None))


class VirtualSwitch:
    """A hypervisor's switch: it knows its ports' MAC addresses and learns none.

    So unicast to a foreign address leaves by the uplink and nowhere else, and what comes in by the uplink never goes back there. Capture
    ports are promiscuous: each frame that passes the switch goes to them once, whoever it is for.
    """

    def __init__(self, name: str):
        self.name = name
        self.ports = []
        self._owners = {}
        self._members = {}
        self._captures = []
        self._uplink = None

    def attach(self, port: Port, mac: bytes) -> None:
        self.ports.append(port)
        self._owners[port.vlan, mac] = port
        self._members.setdefault(port.vlan, []).append(port)

    def detach(self, port: Port, mac: bytes) -> None:
        self.ports.remove(port)
        del self._owners[port.vlan, mac]
        self._members[port.vlan].remove(port)

    def attach_capture(self, port: Port) -> None:
        self.ports.append(port)
        self._captures.append(port)

    def attach_cable(self, port: CablePort) -> None:
        self.ports.append(port)
        self._uplink = port

    def receive(self, source: Port, frame: Frame) -> None:
        for capture in self._captures:
            if capture is not source:
                capture.send(frame)
        octets, uplink = frame.octets, self._uplink
        if octets[0] & 1:
            for port in self._members.get(frame.vlan, ()):
                if port is not source:
                    port.send(frame)
        elif owner := self._owners.get((frame.vlan, octets[:6])):
            if owner is not source:
                owner.send(frame)
            return
        if source is not uplink:
            uplink.send(frame)


class PhysicalSwitch:
    """An 802.1Q switch that learns (VLAN, MAC), the newest place of each, and floods what it has not learned. It forgets nothing."""

    def __init__(self, name: str):
        self.name = name
        self.ports = []
        self._learned = {}

    def attach(self, port: Port, mac: bytes) -> None:
        """`mac` is learned from frames, as in the real one, but for a port that never sends and so could not be learned."""
        self.ports.append(port)
        if port.vlan is not None:
            self._learned[port.vlan, mac] = port

    def attach_cable(self, port: CablePort) -> None:
        self.ports.append(port)

    def receive(self, source: Port, frame: Frame) -> None:
        octets, vlan = frame.octets, frame.vlan
        self._learned[vlan, octets[6:12]] = source
        if not octets[0] & 1 and (known := self._learned.get((vlan, octets[:6]))):
            if known is not source:
                known.send(frame)
            return
        for port in self.ports:
            if port is not source and port.carries(vlan):
                port.send(frame)
