package io.parallax.dependency;

import io.parallax.model.DependencyEnds;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * In which windows a dependency was in use, and what its ends were then. Windows that can still be revised are kept one by
 * one, so that a use can be taken back as if it had never been stated; of older ones only the first and the last are.
 * Times are starts of windows, nanoseconds since the epoch. Not thread-safe.
 */
public final class Uses {

    /** Where there was none. */
    public static final long NEVER = Long.MIN_VALUE;

    private record Use(long windowStart, DependencyEnds ends) implements Comparable<Use> {
        private static final Comparator<Use> ORDER =
                Comparator.comparingLong(Use::windowStart).thenComparing(Use::ends);

        @Override
        public int compareTo(Use other) {
            return ORDER.compare(this, other);
        }
    }

    /** Rows of flows by window and ends; never 0. */
    private final TreeMap<Use, Long> open = new TreeMap<>();

    private long settledFirst = NEVER;
    private long settledLast = NEVER;
    private DependencyEnds settledEnds = DependencyEnds.UNKNOWN;

    void add(long windowStart, DependencyEnds ends, long rows) {
        if (rows != 0) {
            Tallies.add(open, new Use(windowStart, ends), rows);
        }
    }

    /** Windows before can't be revised any more. */
    void settle(long before) {
        while (!open.isEmpty() && open.firstKey().windowStart() < before) {
            Map.Entry<Use, Long> use = open.pollFirstEntry();
            if (use.getValue() > 0) {
                long start = use.getKey().windowStart();
                settledFirst = settledFirst == NEVER ? start : Math.min(settledFirst, start);
                settledEnds = start >= settledLast ? use.getKey().ends() : settledEnds;
                settledLast = Math.max(settledLast, start);
            }
        }
    }

    /** The first window with a use. */
    public long first() {
        if (settledFirst != NEVER) {
            return settledFirst;
        }
        for (Map.Entry<Use, Long> use : open.entrySet()) {
            if (use.getValue() > 0) {
                return use.getKey().windowStart();
            }
        }
        return NEVER;
    }

    /** The last window with a use. */
    public long last() {
        Use last = newest();
        return last == null ? settledLast : last.windowStart();
    }

    /** What the ends were in the last window with a use. */
    public DependencyEnds ends() {
        Use last = newest();
        return last == null ? settledEnds : last.ends();
    }

    private @Nullable Use newest() {
        for (Map.Entry<Use, Long> use : open.descendingMap().entrySet()) {
            if (use.getValue() > 0) {
                return use.getKey();
            }
        }
        return null;
    }

    Uses copy() {
        Uses copy = new Uses();
        copy.open.putAll(open);
        copy.settledFirst = settledFirst;
        copy.settledLast = settledLast;
        copy.settledEnds = settledEnds;
        return copy;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeInt(open.size());
        for (Map.Entry<Use, Long> use : open.entrySet()) {
            out.writeLong(use.getKey().windowStart());
            Texts.write(use.getKey().ends(), out);
            out.writeLong(use.getValue());
        }
        out.writeLong(settledFirst);
        out.writeLong(settledLast);
        Texts.write(settledEnds, out);
    }

    static Uses readFrom(DataInput in) throws IOException {
        Uses read = new Uses();
        for (int i = in.readInt(); i > 0; i--) {
            read.open.put(new Use(in.readLong(), Texts.readEnds(in)), in.readLong());
        }
        read.settledFirst = in.readLong();
        read.settledLast = in.readLong();
        read.settledEnds = Texts.readEnds(in);
        return read;
    }
}
