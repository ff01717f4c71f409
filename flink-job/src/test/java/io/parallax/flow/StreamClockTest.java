package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.wire.SentAt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sensor that sends a record every 200 ms, 3 ms from the broker. */
final class StreamClockTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long HOUR = 3_600 * SECOND;
    private static final long PERIOD = 200 * MILLI;
    private static final long DELAY = 3 * MILLI;

    private final StreamClock clock = new StreamClock(10 * SECOND);
    private long now = 1_700_000_000L * SECOND;
    private long error;

    @ParameterizedTest
    @ValueSource(longs = {2 * HOUR, -2 * HOUR, 26 * 365 * 24 * HOUR, -26 * 365 * 24 * HOUR})
    void aClockThatIsFarOffIsCorrectedFromTheFirstRecordOn(long off) {
        error = off;
        send();
        assertThat(clock.isSkewed()).isTrue();
        assertThat(captured(now)).isBetween(now, now + 2 * DELAY);
        assertThat(passed(now - SECOND)).isBetween(now - SECOND, now - SECOND + 2 * DELAY);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9 * SECOND, -9 * SECOND})
    void aSmallErrorIsLeftAlone(long off) {
        error = off;
        send(100);
        assertThat(clock.isSkewed()).isFalse();
        assertThat(captured(now)).isEqualTo(now + off);
        assertThat(clock.offsetNanos()).isBetween(-off, -off + DELAY);
    }

    /** A file that is years old, from a machine whose clock is right. */
    @Test
    void ageIsNoError() {
        send(40);
        long old = now - 5 * 365 * 24 * HOUR;
        assertThat(clock.corrected(old)).isEqualTo(old);
        assertThat(clock.lowWatermark(old, old)).isEqualTo(old);
    }

    @Test
    void aRecordWithoutASendTimeIsTakenAsItIs() {
        error = 2 * HOUR;
        send();
        clock.hear(now / MILLI, SentAt.UNKNOWN);
        assertThat(clock.isSkewed()).isFalse();
        assertThat(clock.offsetNanos()).isZero();
        assertThat(clock.corrected(now + error)).isEqualTo(now + error);
        assertThat(clock.lowWatermark(now + error, now + error)).isEqualTo(now + error);
    }

    @Test
    void theCorrectionStandsWhileDelaysVary() {
        error = -HOUR;
        send();
        long correction = clock.correctionNanos();
        for (int i = 0; i < 200; i++) {
            now += PERIOD;
            clock.hear((now + i * 37 % 100 * MILLI) / MILLI, now + error);
            assertThat(clock.correctionNanos()).isEqualTo(correction);
        }
        assertThat(correction % MILLI).isZero();
    }

    @Test
    void aRecordThatWasLongOnTheWayChangesNothing() {
        send(40);
        long sent = now + PERIOD;
        clock.hear((sent + 90 * SECOND) / MILLI, sent);
        assertThat(clock.isSkewed()).isFalse();
        assertThat(clock.corrected(sent)).isEqualTo(sent);
        now = sent + 90 * SECOND;
        send(40);
        assertThat(clock.isSkewed()).isFalse();
    }

    @Test
    void aFirstRecordThatWasLongOnTheWayIsNoWrongClock() {
        clock.hear((now + 60 * SECOND) / MILLI, now);
        assertThat(clock.isSkewed()).isFalse();
        now += 60 * SECOND;
        send(40);
        assertThat(clock.isSkewed()).isFalse();
    }

    @Test
    void aNewStreamThatIsAMinuteBehindIsBelievedAfterSixteenRecords() {
        error = -60 * SECOND;
        send(StreamClock.GENERATION - 1);
        assertThat(clock.isSkewed()).isFalse();
        send();
        assertThat(clock.isSkewed()).isTrue();
        assertThat(captured(now)).isBetween(now, now + 2 * DELAY);
    }

    @ParameterizedTest
    @ValueSource(longs = {2 * HOUR, 11 * SECOND})
    void aJumpAheadIsFollowedAtOnceAndPacketsFromBeforeItKeepTheirTime(long jump) {
        send(40);
        long before = now + PERIOD / 2;
        error = jump;
        send();
        assertThat(clock.isSkewed()).isTrue();
        assertThat(captured(now)).isBetween(now, now + 2 * DELAY);
        assertThat(clock.corrected(before)).isEqualTo(before);
        assertThat(clock.lowWatermark(before, now + jump)).isEqualTo(before);
    }

    @Test
    void aJumpBackByHoursIsFollowedAtOnceAndPacketsFromBeforeItKeepTheirTime() {
        send(40);
        long before = now + PERIOD / 2;
        passed(before);
        error = -2 * HOUR;
        send();
        assertThat(clock.isSkewed()).isTrue();
        assertThat(captured(now)).isBetween(now, now + 2 * DELAY);
        assertThat(clock.corrected(before)).isEqualTo(before);
        assertThat(clock.lowWatermark(before, now + error))
                .as("an assertion that cannot rise any more")
                .isBetween(now - 2 * SECOND, now);
    }

    /** A minute back: within lateness, so that nothing is lost meanwhile. */
    @Test
    void aJumpBackByAMinuteIsFollowedWithin32Records() {
        send(40);
        error = -60 * SECOND;
        send(2 * StreamClock.GENERATION);
        assertThat(clock.isSkewed()).isTrue();
        assertThat(captured(now)).isBetween(now, now + 2 * DELAY);
    }

    @ParameterizedTest
    @ValueSource(longs = {2 * HOUR, -2 * HOUR})
    void aClockThatIsSetRightIsNotSkewedAnyMoreAndPacketsFromBeforeKeepTheirCorrection(long off) {
        error = off;
        send(40);
        long before = now + PERIOD / 2 + off;
        error = 0;
        send();
        assertThat(clock.isSkewed()).isFalse();
        assertThat(captured(now)).isEqualTo(now);
        assertThat(clock.corrected(before)).isBetween(now - PERIOD, now);
    }

    /** Spooled through an outage of an hour in which the clock jumped: what was captured before it comes first. */
    @ParameterizedTest
    @ValueSource(longs = {2 * HOUR, -2 * HOUR})
    void aBacklogFromBothSidesOfAJumpKeepsItsTimes(long jump) {
        send(40);
        long outage = now;
        now += HOUR;
        error = jump;
        send();
        long early = outage + HOUR / 4;
        long late = outage + 3 * HOUR / 4;
        assertThat(clock.corrected(early)).isEqualTo(early);
        assertThat(captured(late)).isBetween(late, late + 2 * DELAY);
        assertThat(clock.lowWatermark(early, early)).isEqualTo(early);
    }

    @Test
    void anotherClockGoesOnWhereOneStopped() {
        send(40);
        error = 2 * HOUR;
        send(5);
        StreamClock other = new StreamClock(10 * SECOND);
        other.restore(clock.words());
        assertThat(other).usingRecursiveComparison().isEqualTo(clock);
        assertThatThrownBy(() -> other.restore(new long[3])).isInstanceOf(IllegalArgumentException.class);
    }

    private void send(int records) {
        for (int i = 0; i < records; i++) {
            send();
        }
    }

    private void send() {
        now += PERIOD;
        clock.hear((now + DELAY) / MILLI, now + error);
    }

    private long captured(long trueNanos) {
        return clock.corrected(trueNanos + error);
    }

    private long passed(long trueNanos) {
        return clock.lowWatermark(trueNanos + error, trueNanos + error);
    }
}
