package io.parallax.capture.source;

/**
 * The unit of a pcapng interface's timestamps: option if_tsresol, draft-ietf-opsawg-pcapng section 4.2.
 *
 * <pre>
 *   0 1 2 3 4 5 6 7
 *  +-+-+-+-+-+-+-+-+
 *  |B|  exponent   |   B = 0: 10^-exponent seconds, B = 1: 2^-exponent seconds
 *  +-+-+-+-+-+-+-+-+
 * </pre>
 *
 * @param option the octet above
 */
record TimeResolution(int option) {

    static final TimeResolution MICROSECONDS = new TimeResolution(6);

    private static final int BINARY = 0x80;
    private static final int NANO_EXPONENT = 9;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** The largest power of ten that 64 unsigned bits hold has this exponent. */
    private static final int MAX_EXPONENT = 19;

    /** Nanoseconds of {@code ticks} (64 unsigned bits), rounded down; {@link Long#MAX_VALUE} where 63 bits do not hold it. */
    long nanos(long ticks) {
        int exponent = option & 0x7f;
        return (option & BINARY) == 0 ? decimalNanos(ticks, exponent) : binaryNanos(ticks, exponent);
    }

    private static long decimalNanos(long ticks, int exponent) {
        if (exponent <= NANO_EXPONENT) {
            long factor = powerOfTen(NANO_EXPONENT - exponent);
            return Long.compareUnsigned(ticks, Long.MAX_VALUE / factor) > 0 ? Long.MAX_VALUE : ticks * factor;
        }
        if (exponent - NANO_EXPONENT > MAX_EXPONENT) {
            return 0;
        }
        long nanos = Long.divideUnsigned(ticks, powerOfTen(exponent - NANO_EXPONENT));
        return nanos < 0 ? Long.MAX_VALUE : nanos;
    }

    private static long powerOfTen(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }

    private static long binaryNanos(long ticks, int exponent) {
        long low = ticks * NANOS_PER_SECOND;
        // multiplyHigh is signed: a set top bit counted as -2^64 times the other factor.
        long high = Math.multiplyHigh(ticks, NANOS_PER_SECOND) + (ticks < 0 ? NANOS_PER_SECOND : 0);
        long nanos;
        if (exponent == 0) {
            nanos = high == 0 ? low : -1;
        } else if (exponent < Long.SIZE) {
            nanos = high >>> exponent == 0 ? high << (Long.SIZE - exponent) | low >>> exponent : -1;
        } else {
            nanos = high >>> (exponent - Long.SIZE);
        }
        return nanos < 0 ? Long.MAX_VALUE : nanos;
    }
}
