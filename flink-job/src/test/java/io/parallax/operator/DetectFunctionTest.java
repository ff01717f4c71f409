package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.io.AvroTypes;
import io.parallax.model.Facts;
import io.parallax.model.FlowFact;
import io.parallax.signal.CountingDetector;
import io.parallax.signal.FlowFactCodec;
import io.parallax.signal.Steps;
import io.parallax.signal.WatchRules;
import io.parallax.wire.Signal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The third flow within ten seconds is a signal. Signals: state and statistic. */
final class DetectFunctionTest {

    private KeyedOneInputStreamOperatorTestHarness<Integer, Facts<FlowFact>, Signal> harness;

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
    void aSignalLeavesWhenEventTimeHasPassedItsFactAndNotBefore() throws Exception {
        opened(0, 1_000, 2_000);
        pass(2_000);
        assertThat(signals()).as("another fact of that moment may come").isEmpty();
        pass(2_100);
        assertThat(signals()).containsExactly("open 3.0");
    }

    @Test
    void factsOfAnyMomentEndWithTheInput() throws Exception {
        for (long millis = 0; millis < 200; millis++) {
            opened(millis * 50);
        }
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(signals()).first().isEqualTo("open 3.0");
        assertThat(signals()).last().isEqualTo("update 200.0");
        assertThat(harness.numEventTimeTimers()).isZero();
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void aLateFactIsToldAtTheNextWatermark() throws Exception {
        opened(0, 1_000);
        pass(5_000);
        opened(2_000);
        pass(5_001);
        assertThat(signals()).containsExactly("open 3.0");
    }

    @Test
    void aSignalIsClosedByTimeAlone() throws Exception {
        opened(0, 1, 2);
        pass(30_000);
        assertThat(signals()).containsExactly("open 3.0");
        pass(30_200);
        assertThat(signals()).containsExactly("open 3.0", "close 3.0");
        assertThat(harness.numKeyedStateEntries())
                .as("nothing is kept of whom nothing is known")
                .isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void aRestoredJobRaisesTheSameSignals() throws Exception {
        opened(0, 1_000, 2_000, 2_500, 3_000);
        pass(1_500);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        pass(40_000);
        List<String> undisturbed = ids();
        assertThat(undisturbed).hasSize(2);
        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        pass(40_000);
        assertThat(ids()).isEqualTo(undisturbed);
    }

    private static KeyedOneInputStreamOperatorTestHarness<Integer, Facts<FlowFact>, Signal> harness() throws Exception {
        KeyedOneInputStreamOperatorTestHarness<Integer, Facts<FlowFact>, Signal> made =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new DetectFunction<>(tuning ->
                                new WatchRules<>(FlowFactCodec.INSTANCE, List.of(new CountingDetector()), tuning))),
                        Facts::bucket,
                        Types.INT);
        made.setup(AvroTypes.SIGNAL.createSerializer(made.getExecutionConfig().getSerializerConfig()));
        return made;
    }

    /** Flows of one host at these milliseconds. */
    private void opened(long... millis) throws Exception {
        for (long at : millis) {
            FlowFact fact = Steps.tcp(FlowFact.Kind.OPENED, at, "a", "b", 80);
            harness.processElement(new Facts<>(Facts.bucketOf(fact.subject()), List.of(fact)), 0);
        }
    }

    private void pass(long millis) throws Exception {
        harness.processWatermark(TimeUnit.NANOSECONDS.toMillis(Steps.at(millis)) - 1);
    }

    private List<String> signals() {
        return harness.extractOutputValues().stream()
                .map(signal -> signal.getState() + " " + signal.getStatistic())
                .toList();
    }

    private List<String> ids() {
        return harness.extractOutputValues().stream()
                .map(signal -> signal.getState() + " " + signal.getSignalId() + " " + signal.getRevision())
                .toList();
    }
}
