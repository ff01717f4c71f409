package io.parallax.dependency;

import java.io.Serializable;
import java.time.Duration;

/**
 * When dependencies are stated, settled and missed, as watermarks: milliseconds since the epoch up to which everything has
 * been seen.
 *
 * @param windowSeconds length of a window
 * @param allowedLateness how long after its end a window can still be revised; the meter's
 * @param silence how long a dependency is not used before it counts as disappeared
 * @param retirement how long an interface gives no account before it is gone, and no longer counts as a place where a
 *     dependency could be seen
 * @param mostInBucket dependencies that are kept in a bucket
 */
public record DependencySchedule(
        int windowSeconds, Duration allowedLateness, Duration silence, Duration retirement, int mostInBucket)
        implements Serializable {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** End of a window, nanoseconds since the epoch. */
    public long endNanos(long windowStartNanos) {
        return windowStartNanos + windowSeconds * NANOS_PER_SECOND;
    }

    /** The watermark at which the window is over. */
    public long closesAt(long windowStartNanos) {
        return Math.floorDiv(windowStartNanos, NANOS_PER_MILLI) + windowSeconds * MILLIS_PER_SECOND - 1;
    }

    /** The watermark from which on no revision of the window comes any more, as the matrix has it. */
    public long settledAt(long windowStartNanos) {
        return closesAt(windowStartNanos) + patienceMillis();
    }

    private long patienceMillis() {
        return allowedLateness.toMillis() + windowSeconds * MILLIS_PER_SECOND;
    }

    /** The watermark at which silence since {@code nanos} is long enough, and known for good: no late packet ends it. */
    long isOverAt(long nanos) {
        return Math.floorDiv(nanos, NANOS_PER_MILLI) + silence.toMillis() + certaintyMillis();
    }

    /** The watermark at which an interface whose last account ended at {@code nanos} is gone, for all that is known then. */
    long isGoneAt(long nanos) {
        return Math.floorDiv(nanos, NANOS_PER_MILLI) + retirement.toMillis() + certaintyMillis();
    }

    /** Two windows more than the lateness: one until the account of the window that holds a time is stated. */
    private long certaintyMillis() {
        return patienceMillis() + windowSeconds * MILLIS_PER_SECOND;
    }

    /** Up to when everything is known for good at a watermark, nanoseconds since the epoch. */
    long settledUntil(long watermarkMillis) {
        return (watermarkMillis - certaintyMillis()) * NANOS_PER_MILLI;
    }
}
