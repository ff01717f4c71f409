package io.parallax.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.RawRecord;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.ManualClock;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class AssertedWatermarksTest {

    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration TOLERANCE = Duration.ofSeconds(5);
    private static final long BEGIN = 1_700_000_000;

    private final SingleObjectCodec<CaptureLedger> codec = SingleObjectCodec.of(CaptureLedger.getClassSchema());
    private final ManualClock clock = new ManualClock();
    private final Heard heard = new Heard();
    private final WatermarkGenerator<RawRecord> ledger = AssertedWatermarks.ofLedger(SILENCE, TOLERANCE)
            .createWatermarkGenerator(new WatermarkGeneratorSupplier.Context() {
                @Override
                public MetricGroup getMetricGroup() {
                    return new UnregisteredMetricsGroup();
                }

                @Override
                public RelativeClock getInputActivityClock() {
                    return clock;
                }
            });

    @Test
    void timeHasPassedWhatTheSlowestInterfaceAccountsFor() throws Exception {
        hear(row("a", 0, Topics.LEDGER_INTERVAL));
        hear(row("b", 7, Topics.LEDGER_INTERVAL));
        assertThat(heard.last()).as("the first second of a is over").isEqualTo((BEGIN + 1) * 1_000 - 1);
        hear(row("a", 30, Topics.LEDGER_INTERVAL));
        assertThat(heard.last()).isEqualTo((BEGIN + 8) * 1_000 - 1);
    }

    @Test
    void anInterfaceThatGivesNoAccountIsNotWaitedFor() throws Exception {
        hear(row("a", 0, Topics.LEDGER_INTERVAL));
        clock.advanceTime(SILENCE.plusMillis(1));
        hear(row("b", 7, Topics.LEDGER_INTERVAL));
        assertThat(heard.last()).isEqualTo((BEGIN + 8) * 1_000 - 1);
    }

    @Test
    void aRowThatComesAfterItsTimeAndOneThatCannotBeReadSayNothing() throws Exception {
        hear(row("a", 9, Topics.LEDGER_INTERVAL));
        hear(row("a", 2, Topics.LEDGER_RECOVERED));
        hear(record(new byte[] {1, 2, 3}));
        assertThat(heard.last()).isEqualTo((BEGIN + 10) * 1_000 - 1);
    }

    @Test
    void anEmptyPartitionIsIdleOnceItHasBeenSilentSinceTheStart() {
        ledger.onPeriodicEmit(heard);
        assertThat(heard.isIdle).isFalse();
        clock.advanceTime(SILENCE.plusMillis(1));
        ledger.onPeriodicEmit(heard);
        assertThat(heard.isIdle).isTrue();
    }

    private void hear(RawRecord record) {
        ledger.onEvent(record, 0, heard);
        ledger.onPeriodicEmit(heard);
    }

    private RawRecord row(String card, int second, String kind) throws Exception {
        CaptureLedger row = new CaptureLedger();
        row.setSensorId("sensor");
        row.setInterfaceName(card);
        row.setIntervalStart(Instant.ofEpochSecond(BEGIN + second));
        row.setIntervalSeconds(1);
        row.setRowKind(kind);
        row.setOutcomes(Map.of());
        row.setFilteredByCause(Map.of());
        row.setShedByCause(Map.of());
        row.setMirrorSessions(List.of());
        return record(codec.encode(row));
    }

    private static RawRecord record(byte[] value) {
        return new RawRecord(Topics.CAPTURE_LEDGER, 0, 0, (BEGIN + 3_600) * 1_000, value);
    }

    private static final class Heard implements WatermarkOutput {

        private final List<Long> marks = new ArrayList<>();
        private boolean isIdle;

        long last() {
            return marks.get(marks.size() - 1);
        }

        @Override
        public void emitWatermark(Watermark watermark) {
            marks.add(watermark.getTimestamp());
        }

        @Override
        public void markIdle() {
            isIdle = true;
        }

        @Override
        public void markActive() {
            isIdle = false;
        }
    }
}
