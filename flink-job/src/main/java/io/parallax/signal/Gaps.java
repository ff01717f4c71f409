package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The longest gaps of this week and of the last, and how their tail goes on beyond them: Weissman (JASA 73, 1978) with the
 * tail index of Hill (Annals of Statistics 3, 1975), taken one standard error heavier than estimated.
 */
final class Gaps {

    /** Gaps of a week that are kept. */
    static final int KEPT = 8;

    /** Hill's estimate has a standard error of one over the root of the number of gaps, relatively. */
    private static final double HEAVIER = 1 - 1 / Math.sqrt(KEPT - 1);

    /** Even a tail that seems to end is not taken to fall off faster. */
    private static final double MOST_INDEX = 4;

    private static final int WEEKS = 2;
    private static final double DAYS_OF_WEEK = 7;

    /** Milliseconds, the longest first; this week and the last. */
    private final int[][] longest = new int[WEEKS][KEPT];

    private long week = Long.MIN_VALUE;

    /** Whether it is among the longest. */
    boolean add(int millis, long inWeek) {
        boolean isChanged = turn(inWeek);
        int[] now = longest[0];
        if (millis <= now[KEPT - 1]) {
            return isChanged;
        }
        int at = KEPT - 1;
        while (at > 0 && now[at - 1] < millis) {
            now[at] = now[at - 1];
            at--;
        }
        now[at] = millis;
        return true;
    }

    private boolean turn(long inWeek) {
        if (inWeek <= week) {
            return false;
        }
        boolean isNext = inWeek == week + 1;
        for (int i = 0; i < KEPT; i++) {
            longest[1][i] = isNext ? longest[0][i] : 0;
            longest[0][i] = 0;
        }
        week = inWeek;
        return true;
    }

    /** The longest of both weeks, the longest first, ms; of fewer the rest is 0. */
    private int[] both() {
        int[] both = new int[KEPT];
        int a = 0;
        int b = 0;
        for (int i = 0; i < KEPT; i++) {
            both[i] = longest[0][a] >= longest[1][b] ? longest[0][a++] : longest[1][b++];
        }
        return both;
    }

    /** From which length on gaps are to be expected {@code aDay} times a day at most, ms; NaN: too few are known. */
    double lengthOf(double aDay) {
        int[] gaps = both();
        int least = gaps[KEPT - 1];
        return least == 0 ? Double.NaN : least * Math.pow(KEPT / DAYS_OF_WEEK / aDay, 1 / index(gaps));
    }

    /** How many gaps of that length or more are to be expected a day, as if all were of one week. */
    double aDay(double millis) {
        int[] gaps = both();
        return KEPT / DAYS_OF_WEEK * Math.pow(millis / gaps[KEPT - 1], -index(gaps));
    }

    double longestMillis() {
        return Math.max(longest[0][0], longest[1][0]);
    }

    private static double index(int[] gaps) {
        double sum = 0;
        for (int i = 0; i < KEPT - 1; i++) {
            sum += Math.log((double) gaps[i] / gaps[KEPT - 1]);
        }
        return Math.min(MOST_INDEX, HEAVIER * (KEPT - 1) / sum);
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeLong(week);
        for (int[] gaps : longest) {
            for (int gap : gaps) {
                out.writeInt(gap);
            }
        }
    }

    static Gaps readFrom(DataInput in) throws IOException {
        Gaps gaps = new Gaps();
        gaps.week = in.readLong();
        for (int[] each : gaps.longest) {
            for (int i = 0; i < KEPT; i++) {
                each[i] = in.readInt();
            }
        }
        return gaps;
    }
}
