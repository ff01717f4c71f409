package io.parallax.signal;

/** Which entities belong to the network itself. */
final class InsideAddresses {

    private static final int LINK_LOCAL_SECOND = 254;
    private static final int SHARED_FIRST = 100;
    private static final int PRIVATE_SECOND_LEAST = 16;
    private static final int PRIVATE_SECOND_MOST = 31;

    private InsideAddresses() {}

    /** The name of a virtual machine, or an address of a private network (RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291). */
    static boolean isInside(String entity) {
        if (entity.indexOf(':') >= 0) {
            return entity.startsWith("fc") || entity.startsWith("fd") || entity.startsWith("fe80");
        }
        String[] octets = entity.split("\\.", -1);
        if (octets.length != 4 || !entity.matches("[0-9.]+")) {
            return true;
        }
        int first = Integer.parseInt(octets[0]);
        int second = Integer.parseInt(octets[1]);
        return first == 10
                || (first == 172 && second >= PRIVATE_SECOND_LEAST && second <= PRIVATE_SECOND_MOST)
                || (first == 192 && second == 168)
                || (first == 169 && second == LINK_LOCAL_SECOND)
                || (first == SHARED_FIRST && second >= 64 && second <= 127);
    }
}
