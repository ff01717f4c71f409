package io.parallax.flow;

import java.util.Arrays;

/**
 * Intervals of TCP sequence space around a base, in the order of their starts, by serial arithmetic (RFC 1982): all must lie
 * within 2^31 of the base. They may overlap. Reused; grows to the number of intervals it ever held.
 */
final class Intervals {

    private int base;
    private int count;
    private int[] starts = new int[8];
    private int[] ends = new int[8];

    void begin(int base) {
        this.base = base;
        count = 0;
    }

    int base() {
        return base;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Adds [start, end). */
    void add(int start, int end) {
        insert(start - base, end - base);
    }

    private void insert(int start, int end) {
        if (end - start <= 0) {
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        int i = count++;
        while (i > 0 && starts[i - 1] > start) {
            starts[i] = starts[i - 1];
            ends[i] = ends[i - 1];
            i--;
        }
        starts[i] = start;
        ends[i] = end;
    }

    /** Adds [start, end) but for what lies in {@code gaps}, which have the same base. */
    void addWithout(int start, int end, Intervals gaps) {
        int from = start - base;
        for (int gap = 0; gap < gaps.count; gap++) {
            insert(from, Math.min(gaps.starts[gap], end - base));
            from = Math.max(from, gaps.ends[gap]);
        }
        insert(from, end - base);
    }

    /** Least start, relative to the base; {@code Integer.MAX_VALUE} of none. */
    int least() {
        return count == 0 ? Integer.MAX_VALUE : starts[0];
    }

    /** Greatest end, relative to the base; {@code Integer.MIN_VALUE} of none. */
    int greatest() {
        int greatest = Integer.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            greatest = Math.max(greatest, ends[i]);
        }
        return greatest;
    }

    void cutBelow(int least) {
        for (int i = 0; i < count; i++) {
            starts[i] = Math.max(starts[i], least);
        }
    }

    /** Whether anything was cut. */
    boolean cutAbove(int greatest) {
        boolean isCut = false;
        for (int i = 0; i < count; i++) {
            isCut |= ends[i] > greatest;
            ends[i] = Math.min(ends[i], greatest);
        }
        return isCut;
    }

    /** Octets of these intervals that lie in none of {@code others}, which have the same base. */
    long octetsWithout(Intervals others) {
        long sum = 0;
        int reached = Integer.MIN_VALUE;
        int first = 0;
        for (int i = 0; i < count; i++) {
            int start = Math.max(starts[i], reached);
            for (int other = first; other < others.count && others.starts[other] < ends[i]; other++) {
                if (others.ends[other] <= start) {
                    first = other == first ? other + 1 : first;
                    continue;
                }
                sum += Math.max(0, others.starts[other] - start);
                start = Math.max(start, others.ends[other]);
            }
            sum += Math.max(0, ends[i] - start);
            reached = Math.max(reached, ends[i]);
        }
        return sum;
    }
}
