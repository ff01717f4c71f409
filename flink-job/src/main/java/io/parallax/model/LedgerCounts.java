package io.parallax.model;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one row of the capture ledger counts, as far as the account of its interface needs it.
 *
 * <p>Rows come at least once, and a gap may be stated again with more in it: of the rows with one {@link #key} the one that
 * {@link #supersedes} the others counts. Immutable.
 */
public final class LedgerCounts {

    /** A column, with its place in {@link #count}; those of the interface and the filters are not known everywhere. */
    public enum Column {
        FRAMES,
        PUBLISHED,
        PUBLISHED_IP,
        INTERFACE_FRAMES,
        KERNEL_DROPPED,
        FILTERED,
        SHED,
        LOST
    }

    /** A count that nobody took; less than any that somebody did. */
    public static final long UNKNOWN = -1;

    private static final int COLUMNS = Column.values().length;

    private final String key;
    private final boolean isOnTime;
    private final long[] counts;
    private final SortedMap<String, Long> outcomes;

    /**
     * A row.
     *
     * @param key names the row within its interface: stream, epoch, interval and kind
     * @param isOnTime whether the process closed it that had captured; otherwise the next one stated it
     * @param counts by {@link Column}, {@link #UNKNOWN} where not known
     * @param outcomes frames by outcome
     */
    public LedgerCounts(String key, boolean isOnTime, long[] counts, Map<String, Long> outcomes) {
        if (counts.length != COLUMNS) {
            throw new IllegalArgumentException(counts.length + " counts for " + COLUMNS + " columns");
        }
        this.key = key;
        this.isOnTime = isOnTime;
        this.counts = counts.clone();
        this.outcomes = Collections.unmodifiableSortedMap(new TreeMap<>(outcomes));
    }

    public String key() {
        return key;
    }

    public boolean isOnTime() {
        return isOnTime;
    }

    /** The count, or {@link #UNKNOWN}. */
    @SuppressWarnings("EnumOrdinal") // the order of the columns is that of the record in state, and new ones come last
    public long count(Column column) {
        return counts[column.ordinal()];
    }

    public SortedMap<String, Long> outcomes() {
        return outcomes;
    }

    /** What the row adds to a revision: greater for the row that supersedes another of its key. */
    public long weight() {
        long weight = 1;
        for (long count : counts) {
            weight += Math.max(0, count);
        }
        return weight;
    }

    /** Whether this counts and not {@code other} of the same key, whichever came first. */
    public boolean supersedes(LedgerCounts other) {
        return weight() != other.weight() ? weight() > other.weight() : Arrays.compare(counts, other.counts) > 0;
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeUTF(key);
        out.writeBoolean(isOnTime);
        for (long count : counts) {
            out.writeLong(count);
        }
        out.writeInt(outcomes.size());
        for (Map.Entry<String, Long> outcome : outcomes.entrySet()) {
            out.writeUTF(outcome.getKey());
            out.writeLong(outcome.getValue());
        }
    }

    public static LedgerCounts readFrom(DataInput in) throws IOException {
        String key = in.readUTF();
        boolean isOnTime = in.readBoolean();
        long[] counts = new long[COLUMNS];
        for (int column = 0; column < COLUMNS; column++) {
            counts[column] = in.readLong();
        }
        SortedMap<String, Long> outcomes = new TreeMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            outcomes.put(in.readUTF(), in.readLong());
        }
        return new LedgerCounts(key, isOnTime, counts, outcomes);
    }
}
