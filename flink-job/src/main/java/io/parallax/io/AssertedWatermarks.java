package io.parallax.io;

import io.parallax.flow.EventTime;
import io.parallax.flow.LowWatermarks;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.Topics;
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
public final class AssertedWatermarks implements WatermarkStrategy<ReceivedBatch> {

    private static final long serialVersionUID = 1L;

    private final @Nullable Duration silence;
    private final Duration clockTolerance;

    private AssertedWatermarks(@Nullable Duration silence, Duration clockTolerance) {
        this.silence = silence;
        this.clockTolerance = clockTolerance;
    }

    /** @param clockTolerance a stream whose clock is further off asserts what it would with a right one */
    public static AssertedWatermarks bounded(Duration clockTolerance) {
        return new AssertedWatermarks(null, clockTolerance);
    }

    /**
     * @param silence a stream that is not heard for longer no longer holds the others back
     * @param clockTolerance a stream whose clock is further off asserts what it would with a right one
     */
    public static AssertedWatermarks unbounded(Duration silence, Duration clockTolerance) {
        return new AssertedWatermarks(silence, clockTolerance);
    }

    @Override
    public WatermarkGenerator<ReceivedBatch> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        long toleranceNanos = clockTolerance.toNanos();
        return silence == null
                ? new Generator(Long.MAX_VALUE, toleranceNanos, false, null)
                : new Generator(silence.toNanos(), toleranceNanos, true, context.getInputActivityClock());
    }

    private static final class Generator implements WatermarkGenerator<ReceivedBatch> {

        private final LowWatermarks watermarks;
        private final long silenceNanos;
        private final long startedNanos;
        private final boolean isIdleWhenQuiet;
        private final @Nullable RelativeClock clock;

        Generator(long silenceNanos, long toleranceNanos, boolean isIdleWhenQuiet, @Nullable RelativeClock clock) {
            this.watermarks = new LowWatermarks(silenceNanos, toleranceNanos, isIdleWhenQuiet);
            this.isIdleWhenQuiet = isIdleWhenQuiet;
            this.clock = clock;
            this.silenceNanos = silenceNanos;
            this.startedNanos = now();
        }

        @Override
        public void onEvent(ReceivedBatch received, long timestamp, WatermarkOutput output) {
            HeaderBatch batch = received.batch();
            if (batch != null) {
                String stream = Topics.streamId(batch.getSensorId(), batch.getInterfaceName(), batch.getLane());
                watermarks.hear(
                        stream,
                        received.raw().timestampMillis(),
                        received.raw().sentAtNanos(),
                        batch.getLowWatermarkNanoseconds(),
                        batch.getLastTimeNanoseconds(),
                        batch.getEndOfStream(),
                        now());
            }
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
