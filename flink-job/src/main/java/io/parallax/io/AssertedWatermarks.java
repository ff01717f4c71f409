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
 */
public final class AssertedWatermarks implements WatermarkStrategy<ReceivedBatch> {

    private static final long serialVersionUID = 1L;

    private final @Nullable Duration silence;

    private AssertedWatermarks(@Nullable Duration silence) {
        this.silence = silence;
    }

    public static AssertedWatermarks bounded() {
        return new AssertedWatermarks(null);
    }

    /** @param silence a stream that is not heard for longer no longer holds the others back */
    public static AssertedWatermarks unbounded(Duration silence) {
        return new AssertedWatermarks(silence);
    }

    @Override
    public WatermarkGenerator<ReceivedBatch> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return silence == null
                ? new Generator(Long.MAX_VALUE, false, null)
                : new Generator(silence.toNanos(), true, context.getInputActivityClock());
    }

    private static final class Generator implements WatermarkGenerator<ReceivedBatch> {

        private final LowWatermarks watermarks;
        private final long silenceNanos;
        private final long startedNanos;
        private final boolean isIdleWhenQuiet;
        private final @Nullable RelativeClock clock;

        Generator(long silenceNanos, boolean isIdleWhenQuiet, @Nullable RelativeClock clock) {
            this.watermarks = new LowWatermarks(silenceNanos);
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
                watermarks.hear(stream, batch.getLowWatermarkNanoseconds(), batch.getEndOfStream(), now());
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
