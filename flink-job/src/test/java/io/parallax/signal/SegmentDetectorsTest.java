package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.SegmentFact;
import io.parallax.model.SegmentFact.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SegmentDetectorsTest {

    private static final long MILLI = 1_000_000;
    private static final int BEFORE = 100;
    private static final int AFTER = 20;

    /** Octets of TCP sequence space that a packet has. */
    private static final long OCTETS = 1_000;

    @Test
    void whatIsSentAgainWasLostInTheNetwork() {
        List<Raised> signals = signals(random -> 0.02, true);
        assertThat(HealthFacts.opened(signals)).containsExactly("loss-there cap1/eth1");
        assertThat(signals.get(0).finding().sentence()).endsWith("lost on the way in the network and sent again.");
        assertThat(signals.get(0).since()).isEqualTo(HealthFacts.start(BEFORE));
        assertThat(signals.get(0).detectedAt()).as("five windows").isLessThanOrEqualTo(HealthFacts.start(BEFORE + 5));
    }

    @Test
    void whatIsNotSentAgainWasMissedByTheCapture() {
        List<Raised> signals = signals(random -> 0.05, false);
        assertThat(HealthFacts.opened(signals)).containsExactly("loss-there cap2/eth1");
        assertThat(signals.get(0).finding().sentence()).endsWith("the capture at cap2/eth1 missed them.");
    }

    @Test
    void lossThatWasThereBeforeOrIsSmallIsNoSignal() {
        assertThat(signals(random -> 0.004, false)).isEmpty();
    }

    @Test
    void oneBadWindowIsNoSignal() {
        List<SegmentFact> facts = new ArrayList<>();
        Random random = new Random(5);
        for (int window = 0; window < BEFORE; window++) {
            facts.add(there(window, random, window == BEFORE / 2 ? 0.3 : 0.001, true));
        }
        assertThat(HealthFacts.ofSegments(new DegradationDetector(), facts)).isEmpty();
    }

    @Test
    void whoLacksPacketsIsNamedWhereNoRouterTellsTheWay() {
        List<SegmentFact> facts = new ArrayList<>();
        Random random = new Random(6);
        for (int window = 0; window < BEFORE + AFTER; window++) {
            Way seen = way(5_000, binomial(random, 5_000, window < BEFORE ? 0.001 : 0.05), false);
            facts.add(HealthFacts.segment(window, Way.NOTHING, Way.NOTHING, seen.reversed()));
        }
        assertThat(HealthFacts.opened(HealthFacts.ofSegments(new DegradationDetector(), facts)))
                .containsExactly("lacking-here cap1/eth1");
    }

    @Test
    void whatCameWithoutHavingBeenSeenWasMissedByTheCaptureOnItsWay() {
        List<SegmentFact> facts = new ArrayList<>();
        Random random = new Random(10);
        for (int window = 0; window < BEFORE + AFTER; window++) {
            Way seen = way(5_000, binomial(random, 5_000, window < BEFORE ? 0.001 : 0.05), true);
            facts.add(HealthFacts.segment(window, Way.NOTHING, seen.reversed(), Way.NOTHING));
        }
        List<Raised> signals = HealthFacts.ofSegments(new DegradationDetector(), facts);
        assertThat(HealthFacts.opened(signals)).containsExactly("unseen-other cap2/eth1");
        assertThat(signals.get(0).finding().sentence()).contains("passed there first");
    }

    /** Loss of 0.1 %, in windows of any size, with what passes the end of a window counted in the next one. */
    @Test
    void noiseOfLossRaisesNoSignalInAHundredThousandWindows() {
        Random random = new Random(31);
        DegradationDetector detector = new DegradationDetector();
        DegradationMemory memory = detector.begin();
        List<Finding> findings = new ArrayList<>();
        long carried = 0;
        for (int window = 0; window < 100_000; window++) {
            int sent = 200 + random.nextInt(5_000);
            long next = random.nextInt(20);
            Way way = way(sent, binomial(random, sent, 0.001) + next - carried, false);
            carried = next;
            detector.observe(
                    HealthFacts.segment(window, way, way.reversed(), way), memory, Tuning.DEFAULT, findings::add);
        }
        assertThat(findings).isEmpty();
        assertThat(Signals.octets(memory)).isLessThanOrEqualTo(DegradationDetector.PROFILE.mostOctets());
    }

    @Test
    void delaysWithHeavyTailsRaiseNoSignalInAHundredThousandWindows() {
        Random random = new Random(32);
        DegradationDetector detector = new DegradationDetector();
        DegradationMemory memory = detector.begin();
        List<Finding> findings = new ArrayList<>();
        for (int window = 0; window < 100_000; window++) {
            long nanos = (long) (200_000 / Math.pow(1 - random.nextDouble(), 0.8));
            detector.observe(HealthFacts.timed(window, 20, 0, 0, nanos), memory, Tuning.DEFAULT, findings::add);
        }
        assertThat(findings).isEmpty();
    }

    @Test
    void aDelayThatRoseToSeveralTimesTheUsualIsTold() {
        List<Raised> signals = HealthFacts.ofSegments(new DegradationDetector(), delays(5 * MILLI));
        assertThat(HealthFacts.opened(signals)).containsExactly("delay cap1/eth1");
        assertThat(signals.get(0).finding().sentence()).contains("in the network");
        assertThat(HealthFacts.ofSegments(new DegradationDetector(), delays(MILLI / 2)))
                .as("below a millisecond more")
                .isEmpty();
    }

    private static List<SegmentFact> delays(long nanos) {
        Random random = new Random(8);
        List<SegmentFact> facts = new ArrayList<>();
        for (int window = 0; window < BEFORE + AFTER; window++) {
            long usual = (long) (200_000 * Math.exp(0.2 * random.nextGaussian()));
            facts.add(HealthFacts.timed(window, 20, 0, 0, window < BEFORE ? usual : nanos + usual));
        }
        return facts;
    }

    @Test
    void aClockThatIsFarOffOrStepsIsTold() {
        List<SegmentFact> off = new ArrayList<>();
        List<SegmentFact> steps = new ArrayList<>();
        List<SegmentFact> drifts = new ArrayList<>();
        for (int window = 0; window < 30; window++) {
            off.add(HealthFacts.timed(window, 20, 1_500 * MILLI, MILLI, MILLI));
            steps.add(HealthFacts.timed(window, 20, window < 15 ? 0 : 300 * MILLI, MILLI, MILLI));
            drifts.add(HealthFacts.timed(window, 20, window * 10L * MILLI, MILLI, MILLI));
        }
        SensorClockDetector detector = new SensorClockDetector();
        assertThat(HealthFacts.opened(HealthFacts.ofSegments(detector, off))).containsExactly("offset cap2/eth1");
        List<Raised> stepped = HealthFacts.ofSegments(detector, steps);
        assertThat(HealthFacts.opened(stepped)).containsExactly("step cap2/eth1");
        assertThat(stepped.get(0).finding().sentence())
                .isEqualTo(
                        "The clock of cap2 moved by 300.0 ms against that of cap1 within a window of 60 s, by 20 flows"
                                + " that both saw.");
        assertThat(HealthFacts.ofSegments(detector, drifts)).isEmpty();
    }

    @Test
    void aClockIsNotJudgedByFewFlowsOrByOnesThatDisagree() {
        SensorClockDetector detector = new SensorClockDetector();
        assertThat(HealthFacts.ofSegments(detector, List.of(HealthFacts.timed(0, 7, 5_000 * MILLI, 0, MILLI))))
                .isEmpty();
        assertThat(HealthFacts.ofSegments(
                        detector, List.of(HealthFacts.timed(0, 50, 5_000 * MILLI, 2_000 * MILLI, MILLI))))
                .isEmpty();
    }

    @Test
    void whatWasWrittenAndReadGoesOnAlike() {
        List<SegmentFact> facts = new ArrayList<>();
        Random random = new Random(9);
        for (int window = 0; window < BEFORE + AFTER; window++) {
            SegmentFact lossy = there(window, random, window < BEFORE ? 0.001 : 0.05, true);
            facts.add(new SegmentFact(
                    lossy.windowStart(),
                    lossy.windowSeconds(),
                    lossy.sensor(),
                    lossy.interfaceName(),
                    lossy.otherSensor(),
                    lossy.otherInterfaceName(),
                    20,
                    window < BEFORE ? 0 : 2_000 * MILLI,
                    MILLI,
                    MILLI,
                    lossy.there(),
                    lossy.back(),
                    lossy.unordered()));
        }
        for (Detector<SegmentFact, ?> detector : Detectors.OF_SEGMENTS) {
            List<String> whole = HealthFacts.ofSegments(detector, facts).stream()
                    .map(Signals::text)
                    .toList();
            assertThat(HealthFacts.restoredOfSegments(detector, facts).stream().map(Signals::text))
                    .as(detector.profile().name())
                    .isNotEmpty()
                    .containsExactlyElementsOf(whole);
        }
    }

    /** Loss of one in a thousand, then as much more. */
    private static List<Raised> signals(java.util.function.ToDoubleFunction<Random> then, boolean isSentAgain) {
        List<SegmentFact> facts = new ArrayList<>();
        Random random = new Random(4);
        for (int window = 0; window < BEFORE + AFTER; window++) {
            double share = window < BEFORE ? 0.001 : 0.001 + then.applyAsDouble(random);
            facts.add(there(window, random, share, isSentAgain));
        }
        return HealthFacts.ofSegments(new DegradationDetector(), facts);
    }

    private static SegmentFact there(int window, Random random, double share, boolean isSentAgain) {
        return HealthFacts.segment(
                window, way(5_000, binomial(random, 5_000, share), isSentAgain), Way.NOTHING, Way.NOTHING);
    }

    private static Way way(long sent, long lost, boolean isSentAgain) {
        return new Way(sent, sent - lost, sent * OCTETS, (isSentAgain ? sent : sent - lost) * OCTETS);
    }

    private static int binomial(Random random, int of, double share) {
        int hits = 0;
        for (double at = Math.log(1 - random.nextDouble()) / Math.log1p(-share);
                at < of;
                at += 1 + Math.log(1 - random.nextDouble()) / Math.log1p(-share)) {
            hits++;
        }
        return hits;
    }
}
