package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.matrix.CellSchedule;
import io.parallax.matrix.MatrixDeltas;
import io.parallax.matrix.SubnetRule;
import io.parallax.matrix.WindowCells;
import io.parallax.model.FlowRow;
import io.parallax.model.Headers;
import io.parallax.wire.MatrixCell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Windows of 10 s, 60 s of lateness. Cells at level address: source>destination @window, revision: packets octets flows. */
final class AccumulateMatrixFunctionTest {

    private static final CellSchedule SCHEDULE = new CellSchedule(10, Duration.ofSeconds(60));
    private static final CellSchedule HOURS = new CellSchedule(3_600, Duration.ofSeconds(60));
    private static final int UNCAPPED = 1_000;

    private KeyedOneInputStreamOperatorTestHarness<String, WindowCells, MatrixCell> harness;

    @BeforeEach
    void open() throws Exception {
        harness = harness(SCHEDULE, UNCAPPED);
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aCellIsStatedOnceWhenItsWindowEnds() throws Exception {
        add(0, 1, 2, 100);
        harness.processWatermark(9_998);
        assertThat(stated()).isEmpty();
        harness.processWatermark(9_999);
        assertThat(stated()).containsExactly("10.0.0.1>10.0.1.1 @0 r1: 2 100 1");
        harness.processWatermark(30_000);
        assertThat(stated()).isEmpty();
    }

    @Test
    void whatComesLateRevisesItsCellAndNoOther() throws Exception {
        add(0, 1, 2, 100);
        add(0, 2, 3, 300);
        harness.processWatermark(15_000);
        stated();
        add(0, 1, 1, 50);
        assertThat(stated()).isEmpty();
        harness.processWatermark(15_001);
        assertThat(stated()).containsExactly("10.0.0.1>10.0.1.1 @0 r2: 3 150 2");
    }

    @Test
    void stateIsKeptForTheLatenessAndOneWindowMore() throws Exception {
        add(0, 1, 2, 100);
        harness.processWatermark(79_998);
        assertThat(harness.numKeyedStateEntries()).isPositive();
        harness.processWatermark(79_999);
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
        stated();
        add(0, 1, 2, 100);
        harness.processWatermark(90_000);
        assertThat(stated()).as("too late").isEmpty();
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void aRestoredMatrixGoesOn() throws Exception {
        add(0, 1, 2, 100);
        harness.processWatermark(9_999);
        add(0, 1, 1, 50);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        try (var restored = harness(SCHEDULE, UNCAPPED)) {
            restored.initializeState(state);
            restored.open();
            restored.processWatermark(20_000);
            assertThat(texts(restored.extractOutputValues())).containsExactly("10.0.0.1>10.0.1.1 @0 r2: 3 150 2");
        }
    }

    @Test
    void anHourIsTheSumOfItsWindowsAndOfWhatRevisedThem() throws Exception {
        add(0, 1, 2, 100);
        add(3_590, 1, 3, 300);
        add(3_600, 1, 7, 700);
        harness.processWatermark(9_999);
        add(0, 1, 1, 50);
        harness.processWatermark(Long.MAX_VALUE);
        try (var hours = harness(HOURS, UNCAPPED)) {
            hours.open();
            for (StreamRecord<WindowCells> change : harness.getSideOutput(AccumulateMatrixFunction.CHANGES)) {
                hours.processElement(change.getValue(), 0);
            }
            hours.processWatermark(Long.MAX_VALUE);
            assertThat(texts(hours.extractOutputValues()))
                    .containsExactlyInAnyOrder(
                            "10.0.0.1>10.0.1.1 @0 r3: 6 450 3", "10.0.0.1>10.0.1.1 @3600 r1: 7 700 1");
        }
    }

    @Test
    void beyondTheCapEntitiesAreFoldedAndAllStaysInTheSum() throws Exception {
        try (var capped = harness(SCHEDULE, 10)) {
            capped.open();
            for (int host = 1; host <= 50; host++) {
                for (WindowCells delta : deltas(0, host, 1, host)) {
                    capped.processElement(delta, 0);
                }
            }
            capped.processWatermark(9_999);
            List<MatrixCell> cells = capped.extractOutputValues();
            assertThat(cells)
                    .hasSize(10)
                    .anyMatch(cell -> cell.getSourceEntity().equals(WindowCells.OTHER));
            assertThat(cells.stream().mapToLong(MatrixCell::getOctetDeltaCount).sum())
                    .isEqualTo(50 * 51 / 2);
        }
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, WindowCells, MatrixCell> harness(
            CellSchedule schedule, int maxCells) throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new AccumulateMatrixFunction(schedule, maxCells, true)),
                WindowCells::key,
                Types.STRING);
    }

    private void add(int second, int host, long packets, long octets) throws Exception {
        for (WindowCells delta : deltas(second, host, packets, octets)) {
            harness.processElement(delta, 0);
        }
    }

    /** Of a flow that 10.0.0.host opened in the window that begins at that second, at level address. */
    private static List<WindowCells> deltas(int second, int host, long packets, long octets) {
        FlowRow row = new FlowRow();
        row.family = 4;
        row.realm = "default";
        row.windowStart = Headers.nanos(second);
        row.flowStart = row.windowStart;
        row.sourceLow = 0x0A00_0000L + host;
        row.destinationLow = 0x0A00_0101L;
        row.packets = packets;
        row.octets = octets;
        row.isOpening = true;
        row.revision = 1;
        MatrixDeltas deltas = new MatrixDeltas(SubnetRule.COMMON, Headers.nanos(10));
        deltas.add(row);
        List<WindowCells> changes = new ArrayList<>();
        deltas.flush(changes::add);
        changes.removeIf(change -> !change.level().label().equals("address"));
        return changes;
    }

    private List<String> stated() {
        List<String> cells = texts(harness.extractOutputValues());
        harness.getOutput().clear();
        return cells;
    }

    private static List<String> texts(List<MatrixCell> cells) {
        return cells.stream()
                .map(cell -> "%s>%s @%d r%d: %d %d %d"
                        .formatted(
                                cell.getSourceEntity(),
                                cell.getDestinationEntity(),
                                cell.getWindowStart().getEpochSecond(),
                                cell.getRevision(),
                                cell.getPacketDeltaCount(),
                                cell.getOctetDeltaCount(),
                                cell.getFlowsOpened()))
                .toList();
    }
}
