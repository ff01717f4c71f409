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
        int dot = entity.indexOf('.');
        int first = octet(entity, 0, dot);
        int second = octet(entity, dot + 1, entity.indexOf('.', dot + 1));
        if (first < 0 || second < 0 || !isDigit(entity.charAt(entity.length() - 1))) {
            return true;
        }
        return first == 10
                || (first == 172 && second >= PRIVATE_SECOND_LEAST && second <= PRIVATE_SECOND_MOST)
                || (first == 192 && second == 168)
                || (first == 169 && second == LINK_LOCAL_SECOND)
                || (first == SHARED_FIRST && second >= 64 && second <= 127);
    }

    /** The number between two places of a text, -1 if there is none. */
    private static int octet(String text, int from, int until) {
        if (until <= from || until - from > 3) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < until; i++) {
            if (!isDigit(text.charAt(i))) {
                return -1;
            }
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    private static boolean isDigit(char letter) {
        return letter >= '0' && letter <= '9';
    }
}
