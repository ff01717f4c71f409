package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * The packet that an ICMP or ICMPv6 error quotes, RFC 792 and RFC 4443: its IP header and at least eight octets behind it,
 * enough for its ports. It names the flow that the error is about.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |     Type      |     Code      |          Checksum             |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |         unused, or pointer, gateway, next-hop MTU             |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |   IP header with options or extension headers, as it was      |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |   8 octets or more of what followed: the ports, ICMP's type   |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>All or nothing: where anything up to the ports is missing or impossible, {@link PacketHeader#quotedFamily} stays 0 and
 * the error is what it would be without a quotation. The quoted lengths are not looked at: the packet was cut on purpose,
 * and senders are known to quote its total length in the wrong byte order. No quotation of a later fragment, which has no
 * ports, and of an ICMP message without a counterpart: no error is sent about an error (RFC 1122 section 3.2.2).
 */
final class Quotation {

    private static final int START = 8;

    private static final int FRAGMENT_4 = 6;
    private static final int PROTOCOL_4 = 9;
    private static final int NEXT_HEADER_6 = 6;

    /** RFC 8200 section 4.1 knows six kinds; a quotation with more is not worth the time. */
    private static final int MAX_EXTENSIONS = 6;

    private static final int PORTS_LENGTH = 4;

    private Quotation() {}

    /** Reads what the ICMP message at the cursor quotes, which is the last thing that is read of a frame. */
    static void read(Cursor cursor, PacketHeader header) {
        cursor.advance(START);
        boolean isRead =
                header.family == PacketHeader.FAMILY_IPV4 ? readIpv4(cursor, header) : readIpv6(cursor, header);
        if (isRead) {
            header.quotedFamily = header.family;
        }
    }

    private static boolean readIpv4(Cursor cursor, PacketHeader header) {
        if (!cursor.has(Ipv4.MIN_LENGTH)) {
            return false;
        }
        int versionAndLength = cursor.uint8(0);
        int headerLength = (versionAndLength & 0x0f) * Integer.BYTES;
        boolean isLaterFragment = (cursor.uint16(FRAGMENT_4) & Ipv4.FRAGMENT_OFFSET) != 0;
        if (versionAndLength >>> 4 != Ipv4.VERSION
                || headerLength < Ipv4.MIN_LENGTH
                || !cursor.has(headerLength)
                || isLaterFragment) {
            return false;
        }
        header.quotedSourceHigh = 0;
        header.quotedSourceLow = cursor.uint32(Ipv4.SOURCE);
        header.quotedDestinationHigh = 0;
        header.quotedDestinationLow = cursor.uint32(Ipv4.DESTINATION);
        header.quotedProtocol = cursor.uint8(PROTOCOL_4);
        cursor.advance(headerLength);
        return readPorts(cursor, header);
    }

    private static boolean readIpv6(Cursor cursor, PacketHeader header) {
        if (!cursor.has(Ipv6.LENGTH) || cursor.uint8(0) >>> 4 != Ipv6.VERSION) {
            return false;
        }
        header.quotedSourceHigh = cursor.int64(Ipv6.SOURCE);
        header.quotedSourceLow = cursor.int64(Ipv6.SOURCE + Long.BYTES);
        header.quotedDestinationHigh = cursor.int64(Ipv6.DESTINATION);
        header.quotedDestinationLow = cursor.int64(Ipv6.DESTINATION + Long.BYTES);
        header.quotedProtocol = cursor.uint8(NEXT_HEADER_6);
        cursor.advance(Ipv6.LENGTH);
        return passExtensions(cursor, header) && readPorts(cursor, header);
    }

    /** Leaves the protocol behind the extension headers in the header; false where that cannot be told or has no ports. */
    private static boolean passExtensions(Cursor cursor, PacketHeader header) {
        for (int i = 0; IpProtocol.isExtension(header.quotedProtocol); i++) {
            if (i == MAX_EXTENSIONS || !cursor.has(Ipv6Extensions.UNIT)) {
                return false;
            }
            int kind = header.quotedProtocol;
            int length = Ipv6Extensions.lengthOf(cursor, kind);
            boolean isLaterFragment = kind == IpProtocol.FRAGMENT
                    && (cursor.uint16(Ipv6Extensions.FRAGMENT_FIELD) & Ipv6Extensions.OFFSET) != 0;
            if (isLaterFragment || !cursor.has(length)) {
                return false;
            }
            header.quotedProtocol = cursor.uint8(0);
            cursor.advance(length);
        }
        return true;
    }

    /** Ports as the quoted packet's own header would have them; 0 for protocols without. */
    private static boolean readPorts(Cursor cursor, PacketHeader header) {
        header.quotedSourcePort = 0;
        header.quotedDestinationPort = 0;
        boolean isIpv4 = header.family == PacketHeader.FAMILY_IPV4;
        return switch (header.quotedProtocol) {
            case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDP_LITE, IpProtocol.DCCP, IpProtocol.SCTP ->
                readTransportPorts(cursor, header);
            case IpProtocol.ICMP ->
                !isIpv4 || (cursor.has(1) && pair(header, cursor, Icmp.counterpart(cursor.uint8(0))));
            case IpProtocol.ICMPV6 ->
                isIpv4 || (cursor.has(1) && pair(header, cursor, Icmpv6.counterpart(cursor.uint8(0))));
            default -> true;
        };
    }

    private static boolean readTransportPorts(Cursor cursor, PacketHeader header) {
        if (!cursor.has(PORTS_LENGTH)) {
            return false;
        }
        int ports = cursor.int32(0);
        header.quotedSourcePort = ports >>> Short.SIZE;
        header.quotedDestinationPort = ports & 0xffff;
        return true;
    }

    private static boolean pair(PacketHeader header, Cursor cursor, int counterpart) {
        if (counterpart == Icmp.ONE_WAY) {
            return false;
        }
        header.quotedSourcePort = cursor.uint8(0);
        header.quotedDestinationPort = counterpart;
        return true;
    }
}
