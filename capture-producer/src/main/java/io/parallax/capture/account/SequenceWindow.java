package io.parallax.capture.account;

import java.util.Arrays;

/**
 * Counts the numbers of a 32-bit sequence that never came.
 *
 * <p>A bitmap slides with the highest number (as the anti-replay window of RFC 4303, section 3.4.3, does): a number is lost
 * when it leaves the window unseen. So reordering by less than the window, repetition and the wrap at 2^32 (serial
 * arithmetic, RFC 1982) change nothing; a loss is known a window later. What came before the first number that was seen, or
 * will come after the last, was nobody's to count.
 *
 * <p>A number outside the window on either side is believed when a second one comes near it (as a new source of RTP has to
 * prove itself, RFC 3550, section A.1): one stray number, forged or very late, is not a loss of thousands. Ahead by at most
 * {@link #MOST_GAP} it is a loss; anything else is a sender that began anew, and the count begins anew there. One that
 * begins anew among its last numbers, having sent less than a window, looks like repetition until it is past them. Nothing is
 * allocated after construction. Not thread-safe.
 */
final class SequenceWindow {

    /** At a million frames a second an outage of a second; a sender that begins anew at random is rarely mistaken for it. */
    static final long MOST_GAP = 1L << 20;

    private static final long NONE = Long.MIN_VALUE;

    private final int size;
    private final long[] seen;

    /** 32-bit numbers continued beyond their wrap; bits of numbers outside {@code floor} to {@code highest} are 0. */
    private long floor;

    private long highest;
    private boolean isOpen;
    private long suspect = NONE;
    private long highestAtSuspicion;
    private long lost;
    private long restarts;

    /**
     * A window that has seen nothing.
     *
     * @param size numbers told apart, a power of two of at least 64
     */
    SequenceWindow(int size) {
        this.size = size;
        this.seen = new long[size / Long.SIZE];
    }

    /** Takes the number of a frame; false if that number came before. */
    boolean accept(int number) {
        if (!isOpen) {
            begin(Integer.toUnsignedLong(number));
            return true;
        }
        long continued = highest + (number - (int) highest);
        if (Math.abs(continued - highest) >= size) {
            return acceptFar(continued);
        }
        if (continued > highest) {
            slideTo(continued);
        } else if (continued < floor) {
            floor = continued;
        } else if (isSeen(continued)) {
            return false;
        }
        mark(continued);
        return true;
    }

    private boolean acceptFar(long number) {
        if (isSuspecting() && number == suspect) {
            return false;
        }
        if (isSuspecting() && Math.abs(number - suspect) < size) {
            believe();
            return accept((int) number);
        }
        suspect = number;
        highestAtSuspicion = highest;
        return true;
    }

    private void believe() {
        long believed = suspect;
        suspect = NONE;
        if (Math.abs(believed - highest) < size) {
            accept((int) believed);
        } else if (isGap(believed)) {
            leap(believed);
        } else {
            finish();
            restarts++;
            begin(Integer.toUnsignedLong((int) believed));
        }
    }

    /** A number that nobody came near to for a whole window was a stray one. */
    private boolean isSuspecting() {
        return suspect != NONE && highest - highestAtSuspicion < size;
    }

    private boolean isGap(long number) {
        return number > highest && number - highest <= MOST_GAP;
    }

    private void begin(long number) {
        Arrays.fill(seen, 0);
        isOpen = true;
        floor = number;
        highest = number;
        mark(number);
    }

    private void slideTo(long number) {
        for (long next = highest + 1; next <= number; next++) {
            if (next - size >= floor && !isSeen(next)) {
                lost++;
            }
            seen[word(next)] &= ~(1L << next);
        }
        highest = number;
        floor = Math.max(floor, number - size + 1);
    }

    /** Slides over more than a whole window, none of whose numbers came. */
    private void leap(long number) {
        lost += unseen() + (number - size - highest);
        Arrays.fill(seen, 0);
        highest = number;
        floor = number - size + 1;
        mark(number);
    }

    private long unseen() {
        long count = highest - floor + 1;
        for (long word : seen) {
            count -= Long.bitCount(word);
        }
        return count;
    }

    /** Numbers of one place in the ring are {@code size} apart; Java shifts by the lowest six bits. */
    private int word(long number) {
        return (int) (number >>> 6) & (seen.length - 1);
    }

    private boolean isSeen(long number) {
        return (seen[word(number)] & (1L << number)) != 0;
    }

    private void mark(long number) {
        seen[word(number)] |= 1L << number;
    }

    /** Gives up waiting: what is missing up to the highest number is lost. The next number begins anew. */
    void finish() {
        if (!isOpen) {
            return;
        }
        if (isSuspecting() && isGap(suspect)) {
            believe();
        }
        lost += unseen();
        forget();
    }

    /** Forgets what it waits for, without counting it. The next number begins anew. */
    void forget() {
        isOpen = false;
        suspect = NONE;
    }

    /** Numbers found lost since the last call. */
    long takeLost() {
        long taken = lost;
        lost = 0;
        return taken;
    }

    /** How often the sequence began anew. */
    long restarts() {
        return restarts;
    }
}
