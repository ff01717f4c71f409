package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * Cisco HDLC, RFC 4349 section 3.1 has the layout.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |    Address    | Control  0x00 |           EtherType           |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class CiscoHdlc {

    static final int UNICAST = 0x0f;
    static final int BROADCAST = 0x8f;

    private static final int TYPE = 2;
    private static final int LENGTH = 4;

    private CiscoHdlc() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH)) {
            return cursor.lacks(LENGTH, Outcome.MALFORMED_LINK);
        }
        int type = cursor.uint16(TYPE);
        cursor.advance(LENGTH);
        return EtherType.follow(cursor, header, type);
    }
}
