package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LowWatermarksTest {

    private static final long SILENCE = 10;

    private final LowWatermarks watermarks = new LowWatermarks(SILENCE);

    @Test
    void nothingHasPassedBeforeAnyStreamIsHeard() {
        assertThat(watermarks.passedNanos(0)).isEqualTo(Long.MIN_VALUE);
        assertThat(watermarks.isQuiet(0)).isTrue();
    }

    @Test
    void theSlowestStreamSaysWhatHasPassed() {
        watermarks.hear("a", 500, false, 0);
        watermarks.hear("b", 300, false, 0);
        assertThat(watermarks.passedNanos(0)).isEqualTo(300);
        watermarks.hear("b", 700, false, 0);
        assertThat(watermarks.passedNanos(0)).isEqualTo(500);
    }

    @Test
    void aStreamThatHasEndedHoldsNobodyBack() {
        watermarks.hear("a", 500, false, 0);
        watermarks.hear("b", 300, true, 0);
        assertThat(watermarks.passedNanos(0)).isEqualTo(500);
        assertThat(watermarks.isQuiet(0)).isFalse();
    }

    @Test
    void aStreamThatSpeaksAgainAfterItsEndCountsAgain() {
        watermarks.hear("a", 500, false, 0);
        watermarks.hear("b", 300, true, 0);
        watermarks.hear("b", 310, false, 0);
        assertThat(watermarks.passedNanos(0)).isEqualTo(310);
    }

    @Test
    void aStreamThatIsSilentForTooLongHoldsNobodyBack() {
        watermarks.hear("a", 300, false, 0);
        watermarks.hear("b", 500, false, 5);
        assertThat(watermarks.passedNanos(SILENCE)).isEqualTo(300);
        assertThat(watermarks.passedNanos(SILENCE + 1)).isEqualTo(500);
        watermarks.hear("a", 310, false, SILENCE + 1);
        assertThat(watermarks.passedNanos(SILENCE + 1)).isEqualTo(310);
    }

    @Test
    void whenNoneIsLeftTheLatestAssertionStands() {
        watermarks.hear("a", 300, true, 0);
        watermarks.hear("b", 500, false, 0);
        assertThat(watermarks.isQuiet(SILENCE)).isFalse();
        assertThat(watermarks.isQuiet(SILENCE + 1)).isTrue();
        assertThat(watermarks.passedNanos(SILENCE + 1)).isEqualTo(500);
    }

    @Test
    void withoutAClockNoStreamIsEverSilent() {
        LowWatermarks patient = new LowWatermarks(Long.MAX_VALUE);
        patient.hear("a", 300, false, 0);
        assertThat(patient.isQuiet(Long.MAX_VALUE)).isFalse();
    }
}
