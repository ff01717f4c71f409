"""Just enough of a frame's headers to switch it and to know its 5-tuple.

Ethernet, 802.1Q (IEEE 802.1Q-2018, 9.6) and IPv4 without options (RFC 791), offsets in octets:

    0       6      12     14             14+9      14+12  14+16  14+20
    +-------+------+------+--------------+---------+------+------+-------+
    | to    | from | type | IPv4 ...     | protocol| from | to   | ports |
    +-------+------+------+--------------+---------+------+------+-------+
                    \\ 0x8100, tag control (3 bits priority, 1 bit, 12 bits VLAN), then the type

A key is protocol, addresses and ports as they stand in the packet: 13 octets of one direction. Protocols without ports have zeroes there.
"""
import socket
import struct

TAG_TYPE = b"\x81\x00"
IPV4_TYPE = b"\x08\x00"
IPV4_NO_OPTIONS = b"\x08\x00\x45"
PORTED = (6, 17, 132)  # TCP, UDP, SCTP
NO_PORTS = b"\0\0\0\0"
REMEMBERED_FRAGMENTS = 4096  # datagrams under way at once; the oldest is forgotten, its later fragments then have no ports
TAGS = [TAG_TYPE + struct.pack(">H", vlan) for vlan in range(4096)]


class Frame:
    """A frame inside a switch: untagged octets, and the VLAN beside them."""

    __slots__ = ("octets", "vlan", "key", "_tagged")

    def __init__(self, octets: bytes, vlan: int, key: bytes | None):
        self.octets = octets
        self.vlan = vlan
        self.key = key
        self._tagged = None

    def tagged(self) -> bytes:
        """As it is on a trunk; built once, however many trunk ports it leaves by. VLAN 0 is untagged there."""
        if self._tagged is None:
            octets = self.octets
            self._tagged = octets[:12] + TAGS[self.vlan] + octets[12:] if self.vlan else octets
        return self._tagged


def untagged(octets: bytes) -> tuple[bytes, int]:
    """What came on a trunk: the frame without its tag, and its VLAN (0: it had none)."""
    if octets[12:14] != TAG_TYPE or len(octets) < 18:
        return octets, 0
    return octets[:12] + octets[16:], struct.unpack_from(">H", octets, 14)[0] & 0x0FFF


class KeyReader:
    """Reads keys; remembers the ports of first fragments, since later ones do not carry them."""

    def __init__(self):
        self._ports = {}

    def key(self, octets: bytes) -> bytes | None:
        """The key of an IPv4 packet; None for everything else (ARP, IPv6, which the lab's nodes have switched off)."""
        if octets[12:15] == IPV4_NO_OPTIONS and octets[23] in PORTED and not (octets[20] & 0x3F or octets[21]) and len(octets) >= 38:
            return octets[23:24] + octets[26:38]
        if octets[12:14] != IPV4_TYPE or len(octets) < 34:
            return None
        return octets[23:24] + octets[26:34] + self._ports_of(octets)

    def _ports_of(self, octets: bytes) -> bytes:
        if octets[23] not in PORTED:
            return NO_PORTS
        fragment = struct.unpack_from(">H", octets, 20)[0]
        datagram = octets[18:20] + octets[23:24] + octets[26:34]
        if fragment & 0x1FFF:  # offset: not the first
            return self._ports.get(datagram, NO_PORTS)
        at = 14 + (octets[14] & 15) * 4
        ports = octets[at:at + 4].ljust(4, b"\0")
        if fragment & 0x2000:  # more fragments follow
            if len(self._ports) >= REMEMBERED_FRAGMENTS:
                del self._ports[next(iter(self._ports))]
            self._ports[datagram] = ports
        return ports


def octets_ip(octets: bytes) -> int:
    """IPv4 total length: header and payload, without Ethernet and without padding."""
    return octets[16] << 8 | octets[17]


def reverse(key: bytes) -> bytes:
    return key[:1] + key[5:9] + key[1:5] + key[11:13] + key[9:11]


def parts(key: bytes) -> tuple[int, str, int, str, int]:
    """(protocol, sender, sender's port, receiver, receiver's port)."""
    from_port, to_port = struct.unpack_from(">HH", key, 9)
    return key[0], socket.inet_ntoa(key[1:5]), from_port, socket.inet_ntoa(key[5:9]), to_port


def mac_octets(mac: str) -> bytes:
    return bytes.fromhex(mac.replace(":", ""))


def reverse_arp(mac: bytes) -> bytes:
    """A RARP request (RFC 903) by which a host tells the network where a NIC is now; nobody answers it."""
    about = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 3) + mac + bytes(4) + mac + bytes(4)
    return (b"\xff" * 6 + mac + b"\x80\x35" + about).ljust(60, b"\0")
