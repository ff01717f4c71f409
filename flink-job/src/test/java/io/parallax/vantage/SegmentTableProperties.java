package io.parallax.vantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parallax.model.SegmentCounts;
import io.parallax.model.SegmentSample;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is estimated is a function of the set of samples. */
final class SegmentTableProperties {

    private static final long WINDOW = 60_000_000_000L;

    @Property(tries = 100)
    void noOrderOfArrivalChangesWhatIsKept(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int pairs)
            throws IOException {
        Random random = new Random(seed);
        List<SegmentSample> samples = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            samples.add(sample(random.nextInt(pairs), random.nextInt(1_000), random.nextInt(9), random.nextInt(9)));
        }
        byte[] inOrder = octets(table(samples));
        Collections.shuffle(samples, random);
        assertThat(octets(table(samples))).isEqualTo(inOrder);
    }

    @Property(tries = 50)
    void aTableThatWasWrittenInTheMidstGoesOnAsIfNothingHadHappened(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        SegmentTable undisturbed = new SegmentTable();
        SegmentTable restored = new SegmentTable();
        for (int i = 0; i < 900; i++) {
            SegmentSample sample = sample(random.nextInt(2), random.nextInt(500), i, random.nextInt(9));
            undisturbed.add(sample);
            restored.add(sample);
            if (i % 300 == 0) {
                restored =
                        SegmentTable.readFrom(new DataInputStream(new ByteArrayInputStream(octets(restored.copy()))));
            }
        }
        assertThat(octets(restored)).isEqualTo(octets(undisturbed));
    }

    @Test
    void theOffsetIsExactWhereBothWaysTakeEquallyLong() {
        SegmentEstimate estimate = estimate(sample(0, 1, 5_000, 30), sample(0, 2, 5_000, 50), sample(0, 3, 5_000, 90));
        assertThat(estimate).isEqualTo(new SegmentEstimate(5_000, 0, 4_970, 5_030, 30, 50, 30, 50));
    }

    /** 100 there, 20 back: nothing in four times tells that from 60 each way and a clock that is 40 off. */
    @Test
    void theOffsetIsOffByHalfOfWhatTheWaysDifferAndTheBoundsStillHoldIt() {
        SegmentSample sample = sample(0, 1, 0, 0);
        sample.there = 5_000 + 100;
        sample.back = 5_000 - 20;
        SegmentEstimate estimate = estimate(sample);
        assertThat(estimate.offset()).isEqualTo(5_000 + (100 - 20) / 2);
        assertThat(5_000L).isBetween(estimate.least(), estimate.greatest());
        assertThat(estimate.thereMin() + estimate.backMin())
                .as("the sum is not touched")
                .isEqualTo(120);
    }

    @Test
    void oneFlowInAQueueMovesNeitherMedianNorBound() {
        SegmentSample queued = sample(0, 4, 0, 0);
        queued.there = 5_000 + 90_000;
        queued.back = 5_000 - 30;
        SegmentEstimate estimate =
                estimate(sample(0, 1, 5_000, 30), sample(0, 2, 5_000, 30), sample(0, 3, 5_000, 30), queued);
        assertThat(estimate).isEqualTo(new SegmentEstimate(5_000, 0, 4_970, 5_030, 30, 30, 30, 30));
    }

    @Test
    void moreSamplesThanAreKeptStillCount() {
        SegmentTable table = new SegmentTable();
        for (int i = 0; i < 10_000; i++) {
            table.add(sample(0, i, 5_000, i));
        }
        SegmentPair pair = pairs(table).get(0);
        assertThat(pair.timings().samples()).isEqualTo(10_000);
        assertThat(pair.timings().estimate().thereMin()).isZero();
        assertThat(pair.timings().estimate().thereMedian())
                .as("of the smallest hashes")
                .isEqualTo(127);
        assertThat(pair.counts().packets(SegmentCounts.THERE, SegmentCounts.HERE))
                .isEqualTo(10_000);
    }

    @Test
    void pairsBeyondTheBoundAreGivenUpWithAllTheirRows() {
        List<SegmentSample> samples = new ArrayList<>();
        for (int pair = 0; pair < SegmentWindow.MOST_PAIRS + 5; pair++) {
            samples.add(sample(pair, 1, 0, 1));
            samples.add(sample(pair, 2, 0, 1));
        }
        Collections.reverse(samples);
        SegmentWindow window = window(table(samples));
        assertThat(window.rowsBeyond()).isEqualTo(10);
        List<String> kept = new ArrayList<>();
        window.forEach(pair -> kept.add(pair.otherSensorId()));
        assertThat(kept).hasSize(SegmentWindow.MOST_PAIRS).isSorted().startsWith("s1000");
    }

    @Test
    void withoutSamplesThereIsNoEstimate() {
        SegmentSample sample = sample(0, 1, 0, 0);
        sample.isTimed = false;
        SegmentTimings timings = pairs(table(List.of(sample))).get(0).timings();
        assertThat(timings.samples()).isZero();
        assertThatIllegalStateException().isThrownBy(timings::estimate).withMessage("nothing was timed");
    }

    private static SegmentEstimate estimate(SegmentSample... samples) {
        return pairs(table(List.of(samples))).get(0).timings().estimate();
    }

    private static SegmentTable table(List<SegmentSample> samples) {
        SegmentTable table = new SegmentTable();
        samples.forEach(table::add);
        return table;
    }

    private static List<SegmentPair> pairs(SegmentTable table) {
        List<SegmentPair> pairs = new ArrayList<>();
        window(table).forEach(pairs::add);
        return pairs;
    }

    private static SegmentWindow window(SegmentTable table) {
        SegmentWindow window = table.remove(WINDOW);
        if (window == null) {
            throw new AssertionError("no window");
        }
        return window;
    }

    private static byte[] octets(SegmentTable table) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.writeTo(new DataOutputStream(out));
        return out.toByteArray();
    }

    /** With the delay each way. */
    private static SegmentSample sample(int pair, long flowHash, long offset, long delay) {
        SegmentSample sample = new SegmentSample();
        sample.sensorId = "a";
        sample.interfaceName = "0";
        sample.otherSensorId = "s" + (1_000 + pair);
        sample.otherInterfaceName = "0";
        sample.windowStart = WINDOW;
        sample.flowHash = flowHash;
        sample.isTimed = true;
        sample.there = offset + delay;
        sample.back = offset - delay;
        sample.counts.add(SegmentCounts.THERE, SegmentCounts.HERE, 1, 100);
        return sample;
    }
}
