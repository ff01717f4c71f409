package io.parallax.signal;

import io.parallax.model.SensorFact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A capture interface of which nothing is heard any more, neither packets nor the capture ledger, while event time goes on by
 * the others.
 */
public final class SensorSilentDetector implements Detector<SensorFact, SensorSilentDetector.Heard> {

    static final Parameter LEAST_WINDOWS = new Parameter(
            "least_windows", 3, 1, 1_440, "stated: a producer that is restarted speaks again in one window or two");
    static final Parameter THRESHOLD = new Parameter(
            "threshold_nats",
            Math.log(1_000),
            1,
            50,
            "one in 1,000 silences of a sensor that was silent as often as it was seen to be");

    static final Profile PROFILE = new Profile(
            "sensor-silent",
            "Capture interface gone silent",
            List.of(),
            "A running producer states the ledger every second, whatever passes; so a window without a row is silence of the"
                    + " sensor and not of the network. After n windows in a row that were heard, k silent ones have p of at most"
                    + " 1 / C(n + k, k) if windows are exchangeable.",
            "Event time goes on: with the only sensor time stops, and nobody is there to say so (see the job's watermark)."
                    + " Captured live: a file that ends is no silence. A producer that was stopped on purpose looks alike.",
            "0.001 a silence, under exchangeability; a sensor that comes and goes has a small n and gets more patience.",
            TimeUnit.MINUTES.toNanos(10),
            48,
            List.of(LEAST_WINDOWS, THRESHOLD));

    /** Silence is usual after a day: the sensor is gone. */
    private static final long LOOKED_FOR_NANOS = TimeUnit.DAYS.toNanos(1);

    /** More windows in a row say no more than these. */
    private static final int MOST_WINDOWS = 1_440;

    private static final long NANOS_OF_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** The row that is due at a moment is told at that moment: it is missed after it. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** When an interface was heard. Kept for a day without. */
    public static final class Heard implements Memory {

        private static final int VERSION = 1;

        private long windowEnd = Long.MIN_VALUE;
        private long toldAt = Long.MIN_VALUE;
        private int windowSeconds = 1;
        private int windows;
        private long lookAt = NEVER;

        private long windowNanos() {
            return windowSeconds * NANOS_OF_SECOND;
        }

        /** Whole windows without a row, as of a time. A row is told a while after its window. */
        private int silentWindows(long time) {
            return (int) Math.max(0, Math.min(Integer.MAX_VALUE, (time - toldAt) / windowNanos()));
        }

        @Override
        public long due() {
            return lookAt;
        }

        @Override
        public long expires() {
            return toldAt == Long.MIN_VALUE ? NEVER - 1 : toldAt + LOOKED_FOR_NANOS;
        }

        @Override
        public void writeTo(DataOutput out) throws IOException {
            out.writeByte(VERSION);
            out.writeLong(windowEnd);
            out.writeLong(toldAt);
            out.writeInt(windowSeconds);
            out.writeInt(windows);
            out.writeLong(lookAt);
        }
    }

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(SensorFact fact) {
        return fact.kind() == SensorFact.Kind.ACCOUNT && fact.isHeard() && fact.isLive();
    }

    @Override
    public Heard begin() {
        return new Heard();
    }

    @Override
    public Heard read(DataInput in) throws IOException {
        Versions.require(in, Heard.VERSION, PROFILE);
        Heard memory = new Heard();
        memory.windowEnd = in.readLong();
        memory.toldAt = in.readLong();
        memory.windowSeconds = in.readInt();
        memory.windows = in.readInt();
        memory.lookAt = in.readLong();
        return memory;
    }

    @Override
    public void observe(SensorFact fact, Heard memory, Tuning tuning, Findings findings) {
        if (fact.windowEnd() <= memory.windowEnd) {
            return;
        }
        boolean isNext = fact.windowStart() == memory.windowEnd;
        memory.windows = isNext ? Math.min(MOST_WINDOWS, memory.windows + 1) : 1;
        memory.windowEnd = fact.windowEnd();
        memory.toldAt = Math.max(memory.toldAt, fact.time());
        memory.windowSeconds = Math.max(1, fact.windowSeconds());
        memory.lookAt = memory.toldAt + memory.windowNanos() + GRACE_NANOS;
    }

    @Override
    public void elapse(String subject, long time, Heard memory, Tuning tuning, Findings findings) {
        memory.lookAt = time + memory.windowNanos();
        int silent = memory.silentWindows(time);
        double evidence = LevelShift.evidence(memory.windows, silent, silent);
        if (silent >= tuning.get(PROFILE, LEAST_WINDOWS) && evidence >= tuning.get(PROFILE, THRESHOLD)) {
            findings.report(finding(subject, time, silent, evidence, memory, tuning));
        }
    }

    private static Finding finding(
            String subject, long time, int silent, double evidence, Heard memory, Tuning tuning) {
        String sentence = String.format(
                Locale.ROOT,
                "Nothing was heard of %s for %d windows of %d s, neither packets nor its ledger, after %d windows in a row in"
                        + " which it was.",
                subject,
                silent,
                memory.windowSeconds,
                memory.windows);
        return new Finding(
                "",
                Detectors.NO_REALM,
                subject,
                "",
                "",
                memory.windowEnd,
                time,
                silent,
                tuning.get(PROFILE, LEAST_WINDOWS),
                evidence,
                Severity.HIGH,
                new TreeMap<>(Map.of("windows_heard", (double) memory.windows)),
                List.of(),
                sentence);
    }
}
