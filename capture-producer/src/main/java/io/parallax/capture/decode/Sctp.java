package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * SCTP's common header, RFC 9260 section 3.1; its ports count only if all of it is there.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |          Source Port          |       Destination Port        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                       Verification Tag                        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                           Checksum                            |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Sctp {

    private static final int LENGTH = 12;

    private Sctp() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH)) {
            return Transport.lacks(cursor, header, LENGTH);
        }
        Transport.ports(cursor, header);
        return Transport.complete(cursor, header, LENGTH);
    }
}
