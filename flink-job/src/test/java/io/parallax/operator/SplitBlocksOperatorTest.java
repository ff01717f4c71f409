package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.BlockSplitter;
import io.parallax.io.ReceivedBatch;
import io.parallax.label.RealmRule;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.model.SensorEvent;
import io.parallax.state.HeaderBlockSerializer;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packets are told apart by their time in whole seconds. */
final class SplitBlocksOperatorTest {

    private static final int MANY = 1_000;
    private static final int PARALLELISM = 2;
    private static final int MAX_PARALLELISM = 128;

    private RegisteredMetrics metrics = new RegisteredMetrics();
    private OneInputStreamOperatorTestHarness<ReceivedBatch, HeaderBlock> harness;
    private final HeaderBatchWriter stream = Batches.stream("capvm1", 1);
    private long offset;

    @BeforeEach
    void open() throws Exception {
        harness = harness(MANY, null);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void headersWaitInTheirBlocksUntilAWatermarkAndNeverBehindIt() throws Exception {
        read(Batches.next(stream, 0, packet(1), packet(2), packet(3)));
        assertThat(harness.getOutput()).isEmpty();
        harness.processWatermark(0);
        assertThat(timesBeforeWatermark(0)).containsExactlyInAnyOrder(1L, 2L, 3L);
        harness.processWatermark(1);
        assertThat(times()).as("and are sent once").hasSize(3);
    }

    @Test
    void nothingStaysBehindACheckpointBarrier() throws Exception {
        read(Batches.next(stream, 0, packet(1), packet(2)));
        harness.prepareSnapshotPreBarrier(1);
        assertThat(times()).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void nothingIsLeftWhenTheInputEndsWithoutAWatermark() throws Exception {
        read(Batches.next(stream, 0, packet(1), packet(2)));
        harness.getOperator().finish();
        assertThat(times()).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void aFullBlockIsSentAtOnce() throws Exception {
        harness.close();
        harness = harness(3, null);
        read(Batches.next(stream, 0, packet(1), packet(2)));
        assertThat(times()).isEmpty();
        read(Batches.next(stream, 0, packet(3)));
        assertThat(times()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void equalAddressesInVlansOfTwoRealmsAreApart() throws Exception {
        PacketHeader tagged = Headers.udp(2, 1, 10_000, 2, 53);
        tagged.vlanCount = 1;
        tagged.vlanStack = 110;
        read(Batches.next(stream, 0, Headers.udp(1, 1, 10_000, 2, 53), tagged));
        harness.processWatermark(0);
        Map<String, Long> hashes = new HashMap<>();
        for (HeaderBlock block : blocks()) {
            for (int entry = 0; entry < block.entryCount(); entry++) {
                String realm = block.realms().get(block.entryInt(entry, HeaderBlock.ENTRY_REALM));
                hashes.put(realm, block.entryLong(entry, HeaderBlock.ENTRY_HASH));
            }
        }
        assertThat(hashes).containsOnlyKeys(Batches.REALM, "red");
        assertThat(hashes.values()).doesNotHaveDuplicates();
    }

    @Test
    void blocksHoldTheFlowsOfTheirBucketAndSayWhereTheyWereSeen() throws Exception {
        PacketHeader[] headers = new PacketHeader[100];
        for (int i = 0; i < headers.length; i++) {
            headers[i] = Headers.udp(i, 1, 10_000 + i, 2, 53);
        }
        read(Batches.next(stream, 0, headers));
        harness.processWatermark(0);
        assertThat(times()).hasSize(headers.length).doesNotHaveDuplicates();
        assertThat(blocks()).hasSize(Batches.BUCKETS);
        for (HeaderBlock block : blocks()) {
            assertThat(block.streams()).singleElement().hasToString("StreamName[sensorId=capvm1, interfaceName=eth0]");
            assertThat(block.realms()).containsExactly(Batches.REALM);
            for (int entry = 0; entry < block.entryCount(); entry++) {
                long hash = block.entryLong(entry, HeaderBlock.ENTRY_HASH);
                assertThat(BlockSplitter.bucketOf(hash, Batches.BUCKETS)).isEqualTo(block.bucket());
            }
        }
    }

    @Test
    void aRepeatedBatchIsIgnored() throws Exception {
        byte[] batch = Batches.next(stream, 0, packet(1), packet(2));
        read(batch);
        read(batch);
        assertThat(sentTimes()).containsExactly(1L, 2L);
        assertThat(metrics.value("headers_repeated")).isEqualTo(2);
        assertThat(metrics.value("headers")).isEqualTo(2);
        assertThat(metrics.value("batches")).isEqualTo(2);
    }

    @Test
    void ofAPartlyRepeatedBatchOnlyTheNewHeadersCount() throws Exception {
        read(Batches.next(stream, 0, packet(1), packet(2)));
        HeaderBatchWriter again = Batches.stream("capvm1", 1);
        read(Batches.next(again, 0, packet(1), packet(2), packet(3)));
        assertThat(sentTimes()).containsExactly(1L, 2L, 3L);
        assertThat(metrics.value("headers_repeated")).isEqualTo(2);
    }

    @Test
    void aGapIsCounted() throws Exception {
        read(Batches.next(stream, 0, packet(1)));
        Batches.next(stream, 0, packet(2), packet(3));
        read(Batches.next(stream, 0, packet(4)));
        assertThat(sentTimes()).containsExactly(1L, 4L);
        assertThat(metrics.value("headers_missing")).isEqualTo(2);
    }

    @Test
    void aRestartedProducerStartsOver() throws Exception {
        read(Batches.next(stream, 0, packet(1)));
        read(Batches.next(Batches.stream("capvm1", 2), 0, packet(2)));
        assertThat(sentTimes()).containsExactly(1L, 2L);
        assertThat(metrics.value("headers_repeated")).isZero();
    }

    @Test
    void arpIsNoPartOfAnyBlockAndCounted() throws Exception {
        read(Batches.next(stream, 0, packet(1), Headers.arp(2, 1, 2), Headers.arp(3, 1, 2), packet(4)));
        assertThat(sentTimes()).containsExactly(1L, 4L);
        assertThat(metrics.value("headers_non_ip")).isEqualTo(2);
    }

    @Test
    void garbageBecomesOneDeadLetterAndTheNextBatchStillGoesThrough() throws Exception {
        read("garbage".getBytes(StandardCharsets.US_ASCII));
        read(Batches.next(stream, 0, packet(1)));
        assertThat(sentTimes()).containsExactly(1L);
        assertThat(refused()).containsExactly("0 NO_MARKER");
        assertThat(metrics.value("records_refused")).isEqualTo(1);
    }

    @Test
    void aBatchWhoseOctetsWereChangedBecomesOneDeadLetterAndLeavesAGap() throws Exception {
        read(Batches.next(stream, 0, packet(1)));
        byte[] changed = Batches.next(stream, 0, packet(2), packet(3));
        changed[changed.length - 1] ^= 1;
        read(changed);
        read(Batches.next(stream, 0, packet(4)));
        assertThat(sentTimes()).containsExactly(1L, 4L);
        assertThat(refused()).containsExactly("1 CHECKSUM");
        assertThat(metrics.value("headers_missing")).isEqualTo(2);
    }

    @Test
    void aTruncatedOrLongerRecordBecomesADeadLetter() throws Exception {
        byte[] batch = Batches.next(stream, 0, packet(1));
        read(Arrays.copyOf(batch, batch.length - 1));
        read(Arrays.copyOf(batch, batch.length + 5));
        read(batch);
        assertThat(sentTimes()).containsExactly(1L);
        assertThat(refused()).containsExactly("0 MALFORMED_BODY", "1 MALFORMED_BODY");
    }

    @Test
    void beforeTheEndOfTheInputItSaysHowFarTheStreamsWereHeard() throws Exception {
        read(Batches.next(stream, 12.5, packet(1)));
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(watermarks()).containsExactly(12_499L, Long.MAX_VALUE);
        assertThat(timesBeforeWatermark(12_499)).containsExactly(1L);
    }

    @Test
    void anInputWithoutABatchJustEnds() throws Exception {
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(watermarks()).containsExactly(Long.MAX_VALUE);
    }

    @Test
    void aRepeatAfterARestoreIsIgnored() throws Exception {
        byte[] batch = Batches.next(stream, 7, packet(1), packet(2));
        read(batch);
        restore(snapshot(harness));
        read(batch);
        read(Batches.next(stream, 7, packet(3)));
        assertThat(sentTimes()).containsExactly(3L);
        assertThat(metrics.value("headers_repeated")).isEqualTo(2);
        assertThat(metrics.value("headers_missing")).isZero();
        harness.processWatermark(Long.MAX_VALUE);
        assertThat(watermarks()).endsWith(6_999L, Long.MAX_VALUE);
    }

    /** A stream's partition may move to any instance, so that each has to know all positions. */
    @Test
    void positionsSurviveARescaleToTwoAndBack() throws Exception {
        HeaderBatchWriter other = Batches.stream("capvm2", 1);
        byte[] first = Batches.next(stream, 0, packet(1));
        byte[] firstOfOther = Batches.next(other, 0, packet(2));
        read(first);
        read(firstOfOther);
        OperatorSubtaskState one = snapshot(harness);
        byte[] second = Batches.next(stream, 0, packet(3));

        List<OperatorSubtaskState> two = new ArrayList<>();
        for (int subtask = 0; subtask < PARALLELISM; subtask++) {
            var instance = instance(subtask);
            instance.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    one, MAX_PARALLELISM, 1, PARALLELISM, subtask));
            instance.open();
            instance.processElement(Batches.received(0, first), 0);
            instance.processElement(Batches.received(0, firstOfOther), 0);
            if (subtask == 0) {
                instance.processElement(Batches.received(0, second), 0);
            }
            instance.prepareSnapshotPreBarrier(2);
            assertThat(times(instance)).as("instance " + subtask).isEqualTo(subtask == 0 ? List.of(3L) : List.of());
            two.add(snapshot(instance));
            instance.close();
        }

        restore(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                AbstractStreamOperatorTestHarness.repackageState(two.toArray(new OperatorSubtaskState[0])),
                MAX_PARALLELISM,
                PARALLELISM,
                1,
                0));
        read(first);
        read(second);
        read(firstOfOther);
        assertThat(sentTimes()).as("the furthest position counts").isEmpty();
        read(Batches.next(stream, 0, packet(4)));
        assertThat(sentTimes()).containsExactly(4L);
    }

    @Test
    void aSensorThatIsNotHeardForTenSecondsIsDeclaredSilentOnce() throws Exception {
        read(Batches.next(stream, 5, packet(1)));
        passSeconds(10);
        assertThat(told()).isEmpty();
        passSeconds(30);
        assertThat(told()).containsExactly("capvm1 SILENT 5");
        assertThat(metrics.value("streams_silent")).isEqualTo(1);
        read(Batches.next(stream, 6, packet(2)));
        assertThat(told()).containsExactly("capvm1 SILENT 5", "capvm1 HEARD 6");
    }

    @Test
    void thatASensorWasSilentBeforeARestoreIsKnownWhenItIsHeardAgain() throws Exception {
        read(Batches.next(stream, 5, packet(1)));
        passSeconds(20);
        restore(snapshot(harness));
        passSeconds(60);
        assertThat(told()).isEmpty();
        read(Batches.next(stream, 6, packet(2)));
        assertThat(told()).containsExactly("capvm1 HEARD 6");
    }

    /** After a time in which nothing could be read, a sensor is not to blame for it. */
    @Test
    void anInstanceThatWasHeldUpDeclaresNobodySilent() throws Exception {
        read(Batches.next(stream, 5, packet(1)));
        harness.setProcessingTime(600_000);
        assertThat(told()).isEmpty();
    }

    @Test
    void timesOfASkewedSensorAreCorrectedAcrossARestore() throws Exception {
        int ahead = 7_200;
        readSent(100, 100 + ahead, packet(99 + ahead));
        assertThat(metrics.value("streams_skewed")).isEqualTo(1);
        assertThat(metrics.value("clock_offset_max_millis")).isEqualTo(7_200_000);
        assertThat(sentTimes()).containsExactly(99L);
        restore(snapshot(harness));
        readSent(101, 101 + ahead, packet(100 + ahead));
        assertThat(sentTimes()).containsExactly(100L);
        assertThat(told()).as("told before").isEmpty();
    }

    @Test
    void whatNeighboursSayIsToldBeforeTheWatermarkAndOnceHoweverOftenTheBatchComes() throws Exception {
        PacketHeader request = Headers.arp(2, 1, 2);
        request.vlanCount = 1;
        request.vlanStack = 110;
        byte[] batch = Batches.next(stream, 0, packet(1), request, Headers.arp(3, 1, 3));
        read(batch);
        assertThat(harness.getSideOutput(SplitBlocksOperator.NEIGHBOURS)).isNull();
        harness.processWatermark(0);
        read(batch);
        harness.processWatermark(1);
        assertThat(harness.getSideOutput(SplitBlocksOperator.NEIGHBOURS).stream()
                        .flatMap(told -> told.getValue().facts().stream()))
                .extracting(
                        fact -> fact.subject() + " asks for " + fact.target() + " at " + fact.time() / Headers.nanos(1))
                .containsExactlyInAnyOrder(
                        "red 10.0.0.1 asks for 10.0.0.2 at 2", Batches.REALM + " 10.0.0.1 asks for 10.0.0.3 at 3");
        assertThat(metrics.value("neighbour_messages_left_out")).isZero();
    }

    private void readSent(int appendedSeconds, int sentAtSeconds, PacketHeader packet) throws Exception {
        harness.processElement(
                Batches.received(
                        offset++,
                        appendedSeconds * 1_000L,
                        Headers.nanos(sentAtSeconds),
                        Batches.next(stream, sentAtSeconds - 1, packet)),
                0);
    }

    private void passSeconds(int seconds) throws Exception {
        long until = harness.getProcessingTime() + seconds * 1_000L;
        while (harness.getProcessingTime() < until) {
            harness.setProcessingTime(harness.getProcessingTime() + 100);
        }
    }

    private List<String> told() {
        List<String> events = new ArrayList<>();
        var sent = harness.getSideOutput(SplitBlocksOperator.SENSOR_EVENTS);
        if (sent != null) {
            for (StreamRecord<SensorEvent> event : sent) {
                events.add(event.getValue().sensorId() + " " + event.getValue().kind() + " "
                        + event.getValue().timeNanos() / Headers.nanos(1));
            }
        }
        return events;
    }

    private static OneInputStreamOperatorTestHarness<ReceivedBatch, HeaderBlock> instance(int subtask)
            throws Exception {
        var instance = new OneInputStreamOperatorTestHarness<ReceivedBatch, HeaderBlock>(
                operator(MANY), MAX_PARALLELISM, PARALLELISM, subtask);
        instance.setup(HeaderBlockSerializer.INSTANCE);
        return instance;
    }

    private void restore(OperatorSubtaskState state) throws Exception {
        harness.close();
        metrics = new RegisteredMetrics();
        harness = harness(MANY, state);
    }

    private OneInputStreamOperatorTestHarness<ReceivedBatch, HeaderBlock> harness(
            int packetsPerBlock, @Nullable OperatorSubtaskState state) throws Exception {
        var opened = new OneInputStreamOperatorTestHarness<ReceivedBatch, HeaderBlock>(
                operator(packetsPerBlock), metrics.environment());
        opened.setup(HeaderBlockSerializer.INSTANCE);
        if (state != null) {
            opened.initializeState(state);
        }
        opened.open();
        return opened;
    }

    private static SplitBlocksOperator operator(int packetsPerBlock) {
        return new SplitBlocksOperator(
                Batches.BUCKETS,
                packetsPerBlock,
                RealmRule.of(Batches.REALM, Map.of("vlan:110", "red")),
                Headers.nanos(10),
                Headers.nanos(10),
                Headers.nanos(10));
    }

    private static OperatorSubtaskState snapshot(OneInputStreamOperatorTestHarness<ReceivedBatch, HeaderBlock> harness)
            throws Exception {
        harness.prepareSnapshotPreBarrier(1);
        return harness.snapshot(1, 1);
    }

    private static PacketHeader packet(int second) {
        return Headers.tcp(second, 1, 50_000, 2, 443, 0x10);
    }

    private void read(byte[] value) throws Exception {
        harness.processElement(Batches.received(offset++, value), 0);
    }

    private List<Long> sentTimes() throws Exception {
        harness.prepareSnapshotPreBarrier(9);
        return times();
    }

    private List<Long> times() {
        return times(harness);
    }

    private static List<Long> times(OneInputStreamOperatorTestHarness<ReceivedBatch, HeaderBlock> harness) {
        return harness.extractOutputValues().stream()
                .flatMap(block -> timesOf(block).stream())
                .toList();
    }

    private static List<Long> timesOf(HeaderBlock block) {
        List<Long> times = new ArrayList<>();
        for (int packet = 0; packet < block.packetCount(); packet++) {
            times.add(block.packetTime(packet) / Headers.nanos(1));
        }
        return times;
    }

    private List<HeaderBlock> blocks() {
        return harness.extractOutputValues();
    }

    private List<Long> timesBeforeWatermark(long watermark) {
        List<Long> times = new ArrayList<>();
        for (Object element : harness.getOutput()) {
            if (element instanceof Watermark mark && mark.getTimestamp() == watermark) {
                return times;
            }
            if (element instanceof StreamRecord<?> sent && sent.getValue() instanceof HeaderBlock block) {
                times.addAll(timesOf(block));
            }
        }
        throw new AssertionError("no watermark " + watermark);
    }

    private List<Long> watermarks() {
        return harness.getOutput().stream()
                .filter(Watermark.class::isInstance)
                .map(mark -> ((Watermark) mark).getTimestamp())
                .toList();
    }

    private List<String> refused() {
        List<String> letters = new ArrayList<>();
        for (StreamRecord<DeadLetter> letter : harness.getSideOutput(SplitBlocksOperator.REFUSED)) {
            letters.add(letter.getValue().getSourceOffset() + " "
                    + letter.getValue().getReason());
        }
        return letters;
    }
}
