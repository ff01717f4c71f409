package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.io.AvroTypes;
import io.parallax.wire.Signal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two signals a day are within budget. Records: state, entity, whether within budget. */
final class RaiseSignalsFunctionTest {

    private static final int MOST_A_DAY = 2;
    private static final long HELD_MILLIS = 1_800_000;

    private KeyedOneInputStreamOperatorTestHarness<String, Signal, Signal> harness;

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
    void whatIsWithinBudgetGoesByEventTimeAndNotByArrival() throws Exception {
        tell("open", "c", "scan", 30);
        tell("open", "a", "scan", 10);
        tell("open", "b", "scan", 20);
        assertThat(records()).as("who knows what else there is").isEmpty();
        harness.processWatermark(30);
        assertThat(records()).containsExactly("open a true", "open b true", "open c false");
    }

    @Test
    void aSignalKeepsWhatWasDecidedOfIt() throws Exception {
        tell("open", "a", "scan", 10);
        tell("open", "b", "scan", 11);
        tell("open", "c", "scan", 12);
        tell("update", "c", "scan", 20);
        tell("close", "a", "scan", 21);
        harness.processWatermark(100);
        assertThat(records()).endsWith("open c false", "update c false", "close a true");
    }

    @Test
    void aRestoredJobDecidesAlike() throws Exception {
        tell("open", "a", "scan", 10);
        harness.processWatermark(10);
        tell("open", "b", "beacon", 11);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        tell("open", "c", "scan", 12);
        tell("close", "a", "scan", 13);
        harness.processWatermark(HELD_MILLIS + 10);
        assertThat(records()).as("the beacon is held").containsExactly("open c true", "close a true");
        harness.processWatermark(HELD_MILLIS + 11);
        assertThat(records()).endsWith("open b false");
    }

    @Test
    void clientsOfACommonServiceAreTakenBack() throws Exception {
        for (int client = 1; client <= 6; client++) {
            tell("open", "client" + client, "beacon", client * 2L * HELD_MILLIS);
        }
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(said())
                .containsExactly(
                        "open client1",
                        "open client2",
                        "open client3",
                        "open client4",
                        "retracted client1",
                        "retracted client2",
                        "retracted client3",
                        "retracted client4",
                        "open 10.0.0.1");
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void clientsThatAreFoundTogetherAreListedOnceAlsoByARestoredJob() throws Exception {
        for (int client = 1; client <= 4; client++) {
            tell("open", "client" + client, "beacon", client);
        }
        harness.processWatermark(100);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        tell("open", "client5", "beacon", 200);
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(said()).containsExactly("open 10.0.0.1");
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    private List<String> said() {
        return records().stream()
                .map(record -> record.substring(0, record.lastIndexOf(' ')))
                .toList();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Signal, Signal> harness() throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, Signal, Signal> made =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new RaiseSignalsFunction(MOST_A_DAY)),
                        Signal::getRealm,
                        Types.STRING);
        made.setup(AvroTypes.SIGNAL.createSerializer(made.getExecutionConfig().getSerializerConfig()));
        return made;
    }

    private void tell(String state, String entity, String detector, long millis) throws Exception {
        Signal signal = new Signal();
        signal.setSignalId(entity);
        signal.setRevision(1);
        signal.setState(state);
        signal.setDetector(detector);
        signal.setTechnique("T1071");
        signal.setRealm("default");
        signal.setEntity(entity);
        signal.setPeerEntity("10.0.0.1");
        signal.setKey("");
        signal.setStart(Instant.ofEpochMilli(millis));
        signal.setEnd(Instant.ofEpochMilli(millis));
        signal.setDetectedAt(Instant.ofEpochMilli(millis));
        signal.setBaseline(Map.of());
        signal.setEvidence(100);
        signal.setSeverity("medium");
        signal.setExplanation("");
        signal.setFlowIds(List.of());
        harness.processElement(signal, millis);
    }

    private List<String> records() {
        return harness.extractOutputValues().stream()
                .map(signal -> signal.getState() + ' ' + signal.getEntity() + ' ' + signal.getIsWithinBudget())
                .toList();
    }
}
