package io.parallax.io;

import io.parallax.flow.EventTime;
import io.parallax.flow.LowWatermarks;
import io.parallax.model.RawRecord;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.RelativeClock;
import org.jspecify.annotations.Nullable;

/**
 * Watermarks of one partition, from what its streams assert.
 *
 * <p>Bounded input: only what is in the topic counts, no clock; a partition without a batch so far holds everything back
 * until it ends. Unbounded input: a partition in which no live stream is left is idle, or the first empty partition would
 * hold the job back for ever; but not before the time of silence has passed since the start, or after a restart the first
 * partition to be read would race past the others. What comes late through that is a revision, not a loss (FlowTable).
 *
 * <p>A stream whose clock is wrong asserts what it would with a right one ({@link LowWatermarks}); the estimate begins anew
 * with the generator, one record after a restart.
 */
public final class AssertedWatermarks<T> implements WatermarkStrategy<T> {

    private static final long serialVersionUID = 1L;

    /** What a record asserts. */
    interface Assertion<T> extends Serializable {
        void hear(T record, LowWatermarks watermarks, long nowNanos);
    }

    private final Assertion<T> assertion;
    private final @Nullable Duration silence;
    private final Duration clockTolerance;

    private AssertedWatermarks(Assertion<T> assertion, @Nullable Duration silence, Duration clockTolerance) {
        this.assertion = assertion;
        this.silence = silence;
        this.clockTolerance = clockTolerance;
    }

    /** @param clockTolerance a stream whose clock is further off asserts what it would with a right one */
    public static AssertedWatermarks<ReceivedBatch> bounded(Duration clockTolerance) {
        return new AssertedWatermarks<>(AssertedWatermarks::hearBatch, null, clockTolerance);
    }

    /**
     * @param silence a stream that is not heard for longer no longer holds the others back
     * @param clockTolerance a stream whose clock is further off asserts what it would with a right one
     */
    public static AssertedWatermarks<ReceivedBatch> unbounded(Duration silence, Duration clockTolerance) {
        return new AssertedWatermarks<>(AssertedWatermarks::hearBatch, silence, clockTolerance);
    }

    /**
     * Of the capture ledger in unbounded input: a row says that its interval is over. Without that, a job that catches up on
     * hours of headers closes the accounts of these hours before it has read what the ledger says of them.
     */
    public static AssertedWatermarks<RawRecord> ofLedger(Duration silence, Duration clockTolerance) {
        return new AssertedWatermarks<>(new LedgerAssertion(), silence, clockTolerance);
    }

    @Override
    public WatermarkGenerator<T> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        long toleranceNanos = clockTolerance.toNanos();
        return silence == null
                ? new Generator<>(assertion, Long.MAX_VALUE, toleranceNanos, false, null)
                : new Generator<>(assertion, silence.toNanos(), toleranceNanos, true, context.getInputActivityClock());
    }

    private static void hearBatch(ReceivedBatch received, LowWatermarks watermarks, long nowNanos) {
        HeaderBatch batch = received.batch();
        if (batch != null) {
            watermarks.hear(
                    Topics.streamId(batch.getSensorId(), batch.getInterfaceName(), batch.getLane()),
                    received.raw().timestampMillis(),
                    received.raw().sentAtNanos(),
                    batch.getLowWatermarkNanoseconds(),
                    batch.getLastTimeNanoseconds(),
                    batch.getEndOfStream(),
                    nowNanos);
        }
    }

    private static final class LedgerAssertion implements Assertion<RawRecord> {

        private static final long serialVersionUID = 1L;

        private transient @Nullable SingleObjectCodec<CaptureLedger> codec;

        /** A row of another kind than an interval's comes after its time, and one that can't be read is told elsewhere. */
        @Override
        public void hear(RawRecord raw, LowWatermarks watermarks, long nowNanos) {
            CaptureLedger row = read(raw);
            if (row == null || !row.getRowKind().equals(Topics.LEDGER_INTERVAL)) {
                return;
            }
            long over = LedgerEntries.endNanos(row);
            watermarks.hear(
                    Topics.streamId(row.getSensorId(), row.getInterfaceName(), row.getLane()),
                    raw.timestampMillis(),
                    raw.sentAtNanos(),
                    over,
                    over,
                    false,
                    nowNanos);
        }

        private @Nullable CaptureLedger read(RawRecord raw) {
            if (codec == null) {
                codec = SingleObjectCodec.of(CaptureLedger.getClassSchema());
            }
            try {
                return codec.decode(raw.value());
            } catch (WireFormatException e) {
                return null;
            }
        }
    }

    private static final class Generator<T> implements WatermarkGenerator<T> {

        private final Assertion<T> assertion;
        private final LowWatermarks watermarks;
        private final long silenceNanos;
        private final long startedNanos;
        private final boolean isIdleWhenQuiet;
        private final @Nullable RelativeClock clock;

        Generator(
                Assertion<T> assertion,
                long silenceNanos,
                long toleranceNanos,
                boolean isIdleWhenQuiet,
                @Nullable RelativeClock clock) {
            this.assertion = assertion;
            this.watermarks = new LowWatermarks(silenceNanos, toleranceNanos, isIdleWhenQuiet);
            this.isIdleWhenQuiet = isIdleWhenQuiet;
            this.clock = clock;
            this.silenceNanos = silenceNanos;
            this.startedNanos = now();
        }

        @Override
        public void onEvent(T record, long timestamp, WatermarkOutput output) {
            assertion.hear(record, watermarks, now());
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            long passed = watermarks.passedNanos(now());
            if (passed != Long.MIN_VALUE) {
                output.emitWatermark(new Watermark(EventTime.watermarkMillis(passed)));
            }
            if (isIdleWhenQuiet && watermarks.isQuiet(now()) && now() - startedNanos > silenceNanos) {
                output.markIdle();
            }
        }

        private long now() {
            return clock == null ? 0 : clock.relativeTimeNanos();
        }
    }
}
