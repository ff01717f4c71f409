package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.flow.MeterSettings;
import io.parallax.label.RealmRule;
import io.parallax.matrix.Measure;
import io.parallax.matrix.SubnetRule;
import io.parallax.matrix.WindowCells;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.model.MatrixLevel;
import io.parallax.wire.Flow;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Windows of 10 s, 120 s of lateness. Rows: source:port>destination:port @window: packets octets / reverse, end reason. */
final class MeterFlowsOperatorTest {

    private static final MeterSettings SETTINGS = new MeterSettings(Headers.nanos(10), Headers.nanos(120));
    private static final int MAX_PARALLELISM = 16;
    private static final int ACK = 0x10;
    private static final int STEPS = 40;

    private final RegisteredMetrics metrics = new RegisteredMetrics();
    private MeterHarness harness;

    @BeforeEach
    void open() throws Exception {
        harness = new MeterHarness(operator(SETTINGS), metrics.environment());
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aFlowIsStatedPerWindowWhenTheWatermarkPassesItsEnd() throws Exception {
        see("capvm1", tcp(1, 1, 2), tcp(2, 2, 1), tcp(11, 1, 2));
        harness.processWatermark(9_998);
        assertThat(stated()).isEmpty();
        harness.processWatermark(9_999);
        assertThat(stated()).containsExactly("10.0.0.1:1>10.0.0.2:2 @0: 1 100 / 1 100, null");
        harness.processWatermark(19_999);
        assertThat(stated()).containsExactly("10.0.0.1:1>10.0.0.2:2 @10: 1 100 / 0 0, null");
        assertThat(metrics.value("packets")).isEqualTo(3);
        assertThat(metrics.value("rows")).isEqualTo(2);
    }

    @Test
    void whatAnIcmpErrorQuotesIsNoPacket() throws Exception {
        PacketHeader refused = tcp(1, 1, 2);
        PacketHeader error = Headers.ip(Headers.ICMP, 2, 3, 1, 3);
        error.timeNanos = Headers.nanos(2);
        error.icmpCode = 3;
        error.status = PacketHeader.STATUS_ONE_WAY;
        error.quotedFamily = refused.family;
        error.quotedSourceLow = refused.sourceLow;
        error.quotedDestinationLow = refused.destinationLow;
        error.quotedProtocol = refused.protocol;
        error.quotedSourcePort = refused.sourcePort;
        error.quotedDestinationPort = refused.destinationPort;
        see("capvm1", refused, error);
        harness.processWatermark(9_999);
        assertThat(stated()).hasSize(2).contains("10.0.0.1:1>10.0.0.2:2 @0: 1 100 / 0 0, null");
        assertThat(metrics.value("packets")).isEqualTo(2);
    }

    @Test
    void rowsAreStatedBeforeTheWatermarkThatCompletesThem() throws Exception {
        see("capvm1", tcp(1, 1, 2));
        harness.processWatermark(9_999);
        assertThat(harness.getOutput().toArray()[0]).isInstanceOf(StreamRecord.class);
        assertThat(harness.getOutput()).hasSize(2);
    }

    /** Or a step that also hears from split-blocks takes that one's watermark for this one's. */
    @Test
    void whenNothingComesItStillHoldsTheTimeThatItHasPassed() throws Exception {
        harness.processWatermark(9_999);
        harness.step().processWatermarkStatus1(WatermarkStatus.IDLE);
        assertThat(harness.getOutput()).doesNotContain(WatermarkStatus.IDLE).isNotEmpty();
    }

    @Test
    void aLatePacketRevisesItsWindowWithAGreaterRevision() throws Exception {
        see("capvm1", tcp(1, 1, 2), tcp(11, 1, 2));
        harness.processWatermark(19_999);
        long before = harness.extractOutputValues().get(0).getRevision();
        stated();
        see("capvm1", tcp(3, 2, 1));
        harness.processWatermark(29_999);
        Flow revised = harness.extractOutputValues().get(0);
        assertThat(revised.getRevision()).isGreaterThan(before);
        assertThat(stated()).containsExactly("10.0.0.1:1>10.0.0.2:2 @0: 1 100 / 1 100, null");
    }

    @Test
    void aPacketBeyondTheLatenessIsCountedAsTooLate() throws Exception {
        see("capvm1", tcp(1, 1, 2), tcp(2, 1, 2));
        harness.processWatermark(129_999);
        stated();
        see("capvm1", tcp(3, 1, 2), tcp(4, 7, 8), tcp(131, 7, 8));
        assertThat(metrics.value("packets_too_late")).isEqualTo(2);
        harness.processWatermark(139_999);
        assertThat(stated()).containsExactly("10.0.0.7:7>10.0.0.8:8 @130: 1 100 / 0 0, null");
    }

    /** TCP's timeout is 300 s: nothing is due in the bucket for long, and yet time passes. */
    @Test
    void latenessIsMeasuredAgainstTheWatermarkAndNotAgainstWhatTheBucketDidLast() throws Exception {
        see("capvm1", tcp(1, 1, 2));
        harness.processWatermark(9_999);
        harness.processWatermark(250_000);
        see("capvm1", tcp(2, 1, 2));
        assertThat(metrics.value("packets_too_late")).isEqualTo(1);
        see("capvm1", tcp(131, 1, 2));
        assertThat(metrics.value("packets_too_late")).isEqualTo(1);
    }

    @Test
    void bucketsAreApartAndAllAreDriven() throws Exception {
        int hosts = 60;
        for (int host = 1; host <= hosts; host++) {
            see("capvm1", tcp(host % 10, host, 200));
        }
        assertThat(harness.numKeyedStateEntries()).isEqualTo(Batches.BUCKETS);
        assertThat(harness.numEventTimeTimers()).as("one timer per bucket").isEqualTo(Batches.BUCKETS);
        harness.processWatermark(9_999);
        assertThat(stated()).hasSize(hosts).doesNotHaveDuplicates();
    }

    @Test
    void theFlowTableIsTheOnlyStateBesideTheInventory() throws Exception {
        see("capvm1", tcp(1, 1, 2), tcp(1, 3, 4), tcp(1, 5, 6));
        assertThat(meter().getKeyedStateBackend()
                        .getKeys("flow-table", VoidNamespace.INSTANCE)
                        .count())
                .isEqualTo(harness.numKeyedStateEntries());
        assertThat(meter().getOperatorStateBackend().getRegisteredStateNames()).isEmpty();
        assertThat(meter().getOperatorStateBackend().getRegisteredBroadcastStateNames())
                .containsExactly("inventory");
    }

    @Test
    void stateAndTimersAreZeroAtTheEnd() throws Exception {
        feed(harness, 0, STEPS);
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    /** Not before the end either: what has fallen silent is forgotten when the lateness is over. */
    @Test
    void stateAndTimersAreZeroOnceAllIsSilent() throws Exception {
        see("capvm1", tcp(1, 1, 2), Headers.udp(1, 3, 3, 4, 53));
        harness.processWatermark(309_998);
        assertThat(harness.numKeyedStateEntries()).isNotZero();
        harness.processWatermark(309_999);
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void theEndOfTheInputForcesTheEndOfWhatWouldBeWaitedFor() throws Exception {
        see("capvm1", tcp(1, 1, 2), Headers.udp(1, 3, 3, 4, 53));
        harness.processWatermark(100_000);
        stated();
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(stated()).containsExactly("10.0.0.1:1>10.0.0.2:2 @0: 1 100 / 0 0, 4");
    }

    @Test
    void aRestoredMeterStatesTheSameAsAnUndisturbedOne() throws Exception {
        feed(harness, 0, STEPS);
        harness.processWatermark(Long.MAX_VALUE);
        Map<String, String> undisturbed = latest(harness.extractOutputValues());
        for (int cut : new int[] {1, 7, 20, STEPS - 1}) {
            List<Flow> rows = new ArrayList<>();
            OperatorSubtaskState state;
            try (var first = instance(1, 0)) {
                first.open();
                feed(first, 0, cut);
                state = first.snapshot(1, 1);
                feed(first, cut, cut + 1); // is lost with the failure
                rows.addAll(first.extractOutputValues());
            }
            try (var second = instance(1, 0)) {
                second.initializeState(state);
                second.open();
                feed(second, cut, STEPS);
                second.processWatermark(Long.MAX_VALUE);
                rows.addAll(second.extractOutputValues());
            }
            assertThat(latest(rows)).as("restored after step " + cut).isEqualTo(undisturbed);
        }
        assertThat(undisturbed).hasSizeGreaterThan(100);
    }

    @Test
    void aRescaleToTwoAndBackChangesNothing() throws Exception {
        feed(harness, 0, STEPS);
        harness.processWatermark(Long.MAX_VALUE);
        List<Flow> rows = new ArrayList<>();
        OperatorSubtaskState one;
        try (var alone = instance(1, 0)) {
            alone.open();
            feed(alone, 0, 10);
            one = alone.snapshot(1, 1);
            rows.addAll(alone.extractOutputValues());
        }
        OperatorSubtaskState[] two = new OperatorSubtaskState[2];
        for (int subtask = 0; subtask < two.length; subtask++) {
            try (var half = instance(two.length, subtask)) {
                half.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        one, MAX_PARALLELISM, 1, two.length, subtask));
                half.open();
                feed(half, 10, 25);
                assertThat(half.numKeyedStateEntries()).isBetween(1, Batches.BUCKETS - 1);
                two[subtask] = half.snapshot(2, 2);
                rows.addAll(half.extractOutputValues());
            }
        }
        try (var again = instance(1, 0)) {
            again.initializeState(AbstractStreamOperatorTestHarness.repackageState(two));
            again.open();
            feed(again, 25, STEPS);
            again.processWatermark(Long.MAX_VALUE);
            assertThat(again.numKeyedStateEntries()).isZero();
            rows.addAll(again.extractOutputValues());
        }
        assertThat(latest(rows)).isEqualTo(latest(harness.extractOutputValues()));
    }

    @Test
    void aStateOfAnotherWindowLengthIsRefusedNamingBoth() throws Exception {
        see("capvm1", tcp(1, 1, 2));
        OperatorSubtaskState state = harness.snapshot(1, 1);
        MeterSettings other = new MeterSettings(Headers.nanos(60), Headers.nanos(120));
        try (var restored = new MeterHarness(operator(other))) {
            restored.initializeState(state);
            restored.open();
            HeaderBlock block = Batches.blocks("capvm1", tcp(2, 1, 2)).get(0);
            assertThatThrownBy(() -> restored.processElement(block, 0))
                    .hasMessageContaining(SETTINGS.toString())
                    .hasMessageContaining(other.toString());
        }
    }

    @Test
    void atEachLevelTheMatrixChangesAddUpToTheFlows() throws Exception {
        feed(harness, 0, STEPS);
        harness.processWatermark(Long.MAX_VALUE);
        long[] flows = new long[2];
        Map<String, Flow> last = new TreeMap<>();
        harness.extractOutputValues().forEach(flow -> last.put(key(flow), flow));
        for (Flow flow : last.values()) {
            flows[0] += flow.getPacketDeltaCount() + flow.getReversePacketDeltaCount();
            flows[1] += flow.getOctetDeltaCount() + flow.getReverseOctetDeltaCount();
        }
        for (MatrixLevel level : MatrixLevel.values()) {
            long[] changes = new long[3];
            for (StreamRecord<WindowCells> change : harness.getSideOutput(MeterFlowsOperator.CHANGES)) {
                WindowCells matrix = change.getValue();
                for (int cell = 0; cell < matrix.size() && matrix.level() == level; cell++) {
                    changes[0] += matrix.sum(cell, Measure.PACKETS);
                    changes[1] += matrix.sum(cell, Measure.OCTETS);
                    changes[2] += matrix.sum(cell, Measure.FLOWS_OPENED);
                }
            }
            assertThat(changes[0]).as(level + " packets").isEqualTo(flows[0]).isPositive();
            assertThat(changes[1]).as(level + " octets").isEqualTo(flows[1]);
            assertThat(changes[2])
                    .as(level + " flows opened")
                    .isEqualTo(last.values().stream()
                            .map(Flow::getFlowId)
                            .distinct()
                            .count());
        }
    }

    @Test
    void withoutAMatrixNobodyIsToldOfChanges() throws Exception {
        try (var plain = new MeterHarness(
                new MeterFlowsOperator(SETTINGS, SubnetRule.COMMON, RealmRule.only("default"), false, false))) {
            plain.open();
            feed(plain, 0, 5);
            plain.processWatermark(Long.MAX_VALUE);
            assertThat(plain.extractOutputValues()).isNotEmpty();
            assertThat(plain.getSideOutput(MeterFlowsOperator.CHANGES)).isNull();
        }
    }

    /** Room for 20 flows in each of 8 buckets; of 800, 160 get it, and are forgotten 5 s after their packet. */
    @Test
    void whatOfAFloodHasRoomIsStatedWithinTheWindowAndTheRestIsAggregated() throws Exception {
        RegisteredMetrics counts = new RegisteredMetrics();
        try (var crowded = new MeterHarness(operator(SETTINGS.withMostFlows(20)), counts.environment())) {
            crowded.open();
            crowded.processWatermark(0);
            PacketHeader[] flood = new PacketHeader[800];
            for (int i = 0; i < flood.length; i++) {
                flood[i] = Headers.udp(1, 1, 1_024 + i, 2, 53);
            }
            for (HeaderBlock block : Batches.blocks("capvm1", flood)) {
                crowded.processElement(block, 0);
            }
            crowded.processWatermark(5_999);
            assertThat(crowded.extractOutputValues())
                    .hasSize(160)
                    .allMatch(row -> row.getFlowEndReason() == 5 && row.getSourcePrefixLength() == null);
            assertThat(counts.value("packets_aggregated")).isEqualTo(640);

            crowded.processWatermark(Long.MAX_VALUE);
            Map<String, Flow> last = new TreeMap<>();
            crowded.extractOutputValues().forEach(row -> last.put(key(row), row));
            assertThat(last.values().stream()
                            .mapToLong(Flow::getPacketDeltaCount)
                            .sum())
                    .isEqualTo(800);
            assertThat(last.values())
                    .filteredOn(row -> row.getSourcePrefixLength() != null)
                    .hasSize(Batches.BUCKETS)
                    .allMatch(row -> row.getSourcePrefixLength() == 24
                            && row.getSourceAddress().equals("10.0.0.0"));
        }
    }

    /**
     * Each step is 10 s of seeded traffic of two sensors that see copies of each other, some packets late, then a
     * watermark. An instance is fed the buckets of its key groups, as the shuffle would.
     */
    private static void feed(MeterHarness harness, int from, int to) throws Exception {
        for (int step = from; step < to; step++) {
            SplittableRandom random = new SplittableRandom(step);
            for (String sensor : new String[] {"capvm1", "capvm2"}) {
                PacketHeader[] headers = new PacketHeader[30];
                for (int i = 0; i < headers.length; i++) {
                    double second = Math.max(0, step * 10 + random.nextInt(1_000) / 100.0 - random.nextInt(5) * 15);
                    int source = 1 + random.nextInt(6);
                    headers[i] = random.nextInt(3) == 0
                            ? Headers.udp(second, source, 5_000, 7, 53)
                            : Headers.tcp(second, source, 5_000, 7, 80, random.nextInt(40) == 0 ? 0x04 : ACK);
                }
                see(harness, sensor, headers);
            }
            harness.processWatermark(TimeUnit.SECONDS.toMillis(step * 10L) - 1);
        }
    }

    private void see(String sensor, PacketHeader... headers) throws Exception {
        see(harness, sensor, headers);
    }

    private static void see(MeterHarness harness, String sensor, PacketHeader... headers) throws Exception {
        var task = harness.getEnvironment().getTaskInfo();
        for (HeaderBlock block : Batches.blocks(sensor, headers)) {
            int owner = KeyGroupRangeAssignment.assignKeyToParallelOperator(
                    block.bucket(), MAX_PARALLELISM, task.getNumberOfParallelSubtasks());
            if (owner == task.getIndexOfThisSubtask()) {
                harness.processElement(block, 0);
            }
        }
    }

    private static PacketHeader tcp(double second, int source, int destination) {
        return Headers.tcp(second, source, source, destination, destination, ACK);
    }

    private AbstractStreamOperator<Flow> meter() {
        return (AbstractStreamOperator<Flow>) harness.step();
    }

    private static MeterFlowsOperator operator(MeterSettings settings) {
        return new MeterFlowsOperator(settings, SubnetRule.COMMON, RealmRule.only("default"), true, false);
    }

    private static MeterHarness instance(int parallelism, int subtask) throws Exception {
        return new MeterHarness(operator(SETTINGS), MAX_PARALLELISM, parallelism, subtask);
    }

    /** The last revision of each row, whole. */
    private static Map<String, String> latest(Collection<Flow> rows) {
        Map<String, Flow> latest = new TreeMap<>();
        for (Flow row : rows) {
            latest.merge(key(row), row, (one, other) -> one.getRevision() > other.getRevision() ? one : other);
        }
        Map<String, String> texts = new TreeMap<>();
        latest.forEach((key, row) -> texts.put(key, row.toString()));
        return texts;
    }

    private static String key(Flow flow) {
        return flow.getFlowId() + "@" + flow.getWindowStart();
    }

    /** What was stated since the last call. */
    private List<String> stated() {
        List<String> rows = harness.extractOutputValues().stream()
                .map(row -> "%s:%d>%s:%d @%d: %d %d / %d %d, %s"
                        .formatted(
                                row.getSourceAddress(),
                                row.getSourceTransportPort(),
                                row.getDestinationAddress(),
                                row.getDestinationTransportPort(),
                                row.getWindowStart().getEpochSecond(),
                                row.getPacketDeltaCount(),
                                row.getOctetDeltaCount(),
                                row.getReversePacketDeltaCount(),
                                row.getReverseOctetDeltaCount(),
                                row.getFlowEndReason()))
                .toList();
        harness.getOutput().clear();
        return rows;
    }
}
