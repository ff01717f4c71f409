package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.io.AvroTypes;
import io.parallax.model.Facts;
import io.parallax.model.NeighbourFact;
import io.parallax.signal.Detectors;
import io.parallax.signal.NeighbourSweep;
import io.parallax.signal.Steps;
import io.parallax.state.NeighbourFactsSerializer;
import io.parallax.wire.Signal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator as the job composes it, with the detectors as they are. */
final class DetectNeighboursTest {

    private KeyedOneInputStreamOperatorTestHarness<Integer, Facts<NeighbourFact>, Signal> harness;

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
    void aSweepLeavesAsASignalWithinASecondOfEventTimeAndNothingStaysBehind() throws Exception {
        sweep();
        pass(900);
        assertThat(signals()).hasSize(1);
        Signal open = harness.extractOutputValues().get(0);
        assertThat(open.getState()).isEqualTo("open");
        assertThat(open.getDetector()).isEqualTo("neighbour-sweep");
        assertThat(open.getEntity()).isEqualTo("10.0.0." + NeighbourSweep.SWEEPER);
        assertThat(open.getTechnique()).isEqualTo("T1018");
        pass(TimeUnit.HOURS.toMillis(2));
        assertThat(signals().get(signals().size() - 1)).startsWith("close");
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void aRestoredJobRaisesTheSameSignals() throws Exception {
        sweep();
        pass(200);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        pass(TimeUnit.HOURS.toMillis(2));
        List<String> undisturbed = signals();
        assertThat(undisturbed).hasSizeGreaterThan(1);
        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        pass(TimeUnit.HOURS.toMillis(2));
        assertThat(signals()).isEqualTo(undisturbed);
    }

    @Test
    void factsTravelBetweenOperatorsUnchanged() throws Exception {
        Facts<NeighbourFact> facts = new Facts<>(7, NeighbourSweep.facts(0));
        DataOutputSerializer out = new DataOutputSerializer(64);
        NeighbourFactsSerializer.INSTANCE.serialize(facts, out);
        assertThat(NeighbourFactsSerializer.INSTANCE.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())))
                .isEqualTo(facts);
    }

    private void sweep() throws Exception {
        List<NeighbourFact> facts = NeighbourSweep.facts(0);
        harness.processElement(new Facts<>(Facts.bucketOf(facts.get(0).subject()), facts), 0);
    }

    private static KeyedOneInputStreamOperatorTestHarness<Integer, Facts<NeighbourFact>, Signal> harness()
            throws Exception {
        KeyedOneInputStreamOperatorTestHarness<Integer, Facts<NeighbourFact>, Signal> made =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new DetectFunction<>(Detectors::neighbourRules)),
                        Facts::bucket,
                        Types.INT);
        made.setup(AvroTypes.SIGNAL.createSerializer(made.getExecutionConfig().getSerializerConfig()));
        return made;
    }

    private void pass(long millis) throws Exception {
        harness.processWatermark(TimeUnit.NANOSECONDS.toMillis(Steps.at(millis)) - 1);
    }

    private List<String> signals() {
        return harness.extractOutputValues().stream()
                .map(signal -> signal.getState() + " " + signal.getSignalId() + " " + signal.getRevision())
                .toList();
    }
}
