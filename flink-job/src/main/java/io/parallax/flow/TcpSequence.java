package io.parallax.flow;

/** Serial arithmetic on 32-bit sequence numbers, which wrap (RFC 9293, section 3.4; RFC 1982). */
final class TcpSequence {

    /** The greatest window there can be, octets (RFC 7323, section 2.3): what is farther off is of another connection. */
    static final int GREATEST_WINDOW = 1 << 30;

    private TcpSequence() {}

    static boolean isBefore(int one, int other) {
        return one - other < 0;
    }

    static int first(int one, int other) {
        return isBefore(one, other) ? one : other;
    }

    static int last(int one, int other) {
        return isBefore(one, other) ? other : one;
    }

    static boolean isNear(int one, int other) {
        int distance = one - other;
        return distance <= GREATEST_WINDOW && distance >= -GREATEST_WINDOW;
    }
}
