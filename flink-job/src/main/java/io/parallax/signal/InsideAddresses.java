package io.parallax.signal;

/** Which entities belong to the network itself. */
final class InsideAddresses {

    private static final int LOCAL_FIRST = 10;
    private static final int LINK_LOCAL_FIRST = 169;
    private static final int LINK_LOCAL_SECOND = 254;
    private static final int SHARED_FIRST = 100;
    private static final int SHARED_SECOND_LEAST = 64;
    private static final int SHARED_SECOND_MOST = 127;
    private static final int PRIVATE_FIRST = 172;
    private static final int PRIVATE_SECOND_LEAST = 16;
    private static final int PRIVATE_SECOND_MOST = 31;
    private static final int SITE_FIRST = 192;
    private static final int SITE_SECOND = 168;
    private static final int DOTS = 3;
    private static final int DECIMAL = 10;
    private static final int MOST_OCTET = 255;

    private InsideAddresses() {}

    /**
     * The name of a virtual machine, or an address of a private network (RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291).
     * Asked for each fact, so without an object of its own.
     */
    static boolean isInside(String entity) {
        if (entity.indexOf(':') >= 0) {
            return entity.startsWith("fc") || entity.startsWith("fd") || entity.startsWith("fe80");
        }
        if (!isIpv4(entity)) {
            return true;
        }
        int first = octet(entity, 0);
        int second = octet(entity, entity.indexOf('.') + 1);
        return switch (first) {
            case LOCAL_FIRST -> true;
            case PRIVATE_FIRST -> second >= PRIVATE_SECOND_LEAST && second <= PRIVATE_SECOND_MOST;
            case SITE_FIRST -> second == SITE_SECOND;
            case LINK_LOCAL_FIRST -> second == LINK_LOCAL_SECOND;
            case SHARED_FIRST -> second >= SHARED_SECOND_LEAST && second <= SHARED_SECOND_MOST;
            default -> false;
        };
    }

    /** Three dots between digits. */
    private static boolean isIpv4(String entity) {
        int dots = 0;
        int digits = 0;
        for (int i = 0; i < entity.length(); i++) {
            char letter = entity.charAt(i);
            if (letter == '.' && digits > 0) {
                dots++;
                digits = 0;
            } else if (letter >= '0' && letter <= '9') {
                digits++;
            } else {
                return false;
            }
        }
        return dots == DOTS && digits > 0;
    }

    private static int octet(String address, int from) {
        int octet = 0;
        for (int i = from; i < address.length() && address.charAt(i) != '.'; i++) {
            octet = Math.min(MOST_OCTET + 1, octet * DECIMAL + address.charAt(i) - '0');
        }
        return octet;
    }
}
