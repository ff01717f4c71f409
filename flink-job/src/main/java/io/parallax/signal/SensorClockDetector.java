package io.parallax.signal;

import io.parallax.model.SegmentFact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Clocks of two sensors that are further apart than they may be, or of which one moved at once, by the copies of packets that
 * both saw. Which of the two is wrong, a pair doesn't tell: the sensor that is in all such pairs is.
 */
public final class SensorClockDetector implements Detector<SegmentFact, SensorClockDetector.Offsets> {

    static final Parameter MOST_OFFSET = new Parameter(
            "most_offset_millis", 1_000, 1, 3_600_000, "stated: a second; windows of flows are told apart by seconds");
    static final Parameter MOST_STEP = new Parameter(
            "most_step_millis", 128, 1, 3_600_000, "RFC 5905, section 11.3: STEPT, beyond which NTP steps a clock");
    static final Parameter LEAST_SAMPLES = new Parameter(
            "least_samples", 8, 3, 256, "half of 8 right samples are beyond a wrong median once in 2^8 windows");

    static final Profile PROFILE = new Profile(
            "sensor-clock",
            "Clocks of two sensors that differ or stepped",
            List.of(),
            "Median of the clock offsets of flows that both sensors saw (docs/47-segments.md), less three median absolute"
                    + " deviations: beyond 1 s, or 128 ms from that of the window before (NTP's step threshold, RFC 5905).",
            "Both ways between the sensors take equally long within the limits: half their difference is in the offset. Flows"
                    + " in both directions are copied to both. Clocks further apart than a window have no copies in common.",
            "2^-8 a window in which half of the copies are mistaken, and none otherwise: delays of a second are none of a"
                    + " data centre's.",
            TimeUnit.MINUTES.toNanos(10),
            48,
            List.of(MOST_OFFSET, MOST_STEP, LEAST_SAMPLES));

    private static final double NANOS_OF_MILLI = 1e6;

    /** Beyond this much nothing becomes surer. */
    private static final long MOST_EVIDENT = 64;

    private static final int DEVIATIONS = 3;
    private static final long REMEMBERED_NANOS = TimeUnit.DAYS.toNanos(1);

    /** The offset in the last window that tells one. Kept for a day without. */
    public static final class Offsets implements Memory {

        private static final int VERSION = 1;

        private boolean isKnown;
        private long offset;
        private long deviation;
        private long at = Long.MIN_VALUE;

        @Override
        public long due() {
            return NEVER;
        }

        @Override
        public long expires() {
            return at == Long.MIN_VALUE ? NEVER - 1 : at + REMEMBERED_NANOS;
        }

        @Override
        public void writeTo(DataOutput out) throws IOException {
            out.writeByte(VERSION);
            out.writeBoolean(isKnown);
            out.writeLong(offset);
            out.writeLong(deviation);
            out.writeLong(at);
        }
    }

    @Override
    public Profile profile() {
        return PROFILE;
    }

    /** Two interfaces of one sensor have one clock. */
    @Override
    public boolean isConcernedBy(SegmentFact fact) {
        return fact.samples() > 0 && !fact.isWithinSensor();
    }

    @Override
    public Offsets begin() {
        return new Offsets();
    }

    @Override
    public Offsets read(DataInput in) throws IOException {
        Versions.require(in, Offsets.VERSION, PROFILE);
        Offsets memory = new Offsets();
        memory.isKnown = in.readBoolean();
        memory.offset = in.readLong();
        memory.deviation = in.readLong();
        memory.at = in.readLong();
        return memory;
    }

    @Override
    public void observe(SegmentFact fact, Offsets memory, Tuning tuning, Findings findings) {
        memory.at = Math.max(memory.at, fact.time());
        if (fact.samples() < tuning.get(PROFILE, LEAST_SAMPLES)) {
            return;
        }
        long slack = DEVIATIONS * fact.deviationNanos();
        double mostOffset = tuning.get(PROFILE, MOST_OFFSET);
        double mostStep = tuning.get(PROFILE, MOST_STEP);
        double apart = (Math.abs(fact.offsetNanos()) - slack) / NANOS_OF_MILLI;
        if (apart > mostOffset) {
            findings.report(finding("offset", fact, mostOffset, fact.offsetNanos(), differ(fact)));
        }
        long step = fact.offsetNanos() - memory.offset;
        long bothSlack = slack + DEVIATIONS * memory.deviation;
        if (memory.isKnown && (Math.abs(step) - bothSlack) / NANOS_OF_MILLI > mostStep) {
            findings.report(finding("step", fact, mostStep, step, stepped(fact, step)));
        }
        memory.isKnown = true;
        memory.offset = fact.offsetNanos();
        memory.deviation = fact.deviationNanos();
    }

    private static String differ(SegmentFact fact) {
        return String.format(
                Locale.ROOT,
                "The clock of %s is %.1f ms %s that of %s, by %d flows that both saw.",
                fact.otherSensor(),
                Math.abs(fact.offsetNanos()) / NANOS_OF_MILLI,
                fact.offsetNanos() > 0 ? "ahead of" : "behind",
                fact.sensor(),
                fact.samples());
    }

    private static String stepped(SegmentFact fact, long step) {
        return String.format(
                Locale.ROOT,
                "The clock of %s moved by %.1f ms against that of %s within a window of %d s, by %d flows that both saw.",
                fact.otherSensor(),
                step / NANOS_OF_MILLI,
                fact.sensor(),
                fact.windowSeconds(),
                fact.samples());
    }

    private static Finding finding(String key, SegmentFact fact, double threshold, long nanos, String sentence) {
        return new Finding(
                key,
                Detectors.NO_REALM,
                fact.other(),
                fact.here(),
                "",
                fact.windowStart(),
                fact.time(),
                Math.abs(nanos) / NANOS_OF_MILLI,
                threshold,
                Math.min(MOST_EVIDENT, fact.samples()) * Math.log(2),
                Severity.MEDIUM,
                new TreeMap<>(Map.of("deviation_millis", fact.deviationNanos() / NANOS_OF_MILLI, "samples", (double)
                        fact.samples())),
                List.of(),
                sentence);
    }

    @Override
    public void elapse(String subject, long time, Offsets memory, Tuning tuning, Findings findings) {
        // nothing follows from silence
    }
}
