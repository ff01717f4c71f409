package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A host sends much more than it usually does at this hour of the day: in an hour, or somewhat more for many hours. It is
 * exfiltration perhaps if the host has turned from consumer to producer; else it is only unusual.
 */
public final class VolumeDetector implements Detector<FlowFact, SentVolume> {

    static final String TECHNIQUE = "T1048";

    static final Parameter LEAST_EVIDENCE = new Parameter(
            "least_evidence_nats",
            Math.log(24 / 0.003),
            1,
            50,
            "stated: 0.3 of one signal in 100 host-days, which all detectors together may be wrong, and a day has 24 hours");
    static final Parameter LEAST_EXCESS = new Parameter(
            "least_excess_octets",
            10 << 20,
            0,
            1e15,
            "10 MiB more than usual in an hour: as Microsoft Sentinel's rule on data sent to the public internet");
    static final Parameter ALLOWANCE = new Parameter(
            "allowance_deviations",
            1.5,
            0,
            100,
            "half of the least lasting shift that is looked for: three deviations");
    static final Parameter LEAST_SUM = new Parameter(
            "least_sum_deviations",
            6,
            1,
            12,
            "independent hours reach it once in 5e8 (Siegmund, Sequential Analysis, 1985); the margin is for hours that"
                    + " are not independent");
    static final Parameter LEAST_SHIFT = new Parameter(
            "least_ratio_shift",
            0.2,
            0,
            2,
            "shift of the producer-consumer ratio by which a host has changed its part: half of that between balanced"
                    + " and mailing (Bullard, Gerth, FloCon 2014)");

    static final Profile PROFILE = new Profile(
            "volume",
            "host that sends more than it does at this hour",
            List.of(TECHNIQUE),
            "log2 of the octets a host sends in an hour, against the robust mean of this hour of the day on work days or at"
                    + " weekends (UTC), of the hours before, and of what lay far out a week ago. How improbable it is follows"
                    + " from how often and how far this host's hours have lain out before (peaks over a threshold with an"
                    + " exponential tail: Pickands 1975; Siffer et al. 2017), and is at most what a normal distribution"
                    + " says; or Page's cumulative sum of the deviations. T1048 where the producer-consumer ratio has risen"
                    + " or is that of a pure producer, else no technique: a crowd of clients.",
            "Hours repeat by day or by week, and their tail is no heavier than a Pareto that eight weeks show; holidays, month's"
                    + " ends and moved backups are not known. One hour far out makes the host harder to judge for weeks."
                    + " Nothing is said in the first four days. Flows that move less than 1 KiB in a window are not counted.",
            "0.3 signals in 100 host-days for single hours by design, more while little is known of a host's tail. Measured"
                    + " with hours and days that hang together (VolumeStudy) and with heavy tails (FalseSignals): below 1.",
            TimeUnit.HOURS.toNanos(2),
            640,
            List.of(LEAST_EVIDENCE, LEAST_EXCESS, ALLOWANCE, LEAST_SUM, LEAST_SHIFT));

    /** A shift must be so many times what is usual. */
    private static final double RATIO_DEVIATIONS = 3;

    /** Nine of ten octets go out: no shift could be seen. */
    private static final double PURE_PRODUCER = 0.8;

    @Override
    public Profile profile() {
        return PROFILE;
    }

    /** Of a host outside only a part is seen: its total says nothing. */
    @Override
    public boolean isConcernedBy(FlowFact fact) {
        return fact.kind() == FlowFact.Kind.VOLUME
                && InsideAddresses.isInside(fact.hostName())
                && Math.abs(fact.octets()) + Math.abs(fact.reverseOctets()) >= UploadDetector.LEAST_FLOW_OCTETS;
    }

    @Override
    public SentVolume begin() {
        return new SentVolume();
    }

    @Override
    public SentVolume read(DataInput in) throws IOException {
        return SentVolume.readFrom(in);
    }

    /** What a revision changes of an hour that is over is left out. */
    @Override
    public void observe(FlowFact fact, SentVolume memory, Tuning tuning, Findings findings) {
        long hour = Math.floorDiv(fact.time() - 1, SentVolume.HOUR_NANOS);
        if (hour < memory.hour) {
            return;
        }
        if (hour > memory.hour) {
            memory.turnTo(hour, tuning.get(PROFILE, LEAST_EXCESS), tuning.get(PROFILE, ALLOWANCE));
            if (memory.excess >= tuning.get(PROFILE, LEAST_SUM) && !isCopying(fact, tuning)) {
                findings.report(lasting(fact, memory, tuning));
            }
        }
        memory.last = fact.time();
        memory.add(
                fact.isOut() ? fact.octets() : fact.reverseOctets(),
                fact.isOut() ? fact.reverseOctets() : fact.octets(),
                fact.isOut() ? fact.destinationName() : fact.sourceName(),
                fact.flowId());
        boolean isMuch = memory.isJudged() && memory.sent - memory.usual() >= tuning.get(PROFILE, LEAST_EXCESS);
        if (isMuch && memory.suddenEvidence() >= tuning.get(PROFILE, LEAST_EVIDENCE) && !isCopying(fact, tuning)) {
            findings.report(sudden(fact, memory, tuning));
        }
    }

    private static boolean isCopying(FlowFact fact, Tuning tuning) {
        return tuning.is(fact.hostName(), Tuning.BACKUP);
    }

    @Override
    public void elapse(String subject, long time, SentVolume memory, Tuning tuning, Findings findings) {
        // nothing waits for its time
    }

    private static Finding sudden(FlowFact fact, SentVolume memory, Tuning tuning) {
        double evidence = memory.suddenEvidence();
        String sentence =
                ("%s sent %d octets in this hour so far, where %.0f are usual: %.1f standard deviations of the"
                                + " logarithm, which its hours exceed once in e^%.1f.")
                        .formatted(fact.hostName(), memory.sent, memory.usual(), memory.suddenDeviation(), evidence);
        return finding(
                "hour",
                memory.hour * SentVolume.HOUR_NANOS,
                evidence,
                tuning.get(PROFILE, LEAST_EVIDENCE),
                evidence,
                memory.ratio(),
                sentence,
                fact,
                memory,
                tuning);
    }

    /** The evidence of a cumulative sum is the likelihood ratio of a shift by twice the allowance: S times as much. */
    private static Finding lasting(FlowFact fact, SentVolume memory, Tuning tuning) {
        String sentence = "%s has sent more than usual for %d hours, %d octets: the deviations sum up to %.1f."
                .formatted(
                        fact.hostName(),
                        memory.hour - memory.excessSince / SentVolume.HOUR_NANOS,
                        memory.excessSent,
                        memory.excess);
        return finding(
                "day",
                memory.excessSince,
                memory.excess,
                tuning.get(PROFILE, LEAST_SUM),
                2 * tuning.get(PROFILE, ALLOWANCE) * memory.excess,
                memory.excessRatio(),
                sentence,
                fact,
                memory,
                tuning);
    }

    private static Finding finding(
            String key,
            long since,
            double statistic,
            double threshold,
            double evidence,
            double ratio,
            String sentence,
            FlowFact fact,
            SentVolume memory,
            Tuning tuning) {
        boolean isProducer = isProducer(ratio, memory, tuning);
        Map<String, Double> baseline = new TreeMap<>();
        baseline.put("producer_consumer_ratio", ratio);
        baseline.put("usual_octets", memory.usual());
        baseline.put("usual_producer_consumer_ratio", (double) memory.usualRatio);
        return new Finding(
                key,
                fact.realm(),
                fact.hostName(),
                memory.majorityPeer(),
                isProducer ? TECHNIQUE : "",
                since,
                fact.time(),
                statistic,
                threshold,
                evidence,
                isProducer ? Severity.MEDIUM : Severity.LOW,
                baseline,
                memory.peerFlow.isEmpty() ? List.of() : List.of(memory.peerFlow),
                sentence);
    }

    private static boolean isProducer(double ratio, SentVolume memory, Tuning tuning) {
        double shift = Math.max(tuning.get(PROFILE, LEAST_SHIFT), RATIO_DEVIATIONS * memory.ratioDeviation);
        return ratio >= PURE_PRODUCER || ratio - memory.usualRatio >= shift;
    }
}
