package io.parallax.model;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** Sums of a dependency, or what to add to them: then also below 0, where something is taken back. Not thread-safe. */
public final class DependencyCounts {

    /** Flows in which the service was used. */
    public static final int CONNECTIONS = 0;

    public static final int REFUSED = 1;
    public static final int UNANSWERED = 2;
    public static final int RESET = 3;
    public static final int PROBES = 4;

    /** From the client, in windows in which the service was in use; octets from the IP header on. */
    public static final int PACKETS = 5;

    public static final int OCTETS = 6;
    public static final int REVERSE_PACKETS = 7;
    public static final int REVERSE_OCTETS = 8;

    /** Octets known to have passed unseen, both directions. */
    public static final int MISSED_OCTETS = 9;

    /** Rows of flows in which the service was in use. */
    public static final int ROWS = 10;

    private static final int WIDTH = 11;

    private final long[] values = new long[WIDTH];

    public long get(int field) {
        return values[field];
    }

    public void add(int field, long value) {
        values[field] += value;
    }

    public void add(DependencyCounts other) {
        for (int field = 0; field < WIDTH; field++) {
            values[field] += other.values[field];
        }
    }

    /** The field that counts attempts with this result. */
    public static int fieldOf(ServiceEvidence evidence) {
        return switch (evidence) {
            case SERVED -> CONNECTIONS;
            case REFUSED -> REFUSED;
            case UNANSWERED -> UNANSWERED;
            case RESET -> RESET;
            case PROBED -> PROBES;
            case NONE -> throw new IllegalArgumentException("no attempt");
        };
    }

    public boolean isZero() {
        return Arrays.stream(values).allMatch(value -> value == 0);
    }

    public DependencyCounts copy() {
        DependencyCounts copy = new DependencyCounts();
        copy.add(this);
        return copy;
    }

    public void writeTo(DataOutput out) throws IOException {
        for (long value : values) {
            out.writeLong(value);
        }
    }

    public static DependencyCounts readFrom(DataInput in) throws IOException {
        DependencyCounts counts = new DependencyCounts();
        for (int field = 0; field < WIDTH; field++) {
            counts.values[field] = in.readLong();
        }
        return counts;
    }
}
