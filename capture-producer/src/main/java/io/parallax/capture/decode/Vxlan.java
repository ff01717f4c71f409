package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * VXLAN, RFC 7348 section 5: an Ethernet frame of one overlay segment. Opened only if the I flag says that the identifier
 * is valid.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |R|R|R|R|I|R|R|R|            Reserved                           |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                VXLAN Network Identifier       |   Reserved    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Vxlan {

    static final int FLAGS = 0;
    static final int IDENTIFIER_IS_VALID = 0x08;
    static final int LENGTH = 8;

    private static final int IDENTIFIER = 4;

    private Vxlan() {}

    static Layer read(Cursor cursor, PacketHeader header, Encapsulations encapsulations) {
        if (!cursor.has(LENGTH)) {
            return Tunnel.lacks(cursor, header, LENGTH);
        }
        if ((cursor.uint8(FLAGS) & IDENTIFIER_IS_VALID) == 0) {
            return Tunnel.notOpened(cursor);
        }
        if (!encapsulations.enter(header)) {
            return Tunnel.tooDeep(cursor);
        }
        header.overlayId = identifier(cursor);
        cursor.advance(LENGTH);
        return Layer.ETHERNET;
    }

    /** The 24-bit network identifier of VXLAN, VXLAN-GPE and GENEVE, which have it in the same place. */
    static int identifier(Cursor cursor) {
        return cursor.int32(IDENTIFIER) >>> Byte.SIZE;
    }
}
