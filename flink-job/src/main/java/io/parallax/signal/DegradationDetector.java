package io.parallax.signal;

import io.parallax.model.SegmentFact;
import io.parallax.model.SegmentFact.Way;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Loss or delay between two capture interfaces that rose to another level, and where: in the network between two sensors, in
 * the host of one, or at an interface that does not see all that passes.
 *
 * <p>What the network loses TCP sends again, and octets of sequence space count once: packets are lacking at the second place,
 * octets are not. What a capture misses is never sent again: octets lack as packets do. What came without having been seen
 * on its way was missed by the capture there.
 */
public final class DegradationDetector implements Detector<SegmentFact, DegradationMemory> {

    static final Parameter LEAST_LOSS = new Parameter(
            "least_loss_share", 0.005, 1e-5, 0.9, "five times the objective for loss of ITU-T Y.1541 (0.001)");
    static final Parameter LEAST_PACKETS = new Parameter(
            "least_packets",
            200,
            10,
            1e9,
            "windows are taken together until they have as many: one lost packet is then the least loss that is told");
    static final Parameter DELAY_FACTOR =
            new Parameter("delay_factor", 2, 1.1, 1_000, "stated: queues at least as long as the way itself");
    static final Parameter LEAST_DELAY = new Parameter(
            "least_delay_micros",
            1_000,
            50,
            1e7,
            "stated: ten times the jitter of timestamps where switches in user space stamp frames (docs/47-segments.md)");
    static final Parameter LEAST_SAMPLES =
            new Parameter("least_samples", 5, 1, 256, "a median of fewer flows is that of one or two of them");
    static final Parameter LEAST_WINDOWS = new Parameter(
            "least_windows", 3, 1, 128, "stated: what is over after two windows (batches of packets) needs nobody");
    static final Parameter THRESHOLD = new Parameter(
            "threshold_nats",
            Math.log(100_000),
            1,
            50,
            "one in 100,000 windows: 0.014 a segment, way and day of windows of 60 s");

    static final Profile PROFILE = new Profile(
            "degradation",
            "Loss or delay of a segment that rose",
            List.of(),
            "Share of packets lost, by batches of windows with 200 packets, and round trip between the two interfaces, by window: a run of figures, j"
                    + " of m above all of the one or two blocks of 128 before (LevelShift: p at most m (m + 1) C(m, j) / C(n + m,"
                    + " j), whatever the distribution)."
                    + " Loss needs the binomial likelihood ratio beyond the threshold as well, delay twice the usual. Where octets of"
                    + " TCP sequence space lack like packets, nobody sent them again: the capture missed them, and not the"
                    + " network.",
            "Windows are exchangeable but for the fault. Loss of traffic that isn't sent again (UDP) looks like that of the"
                    + " capture. After 128 windows a new level is usual. Segments are those between capture interfaces: the part"
                    + " between a machine and the first interface is in round trips of flows, and not here.",
            "e^-threshold = 1e-5 a window and way (seven of them) for the run alone; least loss and least delay come on top.",
            TimeUnit.MINUTES.toNanos(10),
            1_280,
            List.of(LEAST_LOSS, LEAST_PACKETS, DELAY_FACTOR, LEAST_DELAY, LEAST_SAMPLES, LEAST_WINDOWS, THRESHOLD));

    /**
     * Of what goes from here to the other: what lacks there, and what came without having been seen here. Then of what comes
     * back; last, of what has no order.
     */
    static final List<String> KEYS =
            List.of("loss-there", "unseen-here", "loss-back", "unseen-other", "lacking-here", "lacking-other");

    private static final int LOSS_THERE = 0;
    private static final int UNSEEN_HERE = 1;
    private static final int LOSS_BACK = 2;
    private static final int UNSEEN_OTHER = 3;
    private static final int LACKING_HERE = 4;
    private static final int LACKING_OTHER = 5;

    /** Octets that lack at least so much as packets do were not sent again. */
    private static final double NOT_SENT_AGAIN = 0.5;

    private static final double PERCENT = 100;
    private static final double NANOS_OF_MICRO = 1e3;
    private static final double NANOS_OF_SECOND = 1e9;

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(SegmentFact fact) {
        return true;
    }

    @Override
    public DegradationMemory begin() {
        return new DegradationMemory();
    }

    @Override
    public DegradationMemory read(DataInput in) throws IOException {
        return DegradationMemory.read(in);
    }

    @Override
    public void observe(SegmentFact fact, DegradationMemory memory, Tuning tuning, Findings findings) {
        if (fact.time() <= memory.at) {
            return;
        }
        memory.at = fact.time();
        lose(LOSS_THERE, fact.there(), fact, memory, tuning, findings);
        lose(UNSEEN_HERE, fact.there().reversed(), fact, memory, tuning, findings);
        lose(LOSS_BACK, fact.back(), fact, memory, tuning, findings);
        lose(UNSEEN_OTHER, fact.back().reversed(), fact, memory, tuning, findings);
        lose(LACKING_HERE, fact.unordered().reversed(), fact, memory, tuning, findings);
        lose(LACKING_OTHER, fact.unordered(), fact, memory, tuning, findings);
        delay(fact, memory, tuning, findings);
    }

    private static void lose(
            int index, Way way, SegmentFact fact, DegradationMemory memory, Tuning tuning, Findings findings) {
        if (way.sentPackets() == 0) {
            return;
        }
        SegmentLoss loss = memory.losses[index];
        if (loss.offer(way, fact.windowStart(), tuning.get(PROFILE, LEAST_PACKETS))
                && loss.excess() >= tuning.get(PROFILE, LEAST_LOSS)
                && loss.shares().run() >= tuning.get(PROFILE, LEAST_WINDOWS)
                && loss.evidence() >= tuning.get(PROFILE, THRESHOLD)) {
            findings.report(lost(index, fact, loss, tuning));
        }
    }

    private static Finding lost(int index, SegmentFact fact, SegmentLoss loss, Tuning tuning) {
        boolean isHere = index == UNSEEN_HERE || index == LOSS_BACK || index == LACKING_HERE;
        boolean isUnseen = index == UNSEEN_HERE || index == UNSEEN_OTHER;
        String place = isHere ? fact.here() : fact.other();
        String source = isHere ? fact.other() : fact.here();
        boolean isCapture = isUnseen || loss.excessOfOctets() >= NOT_SENT_AGAIN * loss.excess();
        String sentence = String.format(
                Locale.ROOT,
                "%s counted %d packets and %s %d of the same flows in %.0f s, %.1f %% fewer than usual: %s.",
                source,
                loss.run().sentPackets(),
                place,
                loss.run().arrivedPackets(),
                (fact.time() - loss.shares().since()) / NANOS_OF_SECOND,
                PERCENT * loss.excess(),
                cause(isUnseen, isCapture, place, fact));
        Map<String, Double> figures = new TreeMap<>();
        figures.put("excess_of_octets", loss.excessOfOctets());
        figures.put("usual_share", loss.usualShare());
        figures.put("batches", (double) loss.shares().learnt());
        return new Finding(
                KEYS.get(index),
                Detectors.NO_REALM,
                isCapture ? place : source,
                isCapture ? source : place,
                "",
                loss.shares().since(),
                fact.time(),
                loss.excess(),
                tuning.get(PROFILE, LEAST_LOSS),
                loss.evidence(),
                Severity.MEDIUM,
                figures,
                List.of(),
                sentence);
    }

    private static String cause(boolean isUnseen, boolean isCapture, String place, SegmentFact fact) {
        if (isUnseen) {
            return "they passed there first, so the capture at " + place + " missed them";
        }
        return isCapture
                ? "octets lack too, so the capture at " + place + " missed them"
                : "octets came all the same, so they were lost on the way " + segment(fact) + " and sent again";
    }

    private static String segment(SegmentFact fact) {
        return fact.isWithinSensor() ? "in the host of " + fact.sensor() : "in the network";
    }

    private static void delay(SegmentFact fact, DegradationMemory memory, Tuning tuning, Findings findings) {
        if (fact.samples() < tuning.get(PROFILE, LEAST_SAMPLES)) {
            return;
        }
        double micros = Math.max(1, fact.roundTripNanos() / NANOS_OF_MICRO);
        LevelShift delay = memory.delay;
        if (!delay.offer(Math.log(micros), fact.windowStart())) {
            return;
        }
        double usual = Math.exp(delay.mean());
        double now = Math.exp(delay.runMean());
        if (now >= tuning.get(PROFILE, DELAY_FACTOR) * usual
                && now - usual >= tuning.get(PROFILE, LEAST_DELAY)
                && delay.run() >= tuning.get(PROFILE, LEAST_WINDOWS)
                && delay.evidence() >= tuning.get(PROFILE, THRESHOLD)) {
            findings.report(slower(fact, delay, usual, tuning));
        }
    }

    private static Finding slower(SegmentFact fact, LevelShift delay, double usual, Tuning tuning) {
        double now = Math.exp(delay.runMean());
        String sentence = String.format(
                Locale.ROOT,
                "The round trip between %s and %s %s took %.0f us in the last %d windows, where %.0f us were usual.",
                fact.here(),
                fact.other(),
                segment(fact),
                now,
                delay.run(),
                usual);
        return new Finding(
                "delay",
                Detectors.NO_REALM,
                fact.here(),
                fact.other(),
                "",
                delay.since(),
                fact.time(),
                now / usual,
                tuning.get(PROFILE, DELAY_FACTOR),
                delay.evidence(),
                Severity.MEDIUM,
                new TreeMap<>(Map.of("usual_micros", usual, "windows", (double) delay.learnt())),
                List.of(),
                sentence);
    }

    @Override
    public void elapse(String subject, long time, DegradationMemory memory, Tuning tuning, Findings findings) {
        // a window in which nobody sent anything tells nothing
    }
}
