package io.parallax.flow;

import io.parallax.model.SensorEvent;
import io.parallax.model.SensorEvent.Kind;
import io.parallax.model.StreamName;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The streams that one instance knows, and what there is to tell about their sensors.
 *
 * <p>Silence is counted in ticks that this instance lived through: while it is held up it hears nobody, and nobody is to
 * blame. Not thread-safe.
 */
public final class HeardStreams {

    /** A stream unheard for more of them is silent. */
    public static final int TICKS_OF_SILENCE = 10;

    private final long toleranceNanos;
    private final Map<StreamName, Map<Integer, HeardStream>> streams = new HashMap<>();

    /** @param toleranceNanos as in {@link StreamClock} */
    public HeardStreams(long toleranceNanos) {
        this.toleranceNanos = toleranceNanos;
    }

    /** The stream of that name, a new one if it was never heard. */
    public HeardStream of(StreamName name, int lane) {
        return streams.computeIfAbsent(name, n -> new HashMap<>())
                .computeIfAbsent(lane, n -> new HeardStream(name, lane, new StreamClock(toleranceNanos)));
    }

    /**
     * Takes note of a record of a stream.
     *
     * @param appendedMillis and {@code sentAtNanos}: as in {@link StreamClock#hear}
     * @param assertedNanos and {@code lastNanos}: as in {@link StreamClock#lowWatermark}
     * @param isEnd whether nothing follows: an ended stream is not silent
     * @return the low watermark, corrected
     */
    public long hear(
            HeardStream stream,
            long appendedMillis,
            long sentAtNanos,
            long assertedNanos,
            long lastNanos,
            boolean isEnd,
            Consumer<SensorEvent> events) {
        boolean wasSkewed = stream.clock.isSkewed();
        long correctionBefore = stream.clock.correctionNanos();
        stream.clock.hear(appendedMillis, sentAtNanos);
        stream.passedNanos = stream.clock.lowWatermark(assertedNanos, lastNanos);
        stream.records++;
        stream.quietTicks = 0;
        stream.isListenedTo = !isEnd;
        if (stream.isSilent) {
            stream.isSilent = false;
            events.accept(event(stream, Kind.HEARD));
        }
        if (stream.clock.isSkewed() && stream.clock.correctionNanos() != correctionBefore) {
            events.accept(event(stream, Kind.CLOCK_SKEWED));
        } else if (wasSkewed && !stream.clock.isSkewed()) {
            events.accept(event(stream, Kind.CLOCK_RIGHT));
        }
        return stream.passedNanos;
    }

    /** A tenth of the time of silence has passed. */
    public void tick(Consumer<SensorEvent> events) {
        for (Map<Integer, HeardStream> lanes : streams.values()) {
            for (HeardStream stream : lanes.values()) {
                if (stream.isListenedTo && !stream.isSilent && ++stream.quietTicks > TICKS_OF_SILENCE) {
                    stream.isSilent = true;
                    events.accept(event(stream, Kind.SILENT));
                }
            }
        }
    }

    private static SensorEvent event(HeardStream stream, Kind kind) {
        return new SensorEvent(
                stream.name.sensorId(),
                stream.name.interfaceName(),
                stream.lane,
                kind,
                stream.passedNanos,
                stream.clock.offsetNanos());
    }

    /** Takes over what an earlier run knew of a stream; of several, what rests on most records. */
    public void restore(HeardStream restored) {
        HeardStream known = of(restored.name, restored.lane);
        if (restored.records > known.records) {
            known.records = restored.records;
            known.passedNanos = restored.passedNanos;
            known.isSilent = restored.isSilent;
            known.clock.restore(restored.clock.words());
        }
    }

    public void forEach(Consumer<HeardStream> visitor) {
        streams.values().forEach(lanes -> lanes.values().forEach(visitor));
    }

    /** Streams that this instance reads whose clock is wrong by more than the tolerance. */
    public long skewed() {
        return count(stream -> stream.clock.isSkewed());
    }

    /** Streams that this instance read and that have fallen silent. */
    public long silent() {
        return count(stream -> stream.isSilent);
    }

    private long count(Predicate<HeardStream> which) {
        long[] count = new long[1];
        forEach(stream -> count[0] += stream.isListenedTo && which.test(stream) ? 1 : 0);
        return count[0];
    }

    /** By how much the worst clock of the streams that this instance reads is wrong, ns, 0 or more. */
    public long worstOffsetNanos() {
        long[] worst = new long[1];
        forEach(stream -> {
            if (stream.isListenedTo) {
                worst[0] = Math.max(worst[0], Math.abs(stream.clock.offsetNanos()));
            }
        });
        return worst[0];
    }
}
