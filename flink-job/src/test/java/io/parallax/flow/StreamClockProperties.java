package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** A sensor whose clock is wrong in any way, and delays of any kind on the way to the broker. */
class StreamClockProperties {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long PERIOD = 200 * MILLI;
    private static final long TOLERANCE = 10 * SECOND;
    private static final long BEGIN = 1_700_000_000L * SECOND;

    /** 500 ppm are 10 s in 5.5 h; a second more, until the correction follows, and the delay. */
    @Property(tries = 100)
    void aSteadyErrorAndAnyDriftMoveNoPacketByMoreThanTheTolerance(
            @ForAll @LongRange(min = -7_200, max = 7_200) long offSeconds,
            @ForAll @IntRange(min = -500, max = 500) int driftPpm,
            @ForAll long seed) {
        Random random = new Random(seed);
        StreamClock clock = new StreamClock(TOLERANCE);
        for (int i = 0; i < 5_000; i++) {
            long elapsed = i * 30L * SECOND;
            long now = BEGIN + elapsed;
            long error = offSeconds * SECOND + elapsed / 1_000_000 * driftPpm;
            clock.hear((now + random.nextInt(500) * MILLI) / MILLI, now + error);
            if (i >= StreamClock.GENERATION) {
                assertThat(Math.abs(clock.corrected(now + error) - now)).isLessThan(TOLERANCE + 2 * SECOND);
            }
        }
    }

    /** Nothing of a stream comes too late, whatever its clock does; beyond 2 min, nothing is even moved much. */
    @Property(tries = 2000)
    void aJumpMovesNoPacketBackByMuchMoreThanTwoMinutesNorAhead(
            @ForAll @LongRange(min = -7_200, max = 7_200) long offSeconds,
            @ForAll @LongRange(min = -7_200, max = 7_200) long laterSeconds,
            @ForAll @IntRange(min = 20, max = 60) int jumpAfter,
            @ForAll long seed) {
        Random random = new Random(seed);
        StreamClock clock = new StreamClock(TOLERANCE);
        for (int i = 0; i < 120; i++) {
            long now = BEGIN + i * PERIOD;
            long jump = BEGIN + jumpAfter * PERIOD - PERIOD / 2;
            long error = (now > jump ? laterSeconds : offSeconds) * SECOND;
            clock.hear((now + random.nextInt(100) * MILLI) / MILLI, now + error);
            for (long captured = now - PERIOD; captured < now; captured += PERIOD / 5) {
                long stamped = captured + (captured > jump ? laterSeconds : offSeconds) * SECOND;
                long moved = clock.corrected(stamped) - captured;
                assertThat(moved).isBetween(-StreamClock.DELAY_NANOS - TOLERANCE - 2 * SECOND, TOLERANCE + SECOND);
            }
        }
    }

    @Property(tries = 200)
    void aRightClockIsNeverCorrectedHoweverLongRecordsAreOnTheWay(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 119) int longestSeconds) {
        Random random = new Random(seed);
        StreamClock clock = new StreamClock(TOLERANCE);
        for (int i = 0; i < 500; i++) {
            long now = BEGIN + i * PERIOD;
            long delay = i % 8 == 7 ? random.nextInt(100) * MILLI : random.nextInt(longestSeconds + 1) * SECOND;
            clock.hear((now + delay) / MILLI, now);
            assertThat(clock.corrected(now)).isEqualTo(now);
        }
    }
}
