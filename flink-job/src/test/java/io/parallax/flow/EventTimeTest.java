package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventTimeTest {

    /** Watermark w says "nothing at or before w": at 5 ms sharp, a packet of 5 ms may still come. */
    @Test
    void aWatermarkIsAMillisecondBelowWhatHasPassed() {
        assertThat(EventTime.watermarkMillis(5_000_000)).isEqualTo(4);
        assertThat(EventTime.watermarkMillis(5_999_999)).isEqualTo(4);
        assertThat(EventTime.watermarkMillis(-1)).isEqualTo(-2);
    }

    @Test
    void whatAWatermarkSaysHasPassedIsTheWholeOfItsMillisecond() {
        assertThat(EventTime.passedNanos(4)).isEqualTo(5_000_000);
        assertThat(EventTime.passedNanos(-1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999_999, 1_000_000, 1_700_000_000_123_456_789L, -1, -1_000_001})
    void roundingNeverClaimsMoreThanIsKnown(long passed) {
        long claimed = EventTime.passedNanos(EventTime.watermarkMillis(passed));
        assertThat(claimed).isLessThanOrEqualTo(passed).isGreaterThan(passed - 1_000_000);
    }

    @Test
    void theEndsOfTimeStayTheEndsOfTime() {
        assertThat(EventTime.passedNanos(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(EventTime.passedNanos(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
        assertThat(EventTime.passedNanos(Long.MAX_VALUE / 1_000_000)).isEqualTo(Long.MAX_VALUE);
        assertThat(EventTime.passedNanos(Long.MAX_VALUE / 1_000_000 - 2))
                .isLessThan(Long.MAX_VALUE)
                .isPositive();
        assertThat(EventTime.passedNanos(EventTime.watermarkMillis(Long.MAX_VALUE)))
                .isEqualTo(Long.MAX_VALUE);
    }
}
