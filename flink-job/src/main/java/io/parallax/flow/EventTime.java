package io.parallax.flow;

/**
 * Between our clock, nanoseconds, and the stream processor's, milliseconds of which watermark {@code w} says "nothing at or
 * before w comes any more". Rounding never claims more than is known.
 */
public final class EventTime {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private EventTime() {}

    /** The watermark that says as much as "nothing before {@code passedNanos} comes any more". */
    public static long watermarkMillis(long passedNanos) {
        return Math.floorDiv(passedNanos, NANOS_PER_MILLI) - 1;
    }

    /** All that a watermark says has passed, nanoseconds; saturates at the ends of time. */
    public static long passedNanos(long watermarkMillis) {
        if (watermarkMillis >= Long.MAX_VALUE / NANOS_PER_MILLI - 1) {
            return Long.MAX_VALUE;
        }
        return watermarkMillis <= Long.MIN_VALUE / NANOS_PER_MILLI
                ? Long.MIN_VALUE
                : (watermarkMillis + 1) * NANOS_PER_MILLI;
    }
}
