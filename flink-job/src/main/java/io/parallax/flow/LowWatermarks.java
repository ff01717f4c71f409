package io.parallax.flow;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The time that every stream of a partition has passed: the least of what the streams assert, not the greatest time seen
 * minus a guess. A stream that has ended no longer counts, nor does one that was not heard for too long; when none is left,
 * the latest assertion stands.
 *
 * <p>A skewed clock is taken out of what its stream asserts ({@link StreamClock}), or one sensor would hold all windows open,
 * or close them early. Where there is a present at all, nothing is passed that lies more than 5 s in the broker's future.
 */
public final class LowWatermarks {

    private static final class Stream {
        private final StreamClock clock;
        private long lowWatermarkNanos = Long.MIN_VALUE;
        private long heardAtNanos;
        private boolean isEnded;

        Stream(StreamClock clock) {
            this.clock = clock;
        }
    }

    private final long silenceNanos;
    private final long toleranceNanos;
    private final boolean isLive;
    private final Map<String, Stream> streams = new HashMap<>();

    /**
     * Nothing heard yet.
     *
     * @param silenceNanos a stream unheard for longer is left out until it is heard again; {@code Long.MAX_VALUE}: never
     * @param toleranceNanos as in {@link StreamClock}
     * @param isLive whether records are read about when they are appended; else nobody knows what future is
     */
    public LowWatermarks(long silenceNanos, long toleranceNanos, boolean isLive) {
        this.silenceNanos = silenceNanos;
        this.toleranceNanos = toleranceNanos;
        this.isLive = isLive;
    }

    /**
     * Takes note of a batch or heartbeat; a stream that had ended and speaks again (a new epoch) counts again.
     *
     * @param appendedMillis and {@code sentAtNanos}: as in {@link StreamClock#hear}
     * @param assertedNanos and {@code lastNanos}: as in {@link StreamClock#lowWatermark}
     */
    public void hear(
            String streamId,
            long appendedMillis,
            long sentAtNanos,
            long assertedNanos,
            long lastNanos,
            boolean isEnd,
            long nowNanos) {
        Stream stream = streams.computeIfAbsent(streamId, s -> new Stream(new StreamClock(toleranceNanos)));
        stream.clock.hear(appendedMillis, sentAtNanos);
        long passedNanos = stream.clock.lowWatermark(assertedNanos, lastNanos);
        long latestNanos = TimeUnit.MILLISECONDS.toNanos(appendedMillis) + StreamClock.AHEAD_NANOS;
        stream.lowWatermarkNanos = isLive ? Math.min(passedNanos, latestNanos) : passedNanos;
        stream.heardAtNanos = nowNanos;
        stream.isEnded = isEnd;
    }

    /** Whether nothing is to be waited for: no stream, or none that has neither ended nor fallen silent. */
    public boolean isQuiet(long nowNanos) {
        for (Stream stream : streams.values()) {
            if (isHeard(stream, nowNanos)) {
                return false;
            }
        }
        return true;
    }

    /** Nanoseconds since the epoch; {@code Long.MIN_VALUE} before any stream was heard. */
    public long passedNanos(long nowNanos) {
        long least = Long.MAX_VALUE;
        long latest = Long.MIN_VALUE;
        for (Stream stream : streams.values()) {
            latest = Math.max(latest, stream.lowWatermarkNanos);
            if (isHeard(stream, nowNanos)) {
                least = Math.min(least, stream.lowWatermarkNanos);
            }
        }
        return least == Long.MAX_VALUE ? latest : least;
    }

    private boolean isHeard(Stream stream, long nowNanos) {
        return !stream.isEnded && nowNanos - stream.heardAtNanos <= silenceNanos;
    }
}
