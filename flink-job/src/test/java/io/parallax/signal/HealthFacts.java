package io.parallax.signal;

import io.parallax.model.Fact;
import io.parallax.model.SegmentFact;
import io.parallax.model.SegmentFact.Way;
import io.parallax.model.SensorFact;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Facts about sensors and segments by hand, in windows of a minute, and what a detector tells of them. */
public final class HealthFacts {

    public static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int WINDOW_SECONDS = 60;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(WINDOW_SECONDS);

    /** A multiple of the window. */
    private static final long BEGIN_NANOS = TimeUnit.DAYS.toNanos(20_000);

    private HealthFacts() {}

    public static long start(int window) {
        return BEGIN_NANOS + window * WINDOW_NANOS;
    }

    /** The account of cap1/eth1, captured live, as of a revision. */
    public static SensorFact account(int window, long revision, long passed, long lost) {
        return account("eth1", window, revision, passed, lost, true);
    }

    public static SensorFact account(
            String interfaceName, int window, long revision, long passed, long lost, boolean isLive) {
        return new SensorFact(
                SensorFact.Kind.ACCOUNT,
                start(window + 1) + SETTLED_NANOS,
                "cap1",
                interfaceName,
                "",
                start(window),
                WINDOW_SECONDS,
                revision,
                true,
                isLive,
                passed,
                lost,
                passed - lost);
    }

    static SensorFact mirror(int second, long frames, long lost) {
        long at = BEGIN_NANOS + TimeUnit.SECONDS.toNanos(second);
        return new SensorFact(
                SensorFact.Kind.MIRROR,
                at + TimeUnit.SECONDS.toNanos(1),
                "cap1",
                "eth1",
                "192.0.2.1 erspan_2 7 sent lane 0",
                at,
                1,
                0,
                true,
                true,
                frames + lost,
                lost,
                frames);
    }

    /** Between cap1/eth1 and cap2/eth1, with nothing but these. */
    static SegmentFact segment(int window, Way there, Way back, Way unordered) {
        return new SegmentFact(
                start(window), WINDOW_SECONDS, "cap1", "eth1", "cap2", "eth1", 0, 0, 0, 0, there, back, unordered);
    }

    /** Between cap1/eth1 and cap2/eth1, timed. */
    static SegmentFact timed(int window, long samples, long offsetNanos, long deviationNanos, long roundTripNanos) {
        return new SegmentFact(
                start(window),
                WINDOW_SECONDS,
                "cap1",
                "eth1",
                "cap2",
                "eth1",
                samples,
                offsetNanos,
                deviationNanos,
                roundTripNanos,
                Way.NOTHING,
                Way.NOTHING,
                Way.NOTHING);
    }

    static List<Raised> ofSensors(Detector<SensorFact, ?> detector, List<SensorFact> facts) {
        return told(new WatchRules<>(SensorFactCodec.INSTANCE, List.of(detector), Tuning.DEFAULT), facts, false);
    }

    static List<Raised> ofSegments(Detector<SegmentFact, ?> detector, List<SegmentFact> facts) {
        return told(new WatchRules<>(SegmentFactCodec.INSTANCE, List.of(detector), Tuning.DEFAULT), facts, false);
    }

    /** As {@link #ofSensors}, but everything is written and read again before each fact. */
    static List<Raised> restoredOfSensors(Detector<SensorFact, ?> detector, List<SensorFact> facts) {
        return told(new WatchRules<>(SensorFactCodec.INSTANCE, List.of(detector), Tuning.DEFAULT), facts, true);
    }

    /** As {@link #ofSegments}, but everything is written and read again before each fact. */
    static List<Raised> restoredOfSegments(Detector<SegmentFact, ?> detector, List<SegmentFact> facts) {
        return told(new WatchRules<>(SegmentFactCodec.INSTANCE, List.of(detector), Tuning.DEFAULT), facts, true);
    }

    /** Time goes on as facts come. */
    private static <F extends Fact> List<Raised> told(WatchRules<F> rules, List<F> facts, boolean isRestored) {
        Watch<F> watch = new Watch<>();
        watch.configure(rules);
        List<Raised> raised = new ArrayList<>();
        for (F fact : facts) {
            watch.add(fact);
            if (isRestored) {
                watch = reread(watch);
                watch.configure(rules);
            }
            watch.advance(fact.time() - 1, raised::add);
        }
        watch.advance(Long.MAX_VALUE, raised::add);
        return raised;
    }

    private static <F extends Fact> Watch<F> reread(Watch<F> watch) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            watch.writeTo(new DataOutputStream(octets));
            return Watch.readFrom(new DataInputStream(new ByteArrayInputStream(octets.toByteArray())));
        } catch (IOException e) {
            throw new UncheckedIOException("octets in memory can be read", e);
        }
    }

    /** Those that were opened: detector, key, entity. */
    static List<String> opened(List<Raised> signals) {
        return signals.stream()
                .filter(signal -> signal.state() == Raised.State.OPEN)
                .map(signal -> (signal.finding().key() + ' ' + signal.finding().entity()).trim())
                .toList();
    }
}
