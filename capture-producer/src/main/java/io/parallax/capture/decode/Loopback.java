package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * BSD loopback: four octets of address family, in the writer's byte order (LINKTYPE_NULL) or in network order
 * (LINKTYPE_LOOP).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                        Address family                         |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Loopback {

    private static final int LENGTH = 4;
    private static final int INET = 2;

    /** AF_INET6 has another number on each system: Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS. */
    private static final int INET6_LINUX = 10;

    private static final int INET6_WINDOWS = 23;
    private static final int INET6_NETBSD = 24;
    private static final int INET6_FREEBSD = 28;
    private static final int INET6_MACOS = 30;

    /** Larger "families" are EtherTypes, which some writers put here. */
    private static final int MAX_FAMILY = 1_500;

    private Loopback() {}

    /** The byte order is the writer's and not told; a family is small, so its upper half is zero in the right one. */
    static Layer readHostOrder(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH)) {
            return cursor.lacks(LENGTH, Outcome.MALFORMED_LINK);
        }
        int family = cursor.int32(0);
        return follow(cursor, header, family >>> Short.SIZE == 0 ? family : Integer.reverseBytes(family));
    }

    static Layer readNetworkOrder(Cursor cursor, PacketHeader header) {
        return cursor.has(LENGTH)
                ? follow(cursor, header, cursor.int32(0))
                : cursor.lacks(LENGTH, Outcome.MALFORMED_LINK);
    }

    private static Layer follow(Cursor cursor, PacketHeader header, int family) {
        cursor.advance(LENGTH);
        return switch (family) {
            case INET -> EtherType.follow(cursor, header, EtherType.IPV4);
            case INET6_LINUX, INET6_WINDOWS, INET6_NETBSD, INET6_FREEBSD, INET6_MACOS ->
                EtherType.follow(cursor, header, EtherType.IPV6);
            default ->
                family > MAX_FAMILY && family <= 0xffff
                        ? EtherType.follow(cursor, header, family)
                        : cursor.end(Outcome.NON_IP);
        };
    }
}
