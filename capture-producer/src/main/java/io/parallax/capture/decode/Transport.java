package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * Where the IP header ends: each protocol that has ports reads its own, all others are complete.
 *
 * <p>Here an IP header is already there, so what is missing or wrong behind it never costs the packet: it costs the ports.
 */
final class Transport {

    /** In TCP, UDP, UDP-Lite, DCCP and SCTP alike. */
    private static final int SOURCE_PORT = 0;

    private static final int DESTINATION_PORT = 2;

    private Transport() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        return switch (header.protocol) {
            case IpProtocol.TCP -> Tcp.read(cursor, header);
            case IpProtocol.UDP, IpProtocol.UDP_LITE -> Udp.read(cursor, header);
            case IpProtocol.SCTP -> Sctp.read(cursor, header);
            case IpProtocol.DCCP -> Dccp.read(cursor, header);
            case IpProtocol.ICMP ->
                header.family == PacketHeader.FAMILY_IPV4 ? Icmp.read(cursor, header) : cursor.end(Outcome.DECODED);
            case IpProtocol.ICMPV6 ->
                header.family == PacketHeader.FAMILY_IPV6 ? Icmpv6.read(cursor, header) : cursor.end(Outcome.DECODED);
            default -> cursor.end(Outcome.DECODED);
        };
    }

    static void ports(Cursor cursor, PacketHeader header) {
        header.sourcePort = cursor.uint16(SOURCE_PORT);
        header.destinationPort = cursor.uint16(DESTINATION_PORT);
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
