package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * IEEE 802.2 logical link control, and the SNAP header behind it (RFC 1042).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |     DSAP      |     SSAP      |    Control    |               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+               +
 *  |    SNAP: organization code    |           EtherType           |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Llc {

    private static final int SAP_IP = 0x06;
    private static final int SAP_SNAP = 0xaa;
    private static final int UNNUMBERED_INFORMATION = 0x03;
    private static final int CONTROL = 2;
    private static final int LENGTH = 3;
    private static final int SNAP_TYPE = 6;
    private static final int SNAP_LENGTH = 8;

    /** The EtherType follows: RFC 1042, and IEEE 802.1H for what bridges translate. */
    private static final int ENCAPSULATED_ETHERNET = 0x000000;

    private static final int BRIDGE_TUNNEL = 0x0000f8;

    private Llc() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH)) {
            return cursor.lacks(LENGTH, Outcome.MALFORMED_LINK);
        }
        int destination = cursor.uint8(0);
        if (cursor.uint8(CONTROL) != UNNUMBERED_INFORMATION) {
            return cursor.end(Outcome.NON_IP);
        }
        if (destination == SAP_SNAP) {
            return readSnap(cursor, header);
        }
        if (destination == SAP_IP) {
            cursor.advance(LENGTH);
            return EtherType.follow(cursor, header, EtherType.IPV4);
        }
        return cursor.end(Outcome.NON_IP);
    }

    private static Layer readSnap(Cursor cursor, PacketHeader header) {
        if (!cursor.has(SNAP_LENGTH)) {
            return cursor.lacks(SNAP_LENGTH, Outcome.MALFORMED_LINK);
        }
        int organization = cursor.int32(CONTROL) & 0xff_ffff;
        int type = cursor.uint16(SNAP_TYPE);
        cursor.advance(SNAP_LENGTH);
        return organization == ENCAPSULATED_ETHERNET || organization == BRIDGE_TUNNEL
                ? EtherType.follow(cursor, header, type)
                : cursor.end(Outcome.NON_IP);
    }
}
