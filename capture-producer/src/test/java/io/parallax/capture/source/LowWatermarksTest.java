package io.parallax.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LowWatermarksTest {

    @Property(tries = 200)
    void noFrameIsEarlierThanWhatWasSaidBeforeIt(
            @ForAll long seed, @ForAll @IntRange(max = 3_000) int frames, @ForAll @IntRange(max = 50) int disorder) {
        long[] times = times(new Random(seed), frames, disorder);
        LowWatermarks watermarks = new LowWatermarks();
        for (long time : times) {
            watermarks.add(time);
        }
        watermarks.fold();
        long said = Long.MIN_VALUE;
        for (long time : times) {
            assertThat(watermarks.nanos()).isGreaterThanOrEqualTo(said).isLessThanOrEqualTo(time);
            said = watermarks.nanos();
            watermarks.delivered(time);
        }
        assertThat(watermarks.nanos()).isEqualTo(Long.MAX_VALUE);
    }

    private static long[] times(Random random, int frames, int disorder) {
        long[] times = new long[frames];
        for (int i = 0; i < frames; i++) {
            times[i] = (long) i + (disorder == 0 ? 0 : random.nextInt(disorder));
        }
        return times;
    }

    @Test
    void inOrderItFollowsTheLastFrame() {
        LowWatermarks watermarks = new LowWatermarks();
        for (int i = 0; i < 2_000; i++) {
            watermarks.add(i);
        }
        watermarks.fold();
        for (int i = 0; i < 1_999; i++) {
            watermarks.delivered(i);
            assertThat(watermarks.nanos()).isBetween((long) i, i + 1L);
        }
    }
}
