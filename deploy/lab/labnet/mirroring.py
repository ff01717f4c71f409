"""Mirror sessions: copies of chosen VMs' frames, wrapped as a distributed switch does and sent to the collector.

The wrappings, outer Ethernet and IPv4 header (protocol 47) left out:

    gre      GRE (RFC 2784, 2890) with a key and no sequence number, transparent Ethernet (0x6558). The key tells the direction, as seen
             in copies of a vSphere distributed switch: 0x02000000 sent by the VM, 0 delivered to it.
    erspan2  GRE with a sequence number, type 0x88BE, then 8 octets (draft-foschiano-erspan-03)
    erspan3  GRE with a sequence number, type 0x22EB, then 12 octets (the same draft)

    ERSPAN II and III begin alike; III goes on with timestamp, SGT and flags:
     0                   1                   2                   3
     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    | version | VLAN            | COS | EN  |T|     session          |
    | II: reserved, index       | III: timestamp, 100 us             |
    | III: SGT                      |P| type  | hardware |D|Gra|O|

T: the copy was cut. D: 1 if the frame was delivered to the VM. P: an Ethernet frame follows. EN 0: the frame had no tag at its port.
"""
import socket
import struct
import time
from dataclasses import dataclass

from .headers import Frame, mac_octets
from .switches import KernelAdapterPort

ENCAPSULATIONS = ("gre", "erspan2", "erspan3")
SHORTEST_TRUNCATION_OCTETS = 60  # what vSphere takes at least as mirrored packet length
GRE_PROTOCOL = 47
TRANSPARENT_ETHERNET, ERSPAN_2, ERSPAN_3 = 0x6558, 0x88BE, 0x22EB
KEY_PRESENT, SEQUENCE_PRESENT = 0x2000, 0x1000
KEY_SENT, KEY_DELIVERED = 0x02000000, 0


@dataclass(frozen=True)
class MirrorSettings:
    session: int  # 1 to 1023, which is what ERSPAN has room for
    vms: tuple[str, ...]
    encapsulation: str
    truncate: int  # octets of a frame that are copied; 0: all
    sample: int  # one frame of so many


class MirrorSender:
    """One host's part of a mirror session. Sequence numbers and sampling count by host, for each host is a sender of its own."""

    def __init__(self, settings: MirrorSettings, host: str, mac: str, address: str, collector_mac: str, collector: str,
                 adapter: KernelAdapterPort):
        self.settings = settings
        self.host = host
        self.address = address
        self.seen = self.sent = 0
        self._adapter = adapter
        self._ethernet = mac_octets(collector_mac) + mac_octets(mac) + b"\x08\x00"
        self._ends = socket.inet_aton(address) + socket.inet_aton(collector)
        self._wrap = {"gre": self._gre, "erspan2": self._erspan2, "erspan3": self._erspan3}[settings.encapsulation]

    def copy(self, frame: Frame, sent: bool) -> None:
        self.seen += 1
        if (self.seen - 1) % self.settings.sample:
            return
        cut = self.settings.truncate
        octets = frame.octets[:cut] if cut else frame.octets
        inner = self._wrap(frame.vlan, sent, len(octets) < len(frame.octets)) + octets
        self._adapter.emit(self._ethernet + self._ipv4(20 + len(inner)) + inner)
        self.sent += 1

    def _ipv4(self, octets: int) -> bytes:
        """Identification counts up by one a copy: where GRE has no sequence number, it is the only sign of a lost copy."""
        head = struct.pack(">BBHHHBB", 0x45, 0, octets, self.sent & 0xFFFF, 0, 64, GRE_PROTOCOL)
        total = sum(struct.unpack(">9H", head + self._ends))
        total = (total & 0xFFFF) + (total >> 16)
        return head + struct.pack(">H", ~(total + (total >> 16)) & 0xFFFF) + self._ends

    def _gre(self, vlan: int, sent: bool, cut: bool) -> bytes:
        return struct.pack(">HHI", KEY_PRESENT, TRANSPARENT_ETHERNET, KEY_SENT if sent else KEY_DELIVERED)

    def _erspan2(self, vlan: int, sent: bool, cut: bool) -> bytes:
        return struct.pack(">HHIHHI", SEQUENCE_PRESENT, ERSPAN_2, self.sent & 0xFFFFFFFF, 1 << 12 | vlan, self._session(cut), 0)

    def _erspan3(self, vlan: int, sent: bool, cut: bool) -> bytes:
        ticks = time.time_ns() // 100_000 & 0xFFFFFFFF
        return struct.pack(">HHIHHIHH", SEQUENCE_PRESENT, ERSPAN_3, self.sent & 0xFFFFFFFF, 2 << 12 | vlan, self._session(cut), ticks, 0,
                           0x8000 | (0 if sent else 0x0008))

    def _session(self, cut: bool) -> int:
        return cut << 10 | self.settings.session

    def counters(self) -> dict:
        """`next_sequence` is what the next copy would carry: a collector that saw all has seen every number below it."""
        settings = self.settings
        return {"session": settings.session, "vms": list(settings.vms), "encapsulation": settings.encapsulation,
                "truncate": settings.truncate, "sample": settings.sample, "host": self.host, "from": self.address,
                "frames_seen": self.seen, "copies_sent": self.sent,
                "next_sequence": None if settings.encapsulation == "gre" else self.sent & 0xFFFFFFFF}
