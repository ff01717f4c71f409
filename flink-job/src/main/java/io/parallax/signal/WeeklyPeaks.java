package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** The latest hours that lay far out, so that a job of the week is no surprise a week later: an hour sooner, or later. */
final class WeeklyPeaks {

    private static final int KEPT = 4;
    private static final int WEEK_HOURS = 7 * 24;
    private static final int NEVER = Integer.MIN_VALUE;

    private final int[] hours = new int[KEPT];
    private final float[] levels = new float[KEPT];

    WeeklyPeaks() {
        Arrays.fill(hours, NEVER);
    }

    /**
     * The oldest makes room.
     *
     * @param hour since the epoch
     * @param level log2 of its octets
     */
    void add(long hour, double level) {
        System.arraycopy(hours, 0, hours, 1, KEPT - 1);
        System.arraycopy(levels, 0, levels, 1, KEPT - 1);
        hours[0] = (int) hour;
        levels[0] = (float) level;
    }

    /** The greatest level of a week ago; what is usual at this hour if nothing lay out then. */
    double usual(long hour, double usual) {
        double greatest = usual;
        for (int i = 0; i < KEPT; i++) {
            boolean isWeekAgo = hours[i] != NEVER && Math.abs(hour - hours[i] - WEEK_HOURS) <= 1;
            greatest = isWeekAgo ? Math.max(greatest, levels[i]) : greatest;
        }
        return greatest;
    }

    void writeTo(DataOutput out) throws IOException {
        for (int i = 0; i < KEPT; i++) {
            out.writeInt(hours[i]);
            out.writeFloat(levels[i]);
        }
    }

    void readFrom(DataInput in) throws IOException {
        for (int i = 0; i < KEPT; i++) {
            hours[i] = in.readInt();
            levels[i] = in.readFloat();
        }
    }
}
