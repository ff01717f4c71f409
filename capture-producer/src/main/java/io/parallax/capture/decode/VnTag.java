package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * The VN-tag by which fabric extenders name virtual interfaces (an IEEE 802.1Qbh draft, never a standard), from behind its
 * EtherType. The frame's own type follows.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |D|P|   Destination interface   |L|R|Ver|   Source interface    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |        Type or length         |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class VnTag {

    private static final int TYPE_OR_LENGTH = 4;
    private static final int LENGTH = 6;

    private VnTag() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH)) {
            return cursor.lacks(LENGTH, Outcome.MALFORMED_LINK);
        }
        int typeOrLength = cursor.uint16(TYPE_OR_LENGTH);
        cursor.advance(LENGTH);
        return EtherType.followTypeOrLength(cursor, header, typeOrLength);
    }
}
