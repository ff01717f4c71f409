package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.completeness.AccountSchedule;
import io.parallax.model.AccountEntry;
import io.parallax.model.Disposition;
import io.parallax.model.Headers;
import io.parallax.model.LedgerCounts;
import io.parallax.wire.Completeness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Windows of 10 s, 60 s of lateness. Rows: stream @window: published received canonical, residuals of way and job. */
final class ReconcileLedgerFunctionTest {

    private KeyedOneInputStreamOperatorTestHarness<String, AccountEntry, Completeness> harness;

    @BeforeEach
    void open() throws Exception {
        harness = harness(false);
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void anAccountIsStatedOnceASecondAfterItsWindow() throws Exception {
        publish("capvm1", 3, 5);
        receive("capvm1", 0, 5);
        harness.processWatermark(10_998);
        assertThat(stated()).isEmpty();
        harness.processWatermark(10_999);
        assertThat(stated()).containsExactly("capvm1/eth0 @0: 5 5 5, 0 0");
        harness.processWatermark(20_000);
        assertThat(stated()).isEmpty();
    }

    @Test
    void aLedgerRowThatComesLateMakesAGreaterRevision() throws Exception {
        receive("capvm1", 0, 5);
        harness.processWatermark(15_000);
        long before = harness.extractOutputValues().get(0).getRevision();
        assertThat(stated()).containsExactly("capvm1/eth0 @0: 0 5 5, -5 0");
        publish("capvm1", 3, 5);
        harness.processWatermark(15_001);
        assertThat(harness.extractOutputValues().get(0).getRevision()).isGreaterThan(before);
        assertThat(stated()).containsExactly("capvm1/eth0 @0: 5 5 5, 0 0");
    }

    @Test
    void aLedgerRowWithOneHeaderMoreThanCameIsAResidual() throws Exception {
        publish("capvm1", 3, 6);
        receive("capvm1", 0, 5);
        harness.processWatermark(10_999);
        assertThat(stated()).containsExactly("capvm1/eth0 @0: 6 5 5, 1 0");
    }

    @Test
    void interfacesAndWindowsHaveAccountsOfTheirOwn() throws Exception {
        receive("capvm1", 0, 1);
        receive("capvm2", 0, 2);
        receive("capvm1", 10, 3);
        harness.processWatermark(10_999);
        assertThat(stated()).containsExactlyInAnyOrder("capvm1/eth0 @0: 0 1 1, -1 0", "capvm2/eth0 @0: 0 2 2, -2 0");
        harness.processWatermark(20_999);
        assertThat(stated()).containsExactly("capvm1/eth0 @10: 0 3 3, -3 0");
    }

    @Test
    void stateAndTimersAreZeroAWindowAfterTheLateness() throws Exception {
        publish("capvm1", 3, 5);
        harness.processWatermark(80_998);
        assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
        harness.processWatermark(80_999);
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
        stated();
        publish("capvm1", 3, 5);
        assertThat(harness.numKeyedStateEntries())
                .as("too late even for an account")
                .isZero();
    }

    @Test
    void aBoundedRunKeepsEveryAccountToTheEnd() throws Exception {
        harness.close();
        harness = harness(true);
        harness.open();
        receive("capvm1", 0, 5);
        harness.processWatermark(1_000_000);
        stated();
        publish("capvm1", 3, 5);
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(stated()).containsExactly("capvm1/eth0 @0: 5 5 5, 0 0");
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void aRestoredJobStatesTheSame() throws Exception {
        publish("capvm1", 3, 5);
        receive("capvm1", 0, 2);
        OperatorSubtaskState state = harness.snapshot(1, 0);
        receive("capvm1", 0, 3);
        harness.processWatermark(10_999);
        List<Completeness> uninterrupted = List.copyOf(harness.extractOutputValues());
        harness.close();
        harness = harness(false);
        harness.initializeState(state);
        harness.open();
        receive("capvm1", 0, 3);
        harness.processWatermark(10_999);
        assertThat(harness.extractOutputValues()).isEqualTo(uninterrupted).hasSize(1);
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, AccountEntry, Completeness> harness(boolean isKept)
            throws Exception {
        AccountSchedule schedule = new AccountSchedule(10, Duration.ofSeconds(60), isKept);
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new ReconcileLedgerFunction(schedule)), AccountEntry::stream, Types.STRING);
    }

    private void publish(String sensor, int second, long headers) throws Exception {
        long unknown = LedgerCounts.UNKNOWN;
        long[] counts = {headers, headers, headers, unknown, unknown, 0, 0, unknown};
        LedgerCounts row = new LedgerCounts(sensor + "+" + second, true, counts, Map.of("decoded", headers));
        harness.processElement(new AccountEntry(sensor, "eth0", Headers.nanos(second), row), 0);
    }

    private void receive(String sensor, int window, long headers) throws Exception {
        AccountEntry entry = new AccountEntry(sensor, "eth0", Headers.nanos(window), null);
        entry.received = headers;
        entry.revision = headers;
        entry.addPackets(Disposition.CANONICAL, headers);
        harness.processElement(entry, 0);
    }

    /** What was stated since this was asked last. */
    private List<String> stated() {
        List<String> rows = harness.extractOutputValues().stream()
                .map(row -> "%s/%s @%d: %d %d %d, %d %d"
                        .formatted(
                                row.getSensorId(),
                                row.getInterfaceName(),
                                row.getWindowStart().getEpochSecond(),
                                row.getPublished(),
                                row.getReceived(),
                                row.getCanonical(),
                                row.getTransportResidual(),
                                row.getResidual()))
                .toList();
        harness.getOutput().clear();
        return rows;
    }
}
