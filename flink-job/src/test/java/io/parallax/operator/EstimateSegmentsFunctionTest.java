package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.SegmentCounts;
import io.parallax.model.SegmentSample;
import io.parallax.wire.Segment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Windows of 10 s. Segments: pair @window: samples, offset +- deviation, delay there/back, sent/arrived. Times in ns. */
final class EstimateSegmentsFunctionTest {

    private final RegisteredMetrics metrics = new RegisteredMetrics();
    private KeyedOneInputStreamOperatorTestHarness<Integer, SegmentSample, Segment> harness;

    @BeforeEach
    void open() throws Exception {
        harness = harness();
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aPairIsStatedOnceWhenTheWindowEnds() throws Exception {
        see(0, "b", 1, 500, 30);
        see(0, "b", 2, 510, 40);
        harness.processWatermark(9_998);
        assertThat(stated()).isEmpty();
        harness.processWatermark(9_999);
        assertThat(stated()).containsExactly("a/0-b/0 @0: 2, 505+-5, 35/35, 4/2");
        harness.processWatermark(30_000);
        assertThat(stated()).isEmpty();
        isEmpty();
    }

    @Test
    void windowsAndPairsAreApart() throws Exception {
        see(10, "b", 1, 500, 30);
        see(0, "b", 1, 400, 30);
        see(0, "c", 1, -7, 20);
        harness.processWatermark(9_999);
        assertThat(stated()).containsExactly("a/0-b/0 @0: 1, 400+-0, 30/30, 2/1", "a/0-c/0 @0: 1, -7+-0, 20/20, 2/1");
        harness.processWatermark(19_999);
        assertThat(stated()).containsExactly("a/0-b/0 @10: 1, 500+-0, 30/30, 2/1");
        isEmpty();
    }

    @Test
    void aPairThatWasNeverTimedIsStatedWithoutTimes() throws Exception {
        SegmentSample sample = sample(0, "b", 1, 0, 0);
        sample.isTimed = false;
        harness.processElement(sample, 0);
        harness.processWatermark(9_999);
        assertThat(stated()).containsExactly("a/0-b/0 @0: 0, null+-null, null/null, 2/1");
    }

    @Test
    void whatComesForAStatedWindowIsCountedAndChangesNothing() throws Exception {
        harness.processWatermark(9_999);
        see(0, "b", 1, 500, 30);
        assertThat(metrics.value("samples_too_late")).isEqualTo(1);
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(stated()).isEmpty();
        isEmpty();
    }

    @Test
    void rowsOfPairsBeyondTheBoundAreCounted() throws Exception {
        for (int sensor = 0; sensor < 6_000; sensor++) {
            see(0, "s" + sensor, 1, 500, 30);
        }
        harness.processWatermark(9_999);
        int stated = stated().size();
        assertThat(stated).isBetween(3_900, 4_096);
        assertThat(metrics.value("samples_beyond_pairs")).isEqualTo(6_000 - stated);
    }

    @Test
    void aRestoredJobStatesTheSameAsAnUndisturbedOne() throws Exception {
        see(0, "b", 1, 500, 30);
        see(10, "b", 2, 510, 40);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        seeTheRest();
        List<String> undisturbed = stated();

        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        seeTheRest();

        assertThat(stated()).isEqualTo(undisturbed).hasSize(3);
        isEmpty();
    }

    private void seeTheRest() throws Exception {
        see(0, "b", 3, 490, 20);
        see(0, "c", 4, 7, 20);
        harness.processWatermark(Long.MAX_VALUE);
    }

    private void isEmpty() {
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    private KeyedOneInputStreamOperatorTestHarness<Integer, SegmentSample, Segment> harness() throws Exception {
        KeyedOneInputStreamOperatorTestHarness<Integer, SegmentSample, Segment> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new EstimateSegmentsFunction(10)),
                        SegmentSample::bucket,
                        Types.INT,
                        metrics.environment());
        harness.getExecutionConfig().enableObjectReuse();
        return harness;
    }

    private void see(int windowSecond, String other, long flowHash, long offset, long delay) throws Exception {
        harness.processElement(sample(windowSecond, other, flowHash, offset, delay), 0);
    }

    private static SegmentSample sample(int windowSecond, String other, long flowHash, long offset, long delay) {
        SegmentSample sample = new SegmentSample();
        sample.sensorId = "a";
        sample.interfaceName = "0";
        sample.otherSensorId = other;
        sample.otherInterfaceName = "0";
        sample.windowStart = TimeUnit.SECONDS.toNanos(windowSecond);
        sample.flowHash = flowHash;
        sample.isTimed = true;
        sample.there = offset + delay;
        sample.back = offset - delay;
        sample.counts.add(SegmentCounts.THERE, SegmentCounts.HERE, 2, 200);
        sample.counts.add(SegmentCounts.THERE, SegmentCounts.OTHER, 1, 100);
        return sample;
    }

    /** What was stated since the last call. */
    private List<String> stated() {
        List<String> segments = harness.extractOutputValues().stream()
                .map(EstimateSegmentsFunctionTest::describe)
                .sorted()
                .toList();
        harness.getOutput().clear();
        return segments;
    }

    private static String describe(Segment segment) {
        return "%s/%s-%s/%s @%d: %d, %d+-%d, %d/%d, %d/%d"
                .formatted(
                        segment.getSensorId(),
                        segment.getInterfaceName(),
                        segment.getOtherSensorId(),
                        segment.getOtherInterfaceName(),
                        segment.getWindowStart().getEpochSecond(),
                        segment.getSamples(),
                        segment.getClockOffsetNanoseconds(),
                        segment.getClockOffsetDeviationNanoseconds(),
                        segment.getOneWayDelayMedianNanoseconds(),
                        segment.getReverseOneWayDelayMedianNanoseconds(),
                        segment.getSentPackets(),
                        segment.getArrivedPackets());
    }
}
