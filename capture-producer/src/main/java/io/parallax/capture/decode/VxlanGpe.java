package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * VXLAN with a generic protocol extension, draft-ietf-nvo3-vxlan-gpe-13 section 3: the next protocol field counts if P is
 * set, an Ethernet frame follows otherwise. Version 0 only, and none without a valid identifier (I).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |R|R|Ver|I|P|B|O|       Reserved                |Next Protocol  |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                VXLAN Network Identifier       |   Reserved    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class VxlanGpe {

    private static final int NEXT_PROTOCOL = 3;
    private static final int VERSION = 0x30;
    private static final int NEXT_PROTOCOL_IS_VALID = 0x04;

    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int ETHERNET = 3;
    private static final int MPLS = 5;

    private VxlanGpe() {}

    static Layer read(Cursor cursor, PacketHeader header, Encapsulations encapsulations) {
        if (!cursor.has(Vxlan.LENGTH)) {
            return Tunnel.lacks(cursor, header, Vxlan.LENGTH);
        }
        int flags = cursor.uint8(Vxlan.FLAGS);
        if ((flags & VERSION) != 0 || (flags & Vxlan.IDENTIFIER_IS_VALID) == 0) {
            return Tunnel.notOpened(cursor);
        }
        if (!encapsulations.enter(header)) {
            return Tunnel.tooDeep(cursor);
        }
        int next = (flags & NEXT_PROTOCOL_IS_VALID) == 0 ? ETHERNET : cursor.uint8(NEXT_PROTOCOL);
        header.overlayId = Vxlan.identifier(cursor);
        cursor.advance(Vxlan.LENGTH);
        return switch (next) {
            case IPV4 -> EtherType.follow(cursor, header, EtherType.IPV4);
            case IPV6 -> EtherType.follow(cursor, header, EtherType.IPV6);
            case ETHERNET -> Layer.ETHERNET;
            case MPLS -> EtherType.follow(cursor, header, EtherType.MPLS);
            default -> cursor.end(Outcome.NON_IP);
        };
    }
}
