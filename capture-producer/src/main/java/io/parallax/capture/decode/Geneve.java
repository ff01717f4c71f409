package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * Generic network virtualization encapsulation, RFC 8926 section 3. Version 0 only; options are passed over.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |        Virtual Network Identifier (VNI)       |    Reserved   |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                  Options, 4 octets * Opt Len                  |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Geneve {

    private static final int PROTOCOL_TYPE = 2;
    private static final int MIN_LENGTH = 8;
    private static final int VERSION_SHIFT = 6;
    private static final int OPTION_WORDS = 0x3f;

    private Geneve() {}

    static Layer read(Cursor cursor, PacketHeader header, Encapsulations encapsulations) {
        if (!cursor.has(MIN_LENGTH)) {
            return Tunnel.lacks(cursor, header, MIN_LENGTH);
        }
        int versionAndLength = cursor.uint8(0);
        if (versionAndLength >>> VERSION_SHIFT != 0) {
            return Tunnel.notOpened(cursor);
        }
        int length = MIN_LENGTH + (versionAndLength & OPTION_WORDS) * Integer.BYTES;
        if (!cursor.has(length)) {
            return Tunnel.lacks(cursor, header, length);
        }
        if (!encapsulations.enter(header)) {
            return Tunnel.tooDeep(cursor);
        }
        header.overlayId = Vxlan.identifier(cursor);
        int type = cursor.uint16(PROTOCOL_TYPE);
        cursor.advance(length);
        return EtherType.follow(cursor, header, type);
    }
}
