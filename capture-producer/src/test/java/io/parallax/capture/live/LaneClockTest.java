package io.parallax.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaneClockTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long NOON = 1_800_000_000L * SECOND;

    private final LaneClock clock = new LaneClock();

    private long lowWatermarkAfterNoon() {
        return clock.lowWatermarkNanos() - (NOON - LaneClock.SLACK_NANOS);
    }

    @Test
    void anIdleLaneMovesWithTheWallClock() {
        clock.begin(NOON);
        clock.beforeRead(NOON + 3 * SECOND);
        clock.afterRead(false);

        assertThat(lowWatermarkAfterNoon()).isEqualTo(3 * SECOND);
    }

    @Test
    void aReadThatFilledUpSaysNoMoreThanItsLastFrame() {
        clock.begin(NOON);
        clock.beforeRead(NOON + 9 * SECOND);
        clock.take(NOON + SECOND);
        clock.afterRead(true);

        assertThat(lowWatermarkAfterNoon()).isEqualTo(SECOND);
    }

    @Test
    void whatWaitedWhileTheLaneBeganIsNotBehindItsFirstWord() {
        clock.begin(NOON);
        clock.beforeRead(NOON + 2 * SECOND);

        assertThat(clock.lowWatermarkNanos()).isLessThan(clock.take(NOON + 1));
    }

    @Test
    void itNeverFalls() {
        clock.begin(NOON);
        clock.beforeRead(NOON - 60 * SECOND);
        clock.take(NOON - 60 * SECOND);
        clock.afterRead(false);

        assertThat(lowWatermarkAfterNoon()).isZero();
    }

    @Test
    void aFrameFromTheFutureIsSetBackAndCounted() {
        clock.beforeRead(NOON);

        assertThat(clock.take(NOON + LaneClock.MAX_AHEAD_NANOS)).isEqualTo(NOON + LaneClock.MAX_AHEAD_NANOS);
        assertThat(clock.takeSetBack()).isZero();
        assertThat(clock.take(NOON + 3_600 * SECOND)).isEqualTo(NOON + LaneClock.MAX_AHEAD_NANOS);
        assertThat(clock.takeSetBack()).isEqualTo(1);
        assertThat(clock.takeSetBack()).isZero();
    }
}
