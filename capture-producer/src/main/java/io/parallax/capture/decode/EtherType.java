package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/** EtherTypes that are opened (IEEE registry), and the field that holds either a type or a length. */
final class EtherType {

    static final int IPV4 = 0x0800;
    static final int ARP = 0x0806;
    static final int TRANSPARENT_ETHERNET = 0x6558;
    static final int CUSTOMER_TAG = 0x8100;
    static final int IPV6 = 0x86dd;
    static final int MPLS = 0x8847;

    /** Was for multicast, RFC 5332 gave it to labels assigned upstream. */
    static final int MPLS_UPSTREAM = 0x8848;

    static final int PPPOE_SESSION = 0x8864;
    static final int SERVICE_TAG = 0x88a8;
    static final int BACKBONE_TAG = 0x88e7;
    static final int VN_TAG = 0x8926;

    /** Used for stacked tags before IEEE 802.1ad had a number. */
    static final int OLD_SERVICE_TAG = 0x9100;

    /** IEEE 802.3 3.2.6: up to 1500 a length, from 1536 a type, undefined between. */
    private static final int MAX_LENGTH = 1_500;

    private static final int MIN_TYPE = 1_536;

    private EtherType() {}

    /** Continues behind a type field. */
    static Layer follow(Cursor cursor, PacketHeader header, int type) {
        header.etherType = type;
        return switch (type) {
            case IPV4 -> Layer.IPV4;
            case IPV6 -> Layer.IPV6;
            case ARP -> Layer.ARP;
            case CUSTOMER_TAG, SERVICE_TAG, OLD_SERVICE_TAG -> Layer.VLAN_TAG;
            case TRANSPARENT_ETHERNET -> Layer.ETHERNET;
            case MPLS, MPLS_UPSTREAM -> Layer.MPLS;
            case PPPOE_SESSION -> Layer.PPPOE;
            case BACKBONE_TAG -> Layer.BACKBONE_TAG;
            case VN_TAG -> Layer.VN_TAG;
            default -> cursor.end(Outcome.NON_IP);
        };
    }

    /** Continues behind a field that is a length where it is small. */
    static Layer followTypeOrLength(Cursor cursor, PacketHeader header, int typeOrLength) {
        if (typeOrLength >= MIN_TYPE) {
            return follow(cursor, header, typeOrLength);
        }
        if (typeOrLength > MAX_LENGTH) {
            return cursor.end(Outcome.MALFORMED_LINK);
        }
        cursor.bound(typeOrLength);
        return Layer.LLC;
    }
}
