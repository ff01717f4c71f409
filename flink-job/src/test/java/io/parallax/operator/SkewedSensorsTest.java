package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.parallax.flow.LowWatermarks;
import io.parallax.flow.MeterSettings;
import io.parallax.io.ReceivedBatch;
import io.parallax.label.RealmRule;
import io.parallax.matrix.SubnetRule;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Headers;
import io.parallax.model.SensorEvent;
import io.parallax.state.HeaderBlockSerializer;
import io.parallax.wire.Flow;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two sensors whose clocks are right and one whose clock is wrong, each with flows of its own, through watermarks, blocks
 * and meter. Windows of 10 s, 10 min of lateness. A batch every 200 ms for 10 min, with a packet captured 20 ms before it and
 * one captured 180 ms before it.
 */
final class SkewedSensorsTest {

    private static final long PERIOD_MILLIS = 200;
    private static final long BEGIN_SECONDS = 1_700_000_000L;
    private static final long RUN_MILLIS = 600_000;
    private static final long JUMP_MILLIS = 300_100;
    private static final long TOLERANCE = Headers.nanos(10);
    private static final long MILLI = 1_000_000L;

    /** By how much the wrong clock is ahead, nanoseconds, some milliseconds after the begin. */
    private enum Clock {
        RIGHT(millis -> 0),
        TWO_HOURS_AHEAD(millis -> Headers.nanos(7_200)),
        TWO_HOURS_BEHIND(millis -> Headers.nanos(-7_200)),
        NINE_SECONDS_AHEAD(millis -> Headers.nanos(9)),
        ELEVEN_SECONDS_BEHIND(millis -> Headers.nanos(-11)),
        /** A hundred times as bad as the worst crystal: 10 min have to show what hours would. */
        DRIFTS_AHEAD(millis -> millis * MILLI / 20),
        DRIFTS_BEHIND(millis -> -millis * MILLI / 20),
        JUMPS_AHEAD(millis -> millis < JUMP_MILLIS ? 0 : Headers.nanos(7_200)),
        JUMPS_BACK(millis -> millis < JUMP_MILLIS ? 0 : Headers.nanos(-7_200)),
        JUMPS_BACK_A_MINUTE(millis -> millis < JUMP_MILLIS ? 0 : Headers.nanos(-60)),
        IS_SET_BACK_RIGHT(millis -> millis < JUMP_MILLIS ? Headers.nanos(7_200) : 0),
        IS_SET_ON_RIGHT(millis -> millis < JUMP_MILLIS ? Headers.nanos(-7_200) : 0),
        SWINGS(millis -> millis < JUMP_MILLIS ? Headers.nanos(3_600) : Headers.nanos(-3_600));

        @SuppressWarnings("ImmutableEnumChecker") // a function of nothing but its argument
        private final LongUnaryOperator aheadNanos;

        Clock(LongUnaryOperator aheadNanos) {
            this.aheadNanos = aheadNanos;
        }
    }

    private final HeaderBatchWriter[] sensors = {
        Batches.stream("capvm1", 1), Batches.stream("capvm2", 1), Batches.stream("capvm3", 1)
    };
    private final LowWatermarks watermarks = new LowWatermarks(Long.MAX_VALUE, TOLERANCE, true);
    private final List<SensorEvent> events = new ArrayList<>();
    private final List<Flow> rows = new ArrayList<>();
    private OneInputStreamOperatorTestHarness<ReceivedBatch, HeaderBlock> splitter;
    private MeterHarness meter;
    private final RegisteredMetrics metrics = new RegisteredMetrics();
    private long assertedMillis;
    private long assertedNanos;
    private long packets;
    private long offset;

    @BeforeEach
    void open() throws Exception {
        splitter = splitter(null);
        meter = new MeterHarness(
                new MeterFlowsOperator(
                        new MeterSettings(Headers.nanos(10), Headers.nanos(600)),
                        SubnetRule.COMMON,
                        RealmRule.only("default"),
                        false,
                        false),
                metrics.environment());
        meter.open();
    }

    @AfterEach
    void close() throws Exception {
        splitter.close();
        meter.close();
    }

    @ParameterizedTest
    @EnumSource
    void noPacketIsLost(Clock clock) throws Exception {
        run(clock, 0, RUN_MILLIS);
        end();
        assertThat(metrics.value("packets_too_late")).isZero();
        assertThat(packetsInRows()).isEqualTo(packets);
    }

    @ParameterizedTest
    @EnumSource
    void nothingDependsOnACheckpointInBetween(Clock clock) throws Exception {
        run(clock, 0, RUN_MILLIS / 2 + 1_000);
        splitter.prepareSnapshotPreBarrier(1);
        meterBlocks();
        OperatorSubtaskState state = splitter.snapshot(1, 1);
        splitter.close();
        splitter = splitter(state);
        run(clock, RUN_MILLIS / 2 + 1_000, RUN_MILLIS);
        end();
        Map<String, Long> restored = packetsByWindow();
        List<SensorEvent> told = List.copyOf(events);

        SkewedSensorsTest whole = new SkewedSensorsTest();
        whole.open();
        whole.run(clock, 0, RUN_MILLIS);
        whole.end();
        whole.close();
        assertThat(restored).isEqualTo(whole.packetsByWindow());
        assertThat(told).isEqualTo(whole.events);
    }

    @Test
    void packetsOfASkewedSensorAreInTheWindowsOfTheOthers() throws Exception {
        run(Clock.TWO_HOURS_BEHIND, 0, 60_000);
        end();
        assertThat(packetsByWindow().keySet().stream().map(key -> key.replaceAll(".*@", "")))
                .allSatisfy(
                        window -> assertThat(Long.parseLong(window)).isBetween(BEGIN_SECONDS - 10, BEGIN_SECONDS + 60));
    }

    @Test
    void aWrongClockIsToldOnceAndTheOthersAreNot() throws Exception {
        run(Clock.TWO_HOURS_AHEAD, 0, 60_000);
        end();
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.sensorId()).isEqualTo("capvm3");
            assertThat(event.kind()).isEqualTo(SensorEvent.Kind.CLOCK_SKEWED);
            assertThat(event.clockOffsetNanos()).isBetween(Headers.nanos(-7_200), Headers.nanos(-7_199));
            assertThat(event.timeNanos()).isBetween(Headers.nanos(BEGIN_SECONDS - 1), Headers.nanos(BEGIN_SECONDS + 1));
        });
    }

    @Test
    void eventsTravelWithoutKryo() {
        SerializerConfigImpl withoutKryo = new SerializerConfigImpl();
        withoutKryo.setGenericTypes(false);
        TypeInformation<SensorEvent> type = TypeInformation.of(SensorEvent.class);
        assertThat(type).isInstanceOf(PojoTypeInfo.class);
        assertThatCode(() -> type.createSerializer(withoutKryo)).doesNotThrowAnyException();
    }

    private void run(Clock clock, long fromMillis, long toMillis) throws Exception {
        for (long millis = fromMillis; millis < toMillis; millis += PERIOD_MILLIS) {
            send(0, millis, at -> 0);
            send(1, millis + 30, at -> 0);
            send(2, millis + 60, clock.aheadNanos);
            if (millis % 1_000 == 0) {
                watermark(watermarks.passedNanos(0));
            }
        }
    }

    private void send(int sensor, long millis, LongUnaryOperator aheadNanos) throws Exception {
        long sentAt = at(millis, aheadNanos);
        long first = at(millis - 180, aheadNanos);
        long last = at(millis - 20, aheadNanos);
        long lowWatermark = sentAt - Headers.nanos(0.5);
        if (sensor == 2) {
            assertedNanos = Math.max(assertedNanos, lowWatermark);
            lowWatermark = assertedNanos;
        }
        sensors[sensor].add(packet(first, sensor));
        sensors[sensor].add(packet(last, sensor));
        byte[] value = sensors[sensor].finish(lowWatermark, false);
        ReceivedBatch received = Batches.received(offset++, BEGIN_SECONDS * 1_000 + millis + 7, sentAt, value);
        splitter.processElement(received, 0);
        HeaderBatch batch = Objects.requireNonNull(received.batch());
        watermarks.hear(
                batch.getSensorId(),
                received.raw().timestampMillis(),
                sentAt,
                lowWatermark,
                batch.getLastTimeNanoseconds(),
                false,
                0);
        packets += 2;
    }

    private static long at(long millis, LongUnaryOperator aheadNanos) {
        return Headers.nanos(BEGIN_SECONDS) + millis * MILLI + aheadNanos.applyAsLong(millis);
    }

    private static PacketHeader packet(long timeNanos, int sensor) {
        PacketHeader header = Headers.udp(0, 1 + sensor, 5_000, 100, 53);
        header.timeNanos = timeNanos;
        return header;
    }

    private void watermark(long passedNanos) throws Exception {
        long mark = passedNanos / MILLI - 1;
        if (mark > assertedMillis) {
            assertedMillis = mark;
            splitter.processWatermark(mark);
            meterBlocks();
            meter.processWatermark(mark);
        }
    }

    private void end() throws Exception {
        splitter.prepareSnapshotPreBarrier(9);
        meterBlocks();
        meter.processWatermark(Long.MAX_VALUE);
        rows.addAll(meter.extractOutputValues());
    }

    private void meterBlocks() throws Exception {
        for (HeaderBlock block : splitter.extractOutputValues()) {
            meter.processElement(block, 0);
        }
        splitter.getOutput().clear();
        var told = splitter.getSideOutput(SplitBlocksOperator.SENSOR_EVENTS);
        if (told != null) {
            for (StreamRecord<SensorEvent> event = told.poll(); event != null; event = told.poll()) {
                events.add(event.getValue());
            }
        }
    }

    private long packetsInRows() {
        return packetsByWindow().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Of the last revision of each row. */
    private Map<String, Long> packetsByWindow() {
        Map<String, Flow> last = new TreeMap<>();
        for (Flow row : rows) {
            last.merge(
                    row.getSourceAddress() + "@" + row.getWindowStart().getEpochSecond(),
                    row,
                    (one, other) -> one.getRevision() > other.getRevision() ? one : other);
        }
        Map<String, Long> byWindow = new TreeMap<>();
        last.forEach((key, row) -> byWindow.put(key, row.getPacketDeltaCount() + row.getReversePacketDeltaCount()));
        return byWindow;
    }

    private static OneInputStreamOperatorTestHarness<ReceivedBatch, HeaderBlock> splitter(
            @Nullable OperatorSubtaskState state) throws Exception {
        var opened = new OneInputStreamOperatorTestHarness<ReceivedBatch, HeaderBlock>(new SplitBlocksOperator(
                Batches.BUCKETS, 1_000, RealmRule.only(Batches.REALM), Headers.nanos(10), TOLERANCE, Long.MAX_VALUE));
        opened.setup(HeaderBlockSerializer.INSTANCE);
        if (state != null) {
            opened.initializeState(state);
        }
        opened.open();
        return opened;
    }
}
