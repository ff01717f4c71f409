package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * ICMPv6, RFC 4443, and what runs on it: neighbour discovery (RFC 4861), multicast listener discovery (RFC 2710), node
 * information (RFC 4620), home agent discovery (RFC 6275). Types pair as in {@link Icmp}.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |     Type      |     Code      |          Checksum             |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Icmpv6 {

    private static final int LENGTH = 4;

    private Icmpv6() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        return cursor.has(LENGTH)
                ? Icmp.read(cursor, header, counterpart(cursor.uint8(0)), LENGTH)
                : Transport.lacks(cursor, header, LENGTH);
    }

    /** As {@link Icmp#counterpart}. */
    static int counterpart(int type) {
        return switch (type) {
            case 128 -> 129; // echo
            case 129 -> 128;
            case 130 -> 131; // listener query, report
            case 131 -> 130;
            case 133 -> 134; // router solicitation, advertisement
            case 134 -> 133;
            case 135 -> 136; // neighbour solicitation, advertisement
            case 136 -> 135;
            case 139 -> 140; // node information
            case 140 -> 139;
            case 144 -> 145; // home agent discovery
            case 145 -> 144;
            default -> Icmp.ONE_WAY;
        };
    }
}
