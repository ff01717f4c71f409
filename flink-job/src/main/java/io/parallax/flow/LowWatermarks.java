package io.parallax.flow;

import java.util.HashMap;
import java.util.Map;

/**
 * The time that every stream of a partition has passed: the least of what the streams assert, not the greatest time seen
 * minus a guess. A stream that has ended no longer counts, nor does one that was not heard for too long; when none is left,
 * the latest assertion stands.
 */
public final class LowWatermarks {

    private static final class Stream {
        private long lowWatermarkNanos = Long.MIN_VALUE;
        private long heardAtNanos;
        private boolean isEnded;
    }

    private final long silenceNanos;
    private final Map<String, Stream> streams = new HashMap<>();

    /** @param silenceNanos a stream unheard for longer is left out until it is heard again; {@code Long.MAX_VALUE}: never */
    public LowWatermarks(long silenceNanos) {
        this.silenceNanos = silenceNanos;
    }

    /** Takes note of a batch or heartbeat; a stream that had ended and speaks again (a new epoch) counts again. */
    public void hear(String streamId, long lowWatermarkNanos, boolean isEnd, long nowNanos) {
        Stream stream = streams.computeIfAbsent(streamId, s -> new Stream());
        stream.lowWatermarkNanos = lowWatermarkNanos;
        stream.heardAtNanos = nowNanos;
        stream.isEnded = isEnd;
    }

    /** Whether nothing is to be waited for: no stream, or none that has neither ended nor fallen silent. */
    public boolean isQuiet(long nowNanos) {
        for (Stream stream : streams.values()) {
            if (isLive(stream, nowNanos)) {
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
            if (isLive(stream, nowNanos)) {
                least = Math.min(least, stream.lowWatermarkNanos);
            }
        }
        return least == Long.MAX_VALUE ? latest : least;
    }

    private boolean isLive(Stream stream, long nowNanos) {
        return !stream.isEnded && nowNanos - stream.heardAtNanos <= silenceNanos;
    }
}
