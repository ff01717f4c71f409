package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.io.AvroTypes;
import io.parallax.io.DependencySignals;
import io.parallax.wire.DependencyChange;
import io.parallax.wire.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of a dependency of a web server on a database; days since the epoch. */
final class DetectDependenciesFunctionTest {

    private KeyedOneInputStreamOperatorTestHarness<String, DependencyChange, Signal> harness;

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
    void aHabitThatEndedIsASignal() throws Exception {
        tell("disappeared", 8, 5_000, 0, 7);
        assertThat(harness.extractOutputValues()).singleElement().satisfies(signal -> {
            assertThat(signal.getDetector()).isEqualTo("dependency-lost");
            assertThat(signal.getState()).isEqualTo("open");
            assertThat(signal.getEntity()).isEqualTo("web");
            assertThat(signal.getPeerEntity()).isEqualTo("db");
            assertThat(signal.getTechnique()).isNull();
            assertThat(signal.getSeverity()).isEqualTo("low");
            assertThat(signal.getExplanation())
                    .isEqualTo("web has not used tcp/5432 of db for 24.0 hours, all of which was captured, after 5000"
                            + " connections in 7.0 days.");
        });
    }

    @Test
    void whatWasUsedAFewTimesOrForADayIsNone() throws Exception {
        tell("disappeared", 8, 19, 0, 7);
        tell("disappeared", 8, 5_000, 6, 7);
        tell("disappeared", 101, 5_000, 0, 100.9);
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    @Test
    void newOnesAndChangesAreNone() throws Exception {
        tell("new", 8, 5_000, 0, 7);
        tell("changed", 8, 5_000, 0, 7);
        assertThat(harness.extractOutputValues()).isEmpty();
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void itIsOverWhenItIsUsedAgainAndNotToldASecondTime() throws Exception {
        tell("disappeared", 8, 5_000, 0, 7);
        tell("returned", 9, 5_001, 0, 9);
        tell("disappeared", 12, 6_000, 0, 11);
        assertThat(states()).containsExactly("open #1", "close #2");
        assertThat(harness.extractOutputValues().stream()
                        .map(Signal::getSignalId)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void whatRestedOnUsesThatWereTakenBackIsRetracted() throws Exception {
        tell("disappeared", 8, 5_000, 0, 7);
        tell("retracted", 8.1, 0, 0, 7);
        assertThat(states()).containsExactly("open #1", "retracted #2");
    }

    @Test
    void itIsForgottenAfter35Days() throws Exception {
        tell("disappeared", 8, 5_000, 0, 7);
        harness.processWatermark(millis(43) - 1);
        assertThat(states()).containsExactly("open #1");
        harness.processWatermark(millis(43));
        assertThat(states()).containsExactly("open #1", "close #2");
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
        tell("disappeared", 60, 9_000, 0, 59);
        assertThat(states()).hasSize(3);
    }

    @Test
    void theEndOfTheInputEndsNoSignal() throws Exception {
        tell("disappeared", 8, 5_000, 0, 7);
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(states()).containsExactly("open #1");
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void aRestoredJobGoesOnAlike() throws Exception {
        tell("disappeared", 8, 5_000, 0, 7);
        String id = harness.extractOutputValues().get(0).getSignalId();
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        tell("returned", 9, 5_001, 0, 9);
        assertThat(states()).containsExactly("close #2");
        assertThat(harness.extractOutputValues().get(0).getSignalId()).isEqualTo(id);
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, DependencyChange, Signal> harness() throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, DependencyChange, Signal> made =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new DetectDependenciesFunction()),
                        DependencySignals::key,
                        Types.STRING);
        made.setup(AvroTypes.SIGNAL.createSerializer(made.getExecutionConfig().getSerializerConfig()));
        return made;
    }

    private void tell(String name, double at, long connections, double first, double last) throws Exception {
        DependencyChange change = new DependencyChange();
        change.setChangedAt(day(at));
        change.setChange(name);
        change.setReason("");
        change.setRealm("default");
        change.setClientEntity("web");
        change.setServerEntity("db");
        change.setProtocolIdentifier(6);
        change.setServerTransportPort(5_432);
        change.setDependencyRevision(1);
        change.setConnections(connections);
        change.setFirstSeen(day(first));
        change.setLastSeen(day(last));
        harness.processElement(change, change.getChangedAt().toEpochMilli());
    }

    private static Instant day(double days) {
        return Instant.EPOCH.plus(Duration.ofMinutes(Math.round(days * 1_440)));
    }

    private static long millis(double days) {
        return day(days).toEpochMilli();
    }

    private List<String> states() {
        return harness.extractOutputValues().stream()
                .map(signal -> signal.getState() + " #" + signal.getRevision())
                .toList();
    }
}
