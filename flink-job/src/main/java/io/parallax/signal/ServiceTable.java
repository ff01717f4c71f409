package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Fingerprints of services, and whether each was met in more than one hour. Of a full table the one that was not met for
 * longest makes room; from then on what seems new may be known, and the table says so for a while ({@link #isCrowded}).
 */
final class ServiceTable {

    private static final int[] NOTHING = {};
    private static final int NEVER = Integer.MIN_VALUE;

    /** What made room once may come back within a week, jobs of the week among it. */
    private static final int CROWDED_HOURS = 7 * 24;

    private final int most;
    private int[] prints = NOTHING;
    private int[] hours = NOTHING;
    private int count;
    private int crowdedHour = NEVER;

    /** @param most services, 255 at most */
    ServiceTable(int most) {
        this.most = most;
    }

    /**
     * Whether the service was never met.
     *
     * @param print with {@link Endpoints#MARK} free
     * @param hour since the epoch
     */
    boolean isNewAt(int print, int hour) {
        int at = find(print);
        if (at >= 0) {
            prints[at] |= hours[at] == hour ? 0 : Endpoints.MARK;
            hours[at] = Math.max(hours[at], hour);
            return false;
        }
        add(print, hour);
        return true;
    }

    private int find(int print) {
        for (int i = 0; i < count; i++) {
            if ((prints[i] & ~Endpoints.MARK) == print) {
                return i;
            }
        }
        return -1;
    }

    private void add(int print, int hour) {
        if (prints.length == 0) {
            prints = new int[most];
            hours = new int[most];
        }
        int at = count;
        if (count == most) {
            crowdedHour = hour;
            at = oldest();
        } else {
            count++;
        }
        prints[at] = print;
        hours[at] = hour;
    }

    private int oldest() {
        int oldest = 0;
        for (int i = 1; i < count; i++) {
            oldest = hours[i] < hours[oldest] ? i : oldest;
        }
        return oldest;
    }

    int count() {
        return count;
    }

    /** Services that were met in one hour only: by Good and Turing as many more are to be met in as long a time. */
    int singles() {
        int singles = 0;
        for (int i = 0; i < count; i++) {
            singles += (prints[i] & Endpoints.MARK) == 0 ? 1 : 0;
        }
        return singles;
    }

    boolean isCrowded(int hour) {
        return crowdedHour != NEVER && hour - crowdedHour < CROWDED_HOURS;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeByte(count);
        out.writeInt(crowdedHour);
        for (int i = 0; i < count; i++) {
            out.writeInt(prints[i]);
            out.writeInt(hours[i]);
        }
    }

    static ServiceTable readFrom(int most, DataInput in) throws IOException {
        ServiceTable table = new ServiceTable(most);
        int count = in.readUnsignedByte();
        table.crowdedHour = in.readInt();
        for (int i = 0; i < count; i++) {
            table.add(in.readInt(), in.readInt());
        }
        return table;
    }
}
