package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * Where the IP header ends: each protocol that has ports reads its own, tunnels are layers of their own, all others are
 * complete.
 *
 * <p>Here an IP header is already there, so what is missing or wrong behind it never costs the packet: it costs the ports.
 */
final class Transport {

    private Transport() {}

    static Layer read(Cursor cursor, PacketHeader header, Encapsulations encapsulations) {
        return switch (header.protocol) {
            case IpProtocol.TCP -> Tcp.read(cursor, header);
            case IpProtocol.UDP -> Udp.read(cursor, header, encapsulations);
            case IpProtocol.UDP_LITE -> Udp.readLite(cursor, header);
            case IpProtocol.SCTP -> Sctp.read(cursor, header);
            case IpProtocol.DCCP -> Dccp.read(cursor, header);
            case IpProtocol.ICMP ->
                header.family == PacketHeader.FAMILY_IPV4 ? Icmp.read(cursor, header) : cursor.end(Outcome.DECODED);
            case IpProtocol.ICMPV6 ->
                header.family == PacketHeader.FAMILY_IPV6 ? Icmpv6.read(cursor, header) : cursor.end(Outcome.DECODED);
            case IpProtocol.GRE -> Layer.GRE;
            case IpProtocol.IPV4 -> Layer.IPV4_IN_IP;
            case IpProtocol.IPV6 -> Layer.IPV6_IN_IP;
            case IpProtocol.MPLS -> Layer.MPLS_IN_IP;
            default -> cursor.end(Outcome.DECODED);
        };
    }

    /** Nothing known yet of what follows an IP header; a header may hold what the last packet left. */
    static void clear(PacketHeader header) {
        header.status = 0;
        header.sourcePort = 0;
        header.destinationPort = 0;
        header.icmpCode = 0;
        header.tcpSequence = 0;
        header.tcpAcknowledgment = 0;
        header.tcpWindow = 0;
        header.tcpControlBits = 0;
    }

    /** Source and destination port are the first four octets of TCP, UDP, UDP-Lite, DCCP and SCTP alike. */
    static void ports(Cursor cursor, PacketHeader header) {
        int ports = cursor.int32(0);
        header.sourcePort = ports >>> Short.SIZE;
        header.destinationPort = ports & 0xffff;
    }

    /** The ports are known, the transport header has {@code length} octets. */
    static Layer complete(Cursor cursor, PacketHeader header, int length) {
        if (cursor.has(length)) {
            header.octetsHeader += length;
            return cursor.end(Outcome.DECODED);
        }
        header.octetsHeader += Math.min(length, cursor.remaining());
        if (!cursor.spans(length)) {
            return cursor.end(Outcome.DECODED_TRANSPORT_MALFORMED);
        }
        header.status |= PacketHeader.STATUS_TRUNCATED;
        return cursor.end(Outcome.DECODED_TRANSPORT_CUT_OFF);
    }

    /** The {@code count} octets with the ports are not there: cut off, or the IP length leaves no room for them. */
    static Layer lacks(Cursor cursor, PacketHeader header, int count) {
        if (!cursor.spans(count)) {
            return malformed(cursor, header);
        }
        header.status |= PacketHeader.STATUS_TRUNCATED;
        markPortsUnknown(header);
        return cursor.end(Outcome.DECODED_PORTS_CUT_OFF);
    }

    static Layer malformed(Cursor cursor, PacketHeader header) {
        markPortsUnknown(header);
        return cursor.end(Outcome.DECODED_TRANSPORT_MALFORMED);
    }

    /** A protocol without ports has none to be unknown: its flow is the same however much was captured. */
    private static void markPortsUnknown(PacketHeader header) {
        if (IpProtocol.hasPorts(header)) {
            header.status |= PacketHeader.STATUS_PORTS_UNKNOWN;
        }
    }
}
