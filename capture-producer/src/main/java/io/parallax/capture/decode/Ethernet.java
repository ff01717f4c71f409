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
 *
 * <p>A frame within a frame starts addresses and VLAN stack anew. An observation point is where the innermost frame was seen,
 * and that is described by its own addresses and tags with the mirror session and overlay that brought it. What carried it there is another
 * network's affair: its tags change with the path of the tunnel, so with them one vantage would look like many.
 */
final class Ethernet {

    private static final int DESTINATION = 0;
    private static final int SOURCE = 6;
    private static final int LENGTH = 14;

    private Ethernet() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH)) {
            return cursor.lacks(LENGTH, Outcome.MALFORMED_LINK);
        }
        header.vlanCount = 0;
        header.vlanStack = 0;
        header.destinationMac = cursor.uint48(DESTINATION);
        long sourceAndType = cursor.int64(SOURCE);
        header.sourceMac = sourceAndType >>> Short.SIZE;
        int typeOrLength = (int) sourceAndType & 0xffff;
        cursor.advance(LENGTH);
        return EtherType.followTypeOrLength(cursor, header, typeOrLength);
    }
}
