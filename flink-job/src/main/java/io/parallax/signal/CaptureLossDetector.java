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
 * Packets that passed and were not seen, by counts of those who lost them: no estimate. The same decision for interfaces and
 * for mirror sessions.
 *
 * <p>Page's cumulative sum (Biometrika 41, 1954) of the logarithm of the likelihood ratio of the share that matters to the
 * share that doesn't. Packets are not dropped one by one but in runs, while a buffer is full, so that the ratio is divided by
 * r. With runs that come independently and are geometric of mean m, and the usual share p, the sum's exponential does not
 * grow on average (which is what the bound needs) while p c / (1 - m c) is at most ln((1 - p) / (1 - q)) / r, with c = ln(q /
 * p) / r and the share that matters q: for 0.1 % and 1 % while r is at least 3.1 m.
 */
public final class CaptureLossDetector implements Detector<SensorFact, CaptureLossDetector.Lost> {

    static final Parameter USUAL_SHARE = new Parameter(
            "usual_share",
            0.001,
            1e-6,
            0.5,
            "ITU-T Y.1541 calls a network good that loses as much: a capture has to be better");
    static final Parameter LOST_SHARE = new Parameter(
            "lost_share", 0.01, 1e-5, 0.9, "stated: ten times the usual share, told apart within a window");
    static final Parameter RUN = new Parameter(
            "run_packets",
            128,
            1,
            4_096,
            "3.1 times the mean run of lost packets for which the bound holds, if runs are geometric: of 40 packets; stated");
    static final Parameter THRESHOLD = new Parameter(
            "threshold_nats",
            Math.log(1e6),
            1,
            50,
            "Lorden (1971): e^threshold windows between false alarms, 2 years of 60 s");

    private static final String IDEA =
            " Cumulative sum (Page 1954) of ln likelihood ratio of a share of 1 % to one of 0.1 %, 128 packets counting as one since"
                    + " they are dropped in runs.";
    private static final String FALSE_ALARMS =
            "e^-threshold = 1e-6 a window (Lorden 1971), if runs of lost packets are geometric, of 40 on average at most,"
                    + " and the share without a fault is at most 0.1 %. What is counted as lost was lost in any case.";

    /** Of interfaces. */
    public static final CaptureLossDetector OF_INTERFACES = new CaptureLossDetector(
            SensorFact.Kind.ACCOUNT,
            new Profile(
                    "capture-drops",
                    "Capture interface that loses packets",
                    List.of(),
                    "Dropped by the kernel, shed, lost with a process that died, or missing between producer and job, by the"
                            + " completeness accounts."
                            + IDEA,
                    "Who loses packets counts them. Headers shed by sampling on purpose are in the account as shed and look"
                            + " alike.",
                    FALSE_ALARMS,
                    TimeUnit.MINUTES.toNanos(10),
                    64,
                    List.of(USUAL_SHARE, LOST_SHARE, RUN, THRESHOLD)));

    /** Of mirror sessions. */
    public static final CaptureLossDetector OF_MIRRORS = new CaptureLossDetector(
            SensorFact.Kind.MIRROR,
            new Profile(
                    "mirror-loss",
                    "Mirror session that loses packets on the way to the sensor",
                    List.of(),
                    "Sequence numbers of mirror packets (ERSPAN, GRE) that never came, by the capture ledger." + IDEA,
                    "Sessions that count: of those without sequence numbers losses are estimates at best, and not told.",
                    FALSE_ALARMS.replace("a window", "an interval of the ledger"),
                    TimeUnit.MINUTES.toNanos(10),
                    64,
                    List.of(USUAL_SHARE, LOST_SHARE, RUN, THRESHOLD)));

    private static final long REMEMBERED_NANOS = TimeUnit.DAYS.toNanos(1);
    private static final double PERCENT = 100;
    private static final double NANOS_OF_SECOND = 1e9;

    /** From this share on too little is left to trust any absence. */
    private static final double GRAVE = 0.1;

    private final SensorFact.Kind kind;
    private final Profile profile;

    private CaptureLossDetector(SensorFact.Kind kind, Profile profile) {
        this.kind = kind;
        this.profile = profile;
    }

    /** Counts since the sum was 0 last. Kept for a day without a row. */
    public static final class Lost implements Memory {

        private static final int VERSION = 1;

        private long windowEnd = Long.MIN_VALUE;
        private long since;
        private double sum;
        private long passed;
        private long lost;

        private void add(SensorFact fact, double ratio) {
            sum = Math.max(0, sum + ratio);
            if (sum <= 0) {
                passed = 0;
                lost = 0;
                return;
            }
            since = passed == 0 ? fact.windowStart() : since;
            passed += fact.passed();
            lost += fact.lost();
        }

        private double share() {
            return (double) lost / Math.max(1, passed);
        }

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
            out.writeLong(since);
            out.writeDouble(sum);
            out.writeLong(passed);
            out.writeLong(lost);
        }
    }

    @Override
    public Profile profile() {
        return profile;
    }

    @Override
    public boolean isConcernedBy(SensorFact fact) {
        return fact.kind() == kind && fact.passed() > 0;
    }

    @Override
    public Lost begin() {
        return new Lost();
    }

    @Override
    public Lost read(DataInput in) throws IOException {
        Versions.require(in, Lost.VERSION, profile);
        Lost memory = new Lost();
        memory.windowEnd = in.readLong();
        memory.since = in.readLong();
        memory.sum = in.readDouble();
        memory.passed = in.readLong();
        memory.lost = in.readLong();
        return memory;
    }

    @Override
    public void observe(SensorFact fact, Lost memory, Tuning tuning, Findings findings) {
        if (fact.windowEnd() <= memory.windowEnd) {
            return;
        }
        memory.windowEnd = fact.windowEnd();
        memory.add(fact, ratio(fact, tuning));
        double threshold = tuning.get(profile, THRESHOLD);
        if (fact.lost() > 0 && memory.sum >= threshold && memory.share() >= tuning.get(profile, USUAL_SHARE)) {
            findings.report(finding(fact, memory, tuning, threshold));
        }
    }

    private double ratio(SensorFact fact, Tuning tuning) {
        double usual = tuning.get(profile, USUAL_SHARE);
        double share = Math.max(2 * usual, tuning.get(profile, LOST_SHARE));
        double seen = fact.passed() - fact.lost();
        return (fact.lost() * Math.log(share / usual) + seen * Math.log((1 - share) / (1 - usual)))
                / tuning.get(profile, RUN);
    }

    private Finding finding(SensorFact fact, Lost memory, Tuning tuning, double threshold) {
        String sentence = String.format(
                Locale.ROOT,
                "%s did not see %d of %d packets (%.1f %%) within %.0f s: %s.",
                fact.subject(),
                memory.lost,
                memory.passed,
                PERCENT * memory.share(),
                (fact.windowEnd() - memory.since) / NANOS_OF_SECOND,
                kind == SensorFact.Kind.MIRROR
                        ? "its sequence numbers have gaps"
                        : "they were dropped, shed or lost on the way");
        return new Finding(
                "",
                Detectors.NO_REALM,
                fact.entity(),
                fact.session(),
                "",
                memory.since,
                fact.windowEnd(),
                memory.share(),
                tuning.get(profile, USUAL_SHARE),
                Math.max(threshold, memory.sum),
                memory.share() >= GRAVE ? Severity.HIGH : Severity.MEDIUM,
                new TreeMap<>(Map.of("lost", (double) memory.lost, "passed", (double) memory.passed)),
                List.of(),
                sentence);
    }

    @Override
    public void elapse(String subject, long time, Lost memory, Tuning tuning, Findings findings) {
        // nothing follows from silence
    }
}
