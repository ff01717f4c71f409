package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.SentAt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LowWatermarksTest {

    private static final long SILENCE = 10;
    private static final long SECOND = 1_000_000_000L;
    private static final long TOLERANCE = 10 * SECOND;

    private final LowWatermarks watermarks = new LowWatermarks(SILENCE, TOLERANCE, true);

    @Test
    void nothingHasPassedBeforeAnyStreamIsHeard() {
        assertThat(watermarks.passedNanos(0)).isEqualTo(Long.MIN_VALUE);
        assertThat(watermarks.isQuiet(0)).isTrue();
    }

    @Test
    void theSlowestStreamSaysWhatHasPassed() {
        hear("a", 500, false, 0);
        hear("b", 300, false, 0);
        assertThat(watermarks.passedNanos(0)).isEqualTo(300);
        hear("b", 700, false, 0);
        assertThat(watermarks.passedNanos(0)).isEqualTo(500);
    }

    @Test
    void aStreamThatHasEndedHoldsNobodyBack() {
        hear("a", 500, false, 0);
        hear("b", 300, true, 0);
        assertThat(watermarks.passedNanos(0)).isEqualTo(500);
        assertThat(watermarks.isQuiet(0)).isFalse();
    }

    @Test
    void aStreamThatSpeaksAgainAfterItsEndCountsAgain() {
        hear("a", 500, false, 0);
        hear("b", 300, true, 0);
        hear("b", 310, false, 0);
        assertThat(watermarks.passedNanos(0)).isEqualTo(310);
    }

    @Test
    void aStreamThatIsSilentForTooLongHoldsNobodyBack() {
        hear("a", 300, false, 0);
        hear("b", 500, false, 5);
        assertThat(watermarks.passedNanos(SILENCE)).isEqualTo(300);
        assertThat(watermarks.passedNanos(SILENCE + 1)).isEqualTo(500);
        hear("a", 310, false, SILENCE + 1);
        assertThat(watermarks.passedNanos(SILENCE + 1)).isEqualTo(310);
    }

    @Test
    void whenNoneIsLeftTheLatestAssertionStands() {
        hear("a", 300, true, 0);
        hear("b", 500, false, 0);
        assertThat(watermarks.isQuiet(SILENCE)).isFalse();
        assertThat(watermarks.isQuiet(SILENCE + 1)).isTrue();
        assertThat(watermarks.passedNanos(SILENCE + 1)).isEqualTo(500);
    }

    @Test
    void withoutAClockNoStreamIsEverSilent() {
        LowWatermarks patient = new LowWatermarks(Long.MAX_VALUE, TOLERANCE, false);
        patient.hear("a", 0, SentAt.UNKNOWN, 300, 300, false, 0);
        assertThat(patient.isQuiet(Long.MAX_VALUE)).isFalse();
    }

    /** Five minutes of heartbeats of three sensors, of which one, half a second slow, has a wrong clock. */
    @ParameterizedTest
    @ValueSource(longs = {7_200, -7_200, 60, -60, 11, -11, 9, -9, 0})
    void aWrongClockMovesWhatHasPassedByTenSecondsAtMost(long errorSeconds) {
        assertThat(deviations(now -> errorSeconds * SECOND)).allMatch(deviation -> deviation <= TOLERANCE + SECOND);
    }

    @ParameterizedTest
    @ValueSource(longs = {7_200, -7_200, 60, -60, 11, -11, 9, -9})
    void aJumpMovesWhatHasPassedByTenSecondsAtMost(long jumpSeconds) {
        assertThat(deviations(now -> now < 100 * SECOND ? 0 : jumpSeconds * SECOND))
                .allMatch(deviation -> deviation <= TOLERANCE + SECOND);
        assertThat(deviations(now -> now < 100 * SECOND ? jumpSeconds * SECOND : 0))
                .allMatch(deviation -> deviation <= TOLERANCE + SECOND);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1})
    void aDriftMovesWhatHasPassedByTenSecondsAtMost(long direction) {
        assertThat(deviations(now -> direction * now / 20)).allMatch(deviation -> deviation <= TOLERANCE + SECOND);
    }

    @Test
    void withoutASendTimeAnAssertionOfTheFutureIsTakenAsFiveSecondsOfIt() {
        watermarks.hear("a", 1_000, SentAt.UNKNOWN, 3_600 * SECOND, 3_600 * SECOND, false, 0);
        assertThat(watermarks.passedNanos(0)).isEqualTo(6 * SECOND);
    }

    @Test
    void aReplayKnowsNoFuture() {
        LowWatermarks replayed = new LowWatermarks(Long.MAX_VALUE, TOLERANCE, false);
        replayed.hear("a", 1_000, SECOND, 3_600 * SECOND, 3_600 * SECOND, false, 0);
        assertThat(replayed.passedNanos(0)).isEqualTo(3_600 * SECOND);
    }

    /** How far what has passed is from what it would be without the wrong clock, at every heartbeat. */
    private static List<Long> deviations(LongUnaryOperator errorNanos) {
        LowWatermarks three = new LowWatermarks(Long.MAX_VALUE, TOLERANCE, true);
        LowWatermarks two = new LowWatermarks(Long.MAX_VALUE, TOLERANCE, true);
        List<Long> deviations = new ArrayList<>();
        long begin = 1_700_000_000L * SECOND;
        long asserted = 0;
        long emitted = Long.MIN_VALUE;
        for (long now = 0; now < 300 * SECOND; now += SECOND / 5) {
            long appendedMillis = (begin + now) / 1_000_000 + 3;
            for (String right : List.of("b", "c")) {
                three.hear(right, appendedMillis, begin + now, begin + now, begin + now, false, 0);
                two.hear(right, appendedMillis, begin + now, begin + now, begin + now, false, 0);
            }
            long wrong = begin + now + errorNanos.applyAsLong(now);
            asserted = Math.max(asserted, wrong - SECOND / 2);
            three.hear("a", appendedMillis, wrong, asserted, asserted, false, 0);
            emitted = Math.max(emitted, three.passedNanos(0)); // watermarks never go back
            if (now < 4 * SECOND) {
                continue; // a clock that seems a minute behind is believed after 16 records
            }
            deviations.add(Math.abs(emitted - two.passedNanos(0)));
        }
        return deviations;
    }

    private void hear(String stream, long lowWatermarkNanos, boolean isEnd, long nowNanos) {
        watermarks.hear(stream, 0, SentAt.UNKNOWN, lowWatermarkNanos, lowWatermarkNanos, isEnd, nowNanos);
    }
}
