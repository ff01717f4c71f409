"""An independent witness for the tests: frames as a capture program would get them, and their headers read anew."""
import re
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from labnet.namespaces import inside
from labnet.topology import Nic

SOL_PACKET, PACKET_AUXDATA, SO_RCVBUFFORCE = 263, 8, 33
TP_STATUS_VLAN_VALID = 0x10
EVERY_TYPE = 3  # ETH_P_ALL
BUFFER_OCTETS = 64 << 20


class Recording:
    """A packet socket on a NIC. The kernel takes a VLAN tag off into the socket's control data; it is put back here, as libpcap does."""

    def __init__(self, nic: Nic):
        with inside(nic.namespace):
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERY_TYPE))
            self._socket.bind((nic.name, EVERY_TYPE))
        self._socket.setblocking(False)
        self._socket.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_OCTETS)
        self.frames = []

    def drain(self) -> list[bytes]:
        """All frames so far. The switches put a frame here before they count it, so what was counted is here."""
        try:
            while True:
                octets, control, _, _ = self._socket.recvmsg(65536, 64)
                status, _, _, _, _, tag, _ = struct.unpack("IIIHHHH", control[0][2])
                if status & TP_STATUS_VLAN_VALID:
                    octets = octets[:12] + b"\x81\x00" + struct.pack(">H", tag) + octets[12:]
                self.frames.append(octets)
        except BlockingIOError:
            return self.frames

    def close(self) -> None:
        self._socket.close()


@dataclass(frozen=True)
class Ipv4:
    """A frame's IPv4 packet, and the VLAN (None: untagged) and MAC addresses that it came with."""

    vlan: int | None
    to_mac: bytes
    from_mac: bytes
    ttl: int
    protocol: int
    source: str
    destination: str
    octets: int
    offset: int  # of a fragment
    payload: bytes

    @property
    def flow(self) -> tuple:
        """(protocol, source, port, destination, port) of a packet that is no later fragment."""
        ports = struct.unpack_from(">HH", self.payload) if self.protocol in (6, 17) else (0, 0)
        return self.protocol, self.source, ports[0], self.destination, ports[1]


def ipv4(frame: bytes) -> Ipv4 | None:
    vlan, at = None, 14
    if frame[12:14] == b"\x81\x00":
        vlan, at = struct.unpack_from(">H", frame, 14)[0] & 0xFFF, 18
    if frame[at - 2:at] != b"\x08\x00":
        return None
    first, _, octets, _, fragment, ttl, protocol, _, source, destination = struct.unpack_from(">BBHHHBBH4s4s", frame, at)
    return Ipv4(vlan, frame[:6], frame[6:12], ttl, protocol, socket.inet_ntoa(source), socket.inet_ntoa(destination), octets,
                (fragment & 0x1FFF) * 8, frame[at + (first & 15) * 4:at + octets])


def packets(frames: list[bytes], protocol: int) -> list[Ipv4]:
    return [packet for packet in map(ipv4, frames) if packet and packet.protocol == protocol]


@dataclass(frozen=True)
class Copy:
    """A mirrored copy, unwrapped. Absent fields are None."""

    kind: str
    sender: str
    key: int | None = None
    sequence: int | None = None
    vlan: int | None = None
    session: int | None = None
    cut: bool | None = None
    delivered: bool | None = None
    frame: bytes = b""


def copy_of(outer: Ipv4) -> Copy:
    flags, kind = struct.unpack_from(">HH", outer.payload)
    if kind == 0x6558:
        assert flags == 0x2000, f"{flags:x}"
        return Copy("gre", outer.source, key=struct.unpack_from(">I", outer.payload, 4)[0], frame=outer.payload[8:])
    assert flags == 0x1000, f"{flags:x}"
    sequence, version, session = struct.unpack_from(">IHH", outer.payload, 4)
    found = dict(sender=outer.source, sequence=sequence, vlan=version & 0xFFF, session=session & 0x3FF, cut=bool(session & 0x400))
    if kind == 0x88BE:
        assert version >> 12 == 1
        return Copy("erspan2", **found, frame=outer.payload[16:])
    assert (kind, version >> 12) == (0x22EB, 2)
    return Copy("erspan3", **found, delivered=bool(outer.payload[19] & 0x08), frame=outer.payload[20:])


def ones_complement_sum(octets: bytes) -> int:
    """0xFFFF for a header whose checksum is right (RFC 1071)."""
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    return (total & 0xFFFF) + (total >> 16)


def frames_by_kernel(nic: Nic) -> tuple[int, int]:
    """(sent, dropped while sending), as the VM's own kernel counts."""
    with inside(nic.namespace):
        line = re.search(rf"^\s*{nic.name}:(.*)$", Path("/proc/thread-self/net/dev").read_text(), re.MULTILINE)[1].split()
    return int(line[9]), int(line[11])
