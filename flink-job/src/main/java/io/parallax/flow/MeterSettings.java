package io.parallax.flow;

/**
 * What a meter is told.
 *
 * @param windowNanos length of the aligned windows, above 0
 * @param latenessNanos how long after its end a window still takes packets in, 0 or more; state of ended flows is kept
 *     that long, so a copy that comes late from a slow sensor is still known as a copy
 */
public record MeterSettings(long windowNanos, long latenessNanos) {

    public MeterSettings {
        if (windowNanos <= 0 || latenessNanos < 0) {
            throw new IllegalArgumentException("window of %d ns, lateness of %d ns; allowed are above 0 and from 0"
                    .formatted(windowNanos, latenessNanos));
        }
    }

    long windowStart(long timeNanos) {
        return Math.floorDiv(timeNanos, windowNanos) * windowNanos;
    }

    /** The first end of a window at or after {@code timeNanos}. */
    long nextWindowEnd(long timeNanos) {
        return -Math.floorDiv(-timeNanos, windowNanos) * windowNanos;
    }
}
