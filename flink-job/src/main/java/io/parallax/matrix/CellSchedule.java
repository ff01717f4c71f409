package io.parallax.matrix;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a cell of a window is stated and when it is forgotten, as watermarks: milliseconds since the epoch up to which
 * everything has been seen.
 *
 * @param windowSeconds length of a window
 * @param allowedLateness how long after its end a window can still be revised; the meter's, or its revisions are lost
 */
public record CellSchedule(int windowSeconds, Duration allowedLateness) implements Serializable {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MILLIS_PER_SECOND = 1_000;

    public CellSchedule {
        if (windowSeconds <= 0) {
            throw new IllegalArgumentException("window is %d s; it has to be positive".formatted(windowSeconds));
        }
        if (allowedLateness.isNegative()) {
            throw new IllegalArgumentException(
                    "allowed lateness is %s; it must not be negative".formatted(allowedLateness));
        }
    }

    /** The watermark at which the window is over. */
    public long closesAt(long windowStartNanos) {
        return Math.floorDiv(windowStartNanos, NANOS_PER_MILLI) + windowSeconds * MILLIS_PER_SECOND - 1;
    }

    /**
     * The watermark from which on no revision can come any more. One window more than the lateness: what a meter let in
     * just in time it may state a watermark later, and refusing that would leave flows and matrix apart for good.
     */
    public long forgottenAt(long windowStartNanos) {
        return closesAt(windowStartNanos) + allowedLateness.toMillis() + windowSeconds * MILLIS_PER_SECOND;
    }
}
