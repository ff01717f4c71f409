package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * PPP, RFC 1661 and 1662. Address and control may be absent, and a protocol number below 256 may take one octet (its lowest
 * bit is set, that of the upper octet of a long one is not).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  | Address  0xff | Control  0x03 |           Protocol            |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Ppp {

    private static final int ALL_STATIONS = 0xff;
    private static final int ADDRESS_AND_CONTROL = 2;
    private static final int PROTOCOL = 2;
    private static final int IPV4 = 0x0021;
    private static final int IPV6 = 0x0057;

    /** RFC 3032 section 4.3. */
    private static final int MPLS_UNICAST = 0x0281;

    private static final int MPLS_MULTICAST = 0x0283;

    private Ppp() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(1)) {
            return cursor.lacks(1, Outcome.MALFORMED_LINK);
        }
        int first = cursor.uint8(0);
        // A line that ran Cisco HDLC before PPP was negotiated: LINKTYPE_PPP_HDLC allows both.
        if (first == CiscoHdlc.UNICAST || first == CiscoHdlc.BROADCAST) {
            return Layer.CISCO_HDLC;
        }
        if (first == ALL_STATIONS) {
            if (!cursor.has(ADDRESS_AND_CONTROL)) {
                return cursor.lacks(ADDRESS_AND_CONTROL, Outcome.MALFORMED_LINK);
            }
            cursor.advance(ADDRESS_AND_CONTROL);
        }
        return readProtocol(cursor, header);
    }

    /** From the protocol number on. */
    static Layer readProtocol(Cursor cursor, PacketHeader header) {
        int length = cursor.has(1) && (cursor.uint8(0) & 1) == 1 ? 1 : PROTOCOL;
        if (!cursor.has(length)) {
            return cursor.lacks(length, Outcome.MALFORMED_LINK);
        }
        int protocol = length == 1 ? cursor.uint8(0) : cursor.uint16(0);
        cursor.advance(length);
        return switch (protocol) {
            case IPV4 -> EtherType.follow(cursor, header, EtherType.IPV4);
            case IPV6 -> EtherType.follow(cursor, header, EtherType.IPV6);
            case MPLS_UNICAST, MPLS_MULTICAST -> EtherType.follow(cursor, header, EtherType.MPLS);
            default -> cursor.end(Outcome.NON_IP);
        };
    }
}
