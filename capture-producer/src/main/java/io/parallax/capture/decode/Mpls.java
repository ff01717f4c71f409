package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * An MPLS label stack, RFC 3032 section 2.1. It does not say what it carries: the first four bits behind the bottom of the
 * stack do (RFC 4928 section 3), 4 and 6 being IP, 0 the control word of a pseudowire (RFC 4385), read as one of Ethernet.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                Label                  | TC  |S|      TTL      |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |0 0 0 0| Flags |FRG|  Length   |        Sequence Number        |  control word
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Mpls {

    private static final int ENTRY_LENGTH = 4;
    private static final int BOTTOM_OF_STACK = 0x0100;
    private static final int CONTROL_WORD = 0;
    private static final int CONTROL_WORD_LENGTH = 4;

    private Mpls() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        boolean isBottom = false;
        while (!isBottom) {
            if (!cursor.has(ENTRY_LENGTH)) {
                return cursor.lacks(ENTRY_LENGTH, Outcome.MALFORMED_LINK);
            }
            isBottom = (cursor.int32(0) & BOTTOM_OF_STACK) != 0;
            cursor.advance(ENTRY_LENGTH);
        }
        if (!cursor.has(1)) {
            return cursor.lacks(1, Outcome.MALFORMED_LINK);
        }
        return switch (cursor.uint8(0) >>> 4) {
            case 4 -> EtherType.follow(cursor, header, EtherType.IPV4);
            case 6 -> EtherType.follow(cursor, header, EtherType.IPV6);
            case CONTROL_WORD -> readPseudowire(cursor);
            default -> cursor.end(Outcome.NON_IP);
        };
    }

    private static Layer readPseudowire(Cursor cursor) {
        if (!cursor.has(CONTROL_WORD_LENGTH)) {
            return cursor.lacks(CONTROL_WORD_LENGTH, Outcome.MALFORMED_LINK);
        }
        cursor.advance(CONTROL_WORD_LENGTH);
        return Layer.ETHERNET;
    }
}
