package io.parallax.completeness;

import java.io.Serializable;
import java.time.Duration;

/**
 * When an account is stated and when it is forgotten, as watermarks: milliseconds since the epoch up to which everything
 * has been seen.
 *
 * @param windowSeconds length of a window
 * @param allowedLateness how long after its end a window can still be revised; the meter's
 * @param isKept until the end of the input: a bounded run states what came too late for the meter as well
 */
public record AccountSchedule(int windowSeconds, Duration allowedLateness, boolean isKept) implements Serializable {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long MILLIS_PER_SECOND = 1_000;

    /**
     * The ledger states a second right behind the batch that says that it is over. Without this second, nearly every
     * account would be stated without its last row, and again with it.
     */
    private static final long LEDGER_DELAY_MILLIS = 1_000;

    /** Start of the window that a time lies in, ns. */
    public long windowStart(long timeNanos) {
        long windowNanos = windowSeconds * NANOS_PER_SECOND;
        return Math.floorDiv(timeNanos, windowNanos) * windowNanos;
    }

    /** The watermark at which the account is stated first. */
    public long statedAt(long windowStartNanos) {
        return endOf(windowStartNanos) + LEDGER_DELAY_MILLIS;
    }

    /** The watermark from which on nothing is taken in any more: one window after the meter takes nothing in. */
    public long forgottenAt(long windowStartNanos) {
        return isKept
                ? Long.MAX_VALUE
                : endOf(windowStartNanos)
                        + LEDGER_DELAY_MILLIS
                        + allowedLateness.toMillis()
                        + windowSeconds * MILLIS_PER_SECOND;
    }

    private long endOf(long windowStartNanos) {
        return Math.floorDiv(windowStartNanos, NANOS_PER_MILLI) + windowSeconds * MILLIS_PER_SECOND - 1;
    }
}
