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
 * A capture interface whose producer speaks and that sees next to nothing of what it used to: promiscuous mode was taken from
 * the port group, a mirror session ended, a cable hangs elsewhere.
 */
public final class SensorBlindDetector implements Detector<SensorFact, SensorBlindDetector.Seen> {

    static final Parameter MOST_SHARE = new Parameter(
            "most_share",
            0.01,
            1e-6,
            0.5,
            "stated: what is left without promiscuous mode is broadcast, multicast and the sensor's own, a few packets a"
                    + " second at most beside what machines say to each other");
    static final Parameter LEAST_USUAL = new Parameter(
            "least_usual_packets", 1_000, 1, 1e9, "one packet in 100 (most_share) is then still ten packets");
    static final Parameter LEAST_WINDOWS =
            new Parameter("least_windows", 3, 1, 1_440, "stated: a switch that restarts is back in a few minutes");
    static final Parameter THRESHOLD = new Parameter(
            "threshold_nats",
            Math.log(100_000),
            1,
            50,
            "one in 100,000 windows: 0.014 an interface and day of windows of 60 s");

    static final Profile PROFILE = new Profile(
            "sensor-blind",
            "Capture interface that sees nothing of what it saw",
            List.of(),
            "IP packets of a window, against the one or two blocks of 128 windows before: a run of windows each below all of"
                    + " them (LevelShift: p at most k (k + 1) / C(n + k, k)), and below 1 % of their geometric mean, while the producer is heard.",
            "Windows of some hours are exchangeable enough that none has a hundredth of the usual. An interface whose machines"
                    + " were all shut down or moved looks alike. One direction missing or tags missing is not told: the accounts"
                    + " of interfaces do not say.",
            "e^-threshold = 1e-5 a window for the run alone; that all of it is below a hundredth of the usual comes on top.",
            TimeUnit.MINUTES.toNanos(10),
            128,
            List.of(MOST_SHARE, LEAST_USUAL, LEAST_WINDOWS, THRESHOLD));

    private static final long REMEMBERED_NANOS = TimeUnit.DAYS.toNanos(7);

    /** How much an interface saw. Kept for a week without a row. */
    public static final class Seen implements Memory {

        private static final int VERSION = 1;

        private LevelShift darkness = new LevelShift();
        private long windowEnd = Long.MIN_VALUE;

        @Override
        public long due() {
            return NEVER;
        }

        @Override
        public long expires() {
            return windowEnd == Long.MIN_VALUE ? NEVER - 1 : windowEnd + REMEMBERED_NANOS;
        }

        @Override
        public void writeTo(DataOutput out) throws IOException {
            out.writeByte(VERSION);
            out.writeLong(windowEnd);
            darkness.writeTo(out);
        }
    }

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(SensorFact fact) {
        return fact.kind() == SensorFact.Kind.ACCOUNT && fact.isHeard();
    }

    @Override
    public Seen begin() {
        return new Seen();
    }

    @Override
    public Seen read(DataInput in) throws IOException {
        Versions.require(in, Seen.VERSION, PROFILE);
        Seen memory = new Seen();
        memory.windowEnd = in.readLong();
        memory.darkness = LevelShift.read(in);
        return memory;
    }

    @Override
    public void observe(SensorFact fact, Seen memory, Tuning tuning, Findings findings) {
        if (fact.windowEnd() <= memory.windowEnd) {
            return;
        }
        memory.windowEnd = fact.windowEnd();
        LevelShift darkness = memory.darkness;
        if (!darkness.offer(-Math.log1p((double) fact.ip()), fact.windowStart())) {
            return;
        }
        double usual = Math.expm1(-darkness.mean());
        double most = Math.expm1(-darkness.runLeast());
        if (usual >= tuning.get(PROFILE, LEAST_USUAL)
                && most <= usual * tuning.get(PROFILE, MOST_SHARE)
                && darkness.above() == darkness.run()
                && darkness.run() >= tuning.get(PROFILE, LEAST_WINDOWS)
                && darkness.evidence() >= tuning.get(PROFILE, THRESHOLD)) {
            findings.report(finding(fact, darkness, usual, most, tuning));
        }
    }

    private static Finding finding(SensorFact fact, LevelShift darkness, double usual, double most, Tuning tuning) {
        String sentence = String.format(
                Locale.ROOT,
                "%s saw at most %.0f IP packets in each of the last %d windows of %d s, where %.0f were usual; its producer was"
                        + " heard in all of them.",
                fact.entity(),
                most,
                darkness.run(),
                fact.windowSeconds(),
                usual);
        return new Finding(
                "",
                Detectors.NO_REALM,
                fact.entity(),
                "",
                "",
                darkness.since(),
                fact.windowEnd(),
                darkness.run(),
                tuning.get(PROFILE, LEAST_WINDOWS),
                darkness.evidence(),
                Severity.HIGH,
                new TreeMap<>(Map.of("usual_packets", usual, "windows", (double) darkness.learnt())),
                List.of(),
                sentence);
    }

    @Override
    public void elapse(String subject, long time, Seen memory, Tuning tuning, Findings findings) {
        // a window without a row is another detector's
    }
}
