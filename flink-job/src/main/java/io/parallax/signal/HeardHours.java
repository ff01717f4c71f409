package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** In which hours of the last eight days a host was heard, a bit an hour. */
final class HeardHours {

    private static final int DAY = 24;
    private static final int WEEK = 7 * DAY;
    private static final int WORDS = 3;
    private static final int KEPT = WORDS * Long.SIZE;

    /** Work begins and ends an hour or two earlier or later: hours so near to quiet ones are not counted on. */
    private static final int EDGE_HOURS = 2;

    private final long[] bits = new long[WORDS];
    private long last = Long.MIN_VALUE;

    /** Whether it is the first time in this hour. */
    boolean hear(long hour) {
        if (hour <= last) {
            return false;
        }
        long from = last == Long.MIN_VALUE || hour - last > KEPT ? hour - KEPT : last;
        for (long silent = from + 1; silent < hour; silent++) {
            bits[word(silent)] &= ~(1L << silent);
        }
        bits[word(hour)] |= 1L << hour;
        last = hour;
        return true;
    }

    private static int word(long hour) {
        return (int) Math.floorMod(hour, (long) KEPT) / Long.SIZE;
    }

    private boolean isHeard(long hour) {
        return hour <= last && hour > last - KEPT && (bits[word(hour)] & 1L << hour) != 0;
    }

    /** It was heard in that hour, and around it, yesterday and a week ago. */
    boolean isUsual(long hour) {
        for (long near = hour - EDGE_HOURS; near <= hour + EDGE_HOURS; near++) {
            if (!isHeard(near - DAY) || !isHeard(near - WEEK)) {
                return false;
            }
        }
        return true;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeLong(last);
        for (long word : bits) {
            out.writeLong(word);
        }
    }

    static HeardHours readFrom(DataInput in) throws IOException {
        HeardHours hours = new HeardHours();
        hours.last = in.readLong();
        for (int i = 0; i < WORDS; i++) {
            hours.bits[i] = in.readLong();
        }
        return hours;
    }
}
