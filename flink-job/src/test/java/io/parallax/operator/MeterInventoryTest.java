package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.MeterSettings;
import io.parallax.label.RealmRule;
import io.parallax.matrix.SubnetRule;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.wire.Flow;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.Topics;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names in rows of the meter. Windows of 10 s, 120 s of lateness; 10.0.0.1 asks 10.0.0.2 in all of them. */
final class MeterInventoryTest {

    private static final MeterSettings SETTINGS = new MeterSettings(Headers.nanos(10), Headers.nanos(120));

    private MeterHarness harness;

    @BeforeEach
    void open() throws Exception {
        harness = meter();
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void rowsBearTheNamesThatHeldWhenTheirPacketsPassed() throws Exception {
        know(
                InventoryRecords.of("web-1", "10.0.0.1", 0, 10),
                InventoryRecords.of("web-2", "10.0.0.1", 10, 20),
                InventoryRecords.of("db", "10.0.0.2"));
        see(harness, 1, 11, 21);
        harness.processWatermark(29_999);
        assertThat(rows()).containsExactly("@0 web-1>db", "@10 web-2>db", "@20 null>db");
    }

    /** Or half of the window's octets would stand under the wrong name. */
    @Test
    void aWindowInWhichTheAddressWasHandedOverNamesNobody() throws Exception {
        know(InventoryRecords.of("web-1", "10.0.0.1", 0, 5), InventoryRecords.of("web-2", "10.0.0.1", 5, 20));
        see(harness, 1, 9, 11);
        harness.processWatermark(19_999);
        assertThat(rows()).containsExactly("@0 null>null", "@10 web-2>null");
    }

    @Test
    void whoHeldTheAddressBeforeAndWhoAfterHaveARowEachOnceTheHandoverIsKnown() throws Exception {
        know(InventoryRecords.of("web-1", "10.0.0.1", 0, 5), InventoryRecords.of("web-2", "10.0.0.1", 5, 20));
        harness.processWatermark(0);
        see(harness, 9, 1, 11, 6);
        harness.processWatermark(19_999);
        assertThat(harness.extractOutputValues().stream().map(Flow::getFlowId).distinct())
                .hasSize(2);
        assertThat(rows()).containsExactlyInAnyOrder("@0 web-1>null", "@0 web-2>null", "@10 web-2>null");
    }

    @Test
    void anInventoryThatComesLateCorrectsWhatWasStatedAndNothingElse() throws Exception {
        see(harness, 1, 11);
        harness.processWatermark(19_999);
        long before = harness.extractOutputValues().get(0).getRevision();
        assertThat(rows()).containsExactly("@0 null>null", "@10 null>null");
        know(InventoryRecords.of("web-1", "10.0.0.1", 0, 10));
        assertThat(rows()).as("not before time passes").isEmpty();
        harness.processWatermark(20_100);
        Flow corrected = harness.extractOutputValues().get(0);
        assertThat(corrected.getRevision()).isGreaterThan(before);
        assertThat(corrected.getPacketDeltaCount()).isEqualTo(1);
        assertThat(rows()).containsExactly("@0 web-1>null");
        harness.processWatermark(20_200);
        assertThat(rows()).isEmpty();
    }

    @Test
    void aTombstoneTakesTheNameBack() throws Exception {
        InventoryEntry entry = InventoryRecords.of("web-1", "10.0.0.1");
        know(entry);
        see(harness, 1);
        harness.processWatermark(9_999);
        assertThat(rows()).containsExactly("@0 web-1>null");
        harness.processChange(InventoryRecords.tombstone(entry));
        harness.processWatermark(10_100);
        assertThat(rows()).containsExactly("@0 null>null");
    }

    @Test
    void aRestoredMeterKnowsTheInventoryAndStatesNothingAgain() throws Exception {
        know(InventoryRecords.of("web-1", "10.0.0.1"));
        see(harness, 1);
        harness.processWatermark(9_999);
        rows();
        OperatorSubtaskState state = harness.snapshot(1, 1);
        try (MeterHarness restored = meter()) {
            restored.initializeState(state);
            restored.open();
            restored.processWatermark(10_100);
            assertThat(restored.extractOutputValues()).isEmpty();
            see(restored, 12);
            restored.processWatermark(19_999);
            assertThat(texts(restored.extractOutputValues())).containsExactly("@10 web-1>null");
        }
    }

    /** In bounded input: nothing is stated before the inventory is read, and then nothing twice. */
    @Test
    void anInventoryThatEndsIsWaitedFor() throws Exception {
        try (MeterHarness bounded = bounded()) {
            bounded.openWithInventory();
            see(bounded, 1, 11);
            bounded.processWatermark(10_500);
            bounded.processChange(InventoryRecords.record(InventoryRecords.of("web-1", "10.0.0.1")));
            bounded.processWatermark(Long.MAX_VALUE);
            assertThat(bounded.extractOutputValues()).isEmpty();
            bounded.step().processWatermark2(Watermark.MAX_WATERMARK);
            assertThat(texts(bounded.extractOutputValues())).containsExactly("@0 web-1>null", "@10 web-1>null");
        }
    }

    /** What came before the inventory had ended is kept, and counted by all of it. */
    @Test
    void packetsThatWaitForTheInventoryOutliveARestart() throws Exception {
        OperatorSubtaskState state;
        try (MeterHarness waiting = bounded()) {
            waiting.openWithInventory();
            see(waiting, 1, 6);
            waiting.processChange(InventoryRecords.record(InventoryRecords.of("web-1", "10.0.0.1", 0, 5)));
            state = waiting.snapshot(1, 1);
        }
        try (MeterHarness restored = bounded()) {
            restored.initializeState(state);
            restored.openWithInventory();
            restored.processChange(InventoryRecords.record(InventoryRecords.of("web-2", "10.0.0.1", 5, 20)));
            restored.processWatermark(Long.MAX_VALUE);
            assertThat(restored.extractOutputValues()).isEmpty();
            restored.step().processWatermark2(Watermark.MAX_WATERMARK);
            assertThat(texts(restored.extractOutputValues()))
                    .containsExactlyInAnyOrder("@0 web-1>null", "@0 web-2>null");
        }
    }

    private static MeterHarness bounded() throws Exception {
        return new MeterHarness(
                new MeterFlowsOperator(SETTINGS, SubnetRule.COMMON, RealmRule.only("default"), false, true));
    }

    /** Sensors of one host see a flow within it; without the inventory it seems to run between two. */
    @Test
    void theInventoryTellsWhichSensorsShareAHost() throws Exception {
        InventoryEntry host = InventoryEntry.newBuilder()
                .setKind(Topics.INVENTORY_HOST)
                .setName("esx-1")
                .setSensors(List.of("capvm1", "capvm2"))
                .build();
        know(host);
        see(harness, 1);
        for (HeaderBlock block : Batches.blocks("capvm2", query(1))) {
            harness.processElement(block, 0);
        }
        harness.processWatermark(9_999);
        assertThat(harness.extractOutputValues().get(0).getLocality()).isEqualTo("within-host switched");
    }

    private static MeterHarness meter() throws Exception {
        return new MeterHarness(
                new MeterFlowsOperator(SETTINGS, SubnetRule.COMMON, RealmRule.only("default"), false, false));
    }

    private void know(InventoryEntry... entries) throws Exception {
        for (InventoryEntry entry : entries) {
            harness.processChange(InventoryRecords.record(entry));
        }
    }

    private static void see(MeterHarness meter, double... seconds) throws Exception {
        PacketHeader[] headers = new PacketHeader[seconds.length];
        for (int i = 0; i < headers.length; i++) {
            headers[i] = query(seconds[i]);
        }
        for (HeaderBlock block : Batches.blocks("capvm1", headers)) {
            meter.processElement(block, 0);
        }
    }

    private static PacketHeader query(double second) {
        return Headers.udp(second, 1, 5_000, 2, 53);
    }

    /** What was stated since the last call. */
    private List<String> rows() {
        List<String> rows = texts(harness.extractOutputValues());
        harness.getOutput().clear();
        return rows;
    }

    private static List<String> texts(List<Flow> rows) {
        return rows.stream()
                .map(row -> "@%d %s>%s"
                        .formatted(
                                row.getWindowStart().getEpochSecond(),
                                row.getSourceVirtualStationName(),
                                row.getDestinationVirtualStationName()))
                .toList();
    }
}
