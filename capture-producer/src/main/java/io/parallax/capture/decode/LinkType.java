package io.parallax.capture.decode;

/** LINKTYPE_ numbers that are opened (tcpdump.org/linktypes.html) and how their frames start. */
final class LinkType {

    private static final int NULL = 0;
    static final int ETHERNET = 1;
    private static final int PPP = 9;
    /** DLT_RAW, which some systems wrote into files under their own number: 12 most, 14 OpenBSD. */
    private static final int RAW_MOST = 12;

    private static final int RAW_OPENBSD = 14;
    private static final int PPP_HDLC = 50;
    private static final int RAW = 101;
    private static final int C_HDLC = 104;
    private static final int LOOP = 108;
    private static final int LINUX_SLL = 113;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int LINUX_SLL2 = 276;

    private LinkType() {}

    static Layer first(Cursor cursor, int linkType) {
        return switch (linkType) {
            case ETHERNET -> Layer.ETHERNET;
            case LINUX_SLL -> Layer.COOKED;
            case LINUX_SLL2 -> Layer.COOKED_2;
            case RAW, RAW_MOST, RAW_OPENBSD, IPV4, IPV6 -> Layer.RAW_IP;
            case NULL -> Layer.HOST_LOOPBACK;
            case LOOP -> Layer.NETWORK_LOOPBACK;
            case PPP, PPP_HDLC -> Layer.PPP;
            case C_HDLC -> Layer.CISCO_HDLC;
            default -> cursor.end(Outcome.UNSUPPORTED_LINK_TYPE);
        };
    }
}
