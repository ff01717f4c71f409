package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * Ethernet II and IEEE 802.3 frames.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                     Destination MAC address                   |
 *  +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                               |                               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *  |                      Source MAC address                       |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |        Type or length         |  ...
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Ethernet {

    private static final int DESTINATION = 0;
    private static final int SOURCE = 6;
    private static final int TYPE_OR_LENGTH = 12;
    private static final int LENGTH = 14;

    private Ethernet() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH)) {
            return cursor.lacks(LENGTH, Outcome.MALFORMED_LINK);
        }
        header.destinationMac = cursor.uint48(DESTINATION);
        header.sourceMac = cursor.uint48(SOURCE);
        int typeOrLength = cursor.uint16(TYPE_OR_LENGTH);
        cursor.advance(LENGTH);
        return EtherType.followTypeOrLength(cursor, header, typeOrLength);
    }
}
