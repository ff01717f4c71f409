package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * IEEE 802.1Q and 802.1ad tags, from behind their TPID.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  | PCP |D|    VLAN identifier    |        Type or length         |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class VlanTag {

    private static final int LENGTH = 4;
    private static final int IDENTIFIER = 0x0fff;

    private VlanTag() {}

    static Layer read(Cursor cursor, PacketHeader header) {
        if (!cursor.has(LENGTH)) {
            return cursor.lacks(LENGTH, Outcome.MALFORMED_LINK);
        }
        int tag = cursor.int32(0);
        if (header.vlanCount < PacketHeader.MAX_VLANS) {
            header.vlanStack = (header.vlanStack << Short.SIZE) | (tag >>> Short.SIZE & IDENTIFIER);
            header.vlanCount++;
        }
        cursor.advance(LENGTH);
        return EtherType.followTypeOrLength(cursor, header, tag & 0xffff);
    }
}
