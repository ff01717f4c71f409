package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * DCCP's generic header, RFC 4340 section 5.1.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |          Source Port          |           Dest Port           |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |  Data Offset  | CCVal | CsCov |           Checksum            |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  | Res | Type  |X|  Sequence Number ...
 * </pre>
 */
final class Dccp {

    private static final int PORTS_LENGTH = 4;
    private static final int DATA_OFFSET = 4;
    private static final int MIN_LENGTH = 12;

    private Dccp() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(PORTS_LENGTH)) {
            return Transport.lacks(cursor, header, PORTS_LENGTH);
        }
        Transport.ports(cursor, header);
        int length = cursor.has(DATA_OFFSET + 1) ? cursor.uint8(DATA_OFFSET) * Integer.BYTES : MIN_LENGTH;
        return Transport.complete(cursor, header, Math.max(MIN_LENGTH, length));
    }
}
