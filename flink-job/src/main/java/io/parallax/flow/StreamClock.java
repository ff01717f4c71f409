package io.parallax.flow;

import io.parallax.wire.SentAt;

/**
 * What one stream's clock says against the broker's, and what to add to its times where that is too much.
 *
 * <p>Every record says when its sensor sent it; the broker, when it appended it. The difference is the sensor's error plus
 * the time on the way, and that time is never below 0: the least of the last 16 to 32 differences is the estimate, whatever
 * a backlog did to the age of the packets. A clock that jumps ahead is followed at once, for the least falls. One that jumps
 * back looks like a record that was long on the way: up to {@link #DELAY_NANOS} it is followed once the records before it
 * are forgotten, beyond that at once. A new stream that seems to be behind by what a delay explains is believed after 16
 * records.
 *
 * <p>Small errors are left alone. A stream that is wrong by more than the tolerance is <em>skewed</em>: the estimate is added
 * to its times. The correction stands until the estimate is a second off, lest times within the stream jitter.
 *
 * <p>Around a jump, packets that were captured before it are sent after it. What was captured cannot be later than what was
 * sent, and what was captured after a jump ahead is nearer to the first record after it than to the last one before: so
 * packets from before the jump keep the correction from before.
 *
 * <p>A function of the stream's own records in their order. Times are nanoseconds since the epoch. Not thread-safe.
 */
public final class StreamClock {

    /** A sensor sets capture times back that are further ahead of its clock, so a greater lead is not one of capture. */
    public static final long AHEAD_NANOS = 5_000_000_000L;

    /** Longer than a client keeps a record without sending it anew: 10 s without an answer, and the rest of a full buffer. */
    static final long DELAY_NANOS = 120_000_000_000L;

    /** Records after which the older half of what the estimate rests on is forgotten. */
    static final int GENERATION = 16;

    private static final long STEADY_NANOS = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final int WORDS = 10;

    private final long toleranceNanos;
    private final long steadyNanos;

    private long leastOfOlder;
    private long leastOfYounger;
    private long younger;
    private boolean isSkewed;
    private long correction;
    private long correctionBefore;
    private long stood;
    private long jumpedAt;
    private long sentAt;
    private long asserted;

    /** @param toleranceNanos greatest error that is left alone, above 0 */
    public StreamClock(long toleranceNanos) {
        this.toleranceNanos = toleranceNanos;
        this.steadyNanos = Math.min(STEADY_NANOS, toleranceNanos / 2);
        forget();
    }

    private void forget() {
        leastOfOlder = Long.MAX_VALUE;
        leastOfYounger = Long.MAX_VALUE;
        younger = 0;
        isSkewed = false;
        correction = 0;
        correctionBefore = 0;
        stood = 0;
        jumpedAt = Long.MIN_VALUE;
        sentAt = SentAt.UNKNOWN;
        asserted = Long.MIN_VALUE;
    }

    /**
     * Takes note of a record, before its times are corrected.
     *
     * @param appendedMillis when the broker appended it, milliseconds since the epoch
     * @param sentAtNanos by the sensor's clock; {@link SentAt#UNKNOWN}: nothing is known of the clock, and nothing is
     *     corrected
     */
    public void hear(long appendedMillis, long sentAtNanos) {
        if (sentAtNanos == SentAt.UNKNOWN) {
            forget();
            return;
        }
        remember(appendedMillis * NANOS_PER_MILLI - sentAtNanos);
        correct(sentAtNanos);
        sentAt = sentAtNanos;
        stood++;
    }

    private void remember(long difference) {
        if (isKnown() && difference - offsetNanos() > DELAY_NANOS) {
            leastOfOlder = Long.MAX_VALUE;
            leastOfYounger = Long.MAX_VALUE;
            younger = 0;
        }
        leastOfYounger = Math.min(leastOfYounger, difference);
        if (++younger == GENERATION) {
            leastOfOlder = leastOfYounger;
            leastOfYounger = Long.MAX_VALUE;
            younger = 0;
        }
    }

    private void correct(long sentAtNanos) {
        long limit = isSkewed ? toleranceNanos - steadyNanos : toleranceNanos;
        isSkewed = Math.abs(offsetNanos()) > limit && !mayBeDelay();
        long wanted =
                isSkewed ? Math.floorDiv(offsetNanos() + NANOS_PER_MILLI / 2, NANOS_PER_MILLI) * NANOS_PER_MILLI : 0;
        if (wanted == correction || (isSkewed && Math.abs(wanted - correction) <= steadyNanos)) {
            return;
        }
        correctionBefore = isProven() ? correction : wanted;
        jumpedAt =
                wanted < correction && sentAt != SentAt.UNKNOWN ? sentAt + (sentAtNanos - sentAt) / 2 : Long.MIN_VALUE;
        correction = wanted;
        stood = leastOfOlder == Long.MAX_VALUE ? 0 : GENERATION;
    }

    /** One that no delay can feign, or that rests on enough records. */
    private boolean isProven() {
        return sentAt != SentAt.UNKNOWN && (correction <= 0 || stood >= GENERATION);
    }

    private boolean mayBeDelay() {
        return leastOfOlder == Long.MAX_VALUE && offsetNanos() > 0 && offsetNanos() <= DELAY_NANOS;
    }

    private boolean isKnown() {
        return leastOfOlder != Long.MAX_VALUE || leastOfYounger != Long.MAX_VALUE;
    }

    /** A capture time of the record heard last, on the broker's clock if the stream's is skewed. */
    public long corrected(long timeNanos) {
        return timeNanos + (isFromBeforeTheJump(timeNanos) ? correctionBefore : correction);
    }

    private boolean isFromBeforeTheJump(long timeNanos) {
        return correction != correctionBefore && (timeNanos < jumpedAt || timeNanos > sentAt + AHEAD_NANOS);
    }

    /**
     * The low watermark of the record heard last, likewise. A producer's assertion never goes back: once its clock has jumped
     * back, it stands for as long as the jump was wide, and what the record itself holds says more.
     *
     * @param lastNanos latest capture time in the record, the assertion itself where it holds none
     */
    public long lowWatermark(long assertedNanos, long lastNanos) {
        boolean isRising = assertedNanos > asserted;
        asserted = Math.max(asserted, assertedNanos);
        boolean isRight = correction == 0 && correctionBefore == 0;
        if (isRight || assertedNanos <= sentAt + AHEAD_NANOS) {
            return corrected(assertedNanos);
        }
        return isRising && correction != correctionBefore
                ? assertedNanos + correctionBefore
                : Math.min(sentAt - STEADY_NANOS, lastNanos) + correction;
    }

    /** Whether the clock is wrong by more than the tolerance. */
    public boolean isSkewed() {
        return isSkewed;
    }

    /** Added to the stream's times now; whole milliseconds, 0 unless the clock is skewed. */
    public long correctionNanos() {
        return correction;
    }

    /** The estimate: what the clock lacks to the broker's, below 0 where it is ahead; 0 where nothing is known. */
    public long offsetNanos() {
        return isKnown() ? Math.min(leastOfOlder, leastOfYounger) : 0;
    }

    /** All that {@link #restore} needs. */
    public long[] words() {
        return new long[] {
            leastOfOlder,
            leastOfYounger,
            younger,
            isSkewed ? 1 : 0,
            correction,
            correctionBefore,
            stood,
            jumpedAt,
            sentAt,
            asserted
        };
    }

    /**
     * Goes on where another clock's {@link #words} were taken.
     *
     * @throws IllegalArgumentException if these are not the words of a clock
     */
    public void restore(long[] words) {
        if (words.length != WORDS) {
            throw new IllegalArgumentException("a clock has " + WORDS + " words, not " + words.length);
        }
        leastOfOlder = words[0];
        leastOfYounger = words[1];
        younger = words[2];
        isSkewed = words[3] != 0;
        correction = words[4];
        correctionBefore = words[5];
        stood = words[6];
        jumpedAt = words[7];
        sentAt = words[8];
        asserted = words[9];
    }
}
