package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * Encapsulated remote switch port analyzer, draft-foschiano-erspan-03: mirrored Ethernet frames in GRE. Type I has no header
 * of its own and no GRE sequence number, type II and III have both.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  | Ver 1 |          VLAN         | COS | En|T|    Session ID     |  type II
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |      Reserved         |                  Index                |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  | Ver 2 |          VLAN         | COS |BSO|T|    Session ID     |  type III
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                          Timestamp                            |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |             SGT               |P|    FT   |   Hw ID   |D|Gra|O|
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |              Platform specific sub-header, 8 octets, if O     |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>The VLAN of the header is not put on the VLAN stack: it is the mirrored port's, present also where the frame carries
 * the tag itself, and one frame must not look different for the way in which it was mirrored.
 */
final class Erspan {

    /** GRE protocol types. */
    static final int TYPE_1_OR_2 = 0x88be;

    static final int TYPE_3 = 0x22eb;

    private static final int VERSION_SHIFT = 12;
    private static final int VERSION_2 = 1;
    private static final int VERSION_3 = 2;
    private static final int SESSION = 2;
    private static final int SESSION_IDENTIFIER = 0x03ff;
    private static final int LENGTH_2 = 8;

    private static final int FRAME_FIELDS = 10;
    private static final int FRAME_TYPE = 0x7c00;
    private static final int DIRECTION_EGRESS = 0x0008;
    private static final int SUB_HEADER_PRESENT = 0x0001;
    private static final int LENGTH_3 = 12;
    private static final int SUB_HEADER_LENGTH = 8;

    private Erspan() {}

    static Layer readType1(Cursor cursor, PacketHeader header, Encapsulations encapsulations, int key) {
        return Gre.enterMirror(
                cursor,
                header,
                encapsulations,
                PacketHeader.MIRROR_ERSPAN_1,
                key,
                PacketHeader.DIRECTION_UNKNOWN,
                PacketHeader.NO_SEQUENCE);
    }

    static Layer readType2(Cursor cursor, PacketHeader header, Encapsulations encapsulations, long sequence) {
        if (!cursor.has(LENGTH_2)) {
            return Tunnel.lacks(cursor, header, LENGTH_2);
        }
        if (cursor.uint16(0) >>> VERSION_SHIFT != VERSION_2) {
            return Tunnel.notOpened(cursor);
        }
        int session = cursor.uint16(SESSION) & SESSION_IDENTIFIER;
        cursor.advance(LENGTH_2);
        return Gre.enterMirror(
                cursor,
                header,
                encapsulations,
                PacketHeader.MIRROR_ERSPAN_2,
                session,
                PacketHeader.DIRECTION_UNKNOWN,
                sequence);
    }

    static Layer readType3(Cursor cursor, PacketHeader header, Encapsulations encapsulations, long sequence) {
        if (!cursor.has(LENGTH_3)) {
            return Tunnel.lacks(cursor, header, LENGTH_3);
        }
        int fields = cursor.uint16(FRAME_FIELDS);
        if (cursor.uint16(0) >>> VERSION_SHIFT != VERSION_3 || (fields & FRAME_TYPE) != 0) {
            return Tunnel.notOpened(cursor);
        }
        int length = LENGTH_3 + ((fields & SUB_HEADER_PRESENT) != 0 ? SUB_HEADER_LENGTH : 0);
        if (!cursor.has(length)) {
            return Tunnel.lacks(cursor, header, length);
        }
        int session = cursor.uint16(SESSION) & SESSION_IDENTIFIER;
        cursor.advance(length);
        // Egress is out of the switch: what the mirrored port was given.
        int direction =
                (fields & DIRECTION_EGRESS) != 0 ? PacketHeader.DIRECTION_DELIVERED : PacketHeader.DIRECTION_SENT;
        return Gre.enterMirror(
                cursor, header, encapsulations, PacketHeader.MIRROR_ERSPAN_3, session, direction, sequence);
    }
}
