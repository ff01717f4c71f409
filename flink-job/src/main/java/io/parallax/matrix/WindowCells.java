package io.parallax.matrix;

import io.parallax.model.MatrixDelta;
import io.parallax.model.MatrixLevel;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The cells of one window in one bucket: a hash table over one array of longs, so that a hundred thousand cells are three
 * objects to the garbage collector and one copy to a checkpoint. Open addressing, linear probing, at most half full; cells
 * are never removed singly, the whole window is forgotten at once.
 *
 * <pre>
 *  cell   0  source address, high     1  source address, low
 *         2  destination, high        3  destination, low
 *         4  level (8) | family (8) | index of the realm (32), from the lowest bit up
 *         5  packets                  6  octets                 7  flows opened
 *         8  revision                 9  revision stated last
 * </pre>
 *
 * <p>Any order of the same deltas ends in the same sums and revisions. Not thread-safe.
 */
public final class WindowCells {

    private static final int WIDTH = 10;
    private static final int SOURCE_HIGH = 0;
    private static final int SOURCE_LOW = 1;
    private static final int DESTINATION_HIGH = 2;
    private static final int DESTINATION_LOW = 3;
    private static final int KIND = 4;
    private static final int PACKETS = 5;
    private static final int OCTETS = 6;
    private static final int FLOWS_OPENED = 7;
    private static final int REVISION = 8;
    private static final int STATED_REVISION = 9;

    private static final int FAMILY_SHIFT = 8;
    private static final int REALM_SHIFT = 16;
    private static final int OCTET_MASK = 0xFF;
    private static final int FIRST_CELLS = 16;

    private final long start;
    private final List<String> realms;
    private long[] words;
    /** Number plus one of the cell that hashes here; 0: free. */
    private int[] slots;

    private int size;
    private boolean hasUnstated;

    WindowCells(long start) {
        this(start, new ArrayList<>(1), new long[FIRST_CELLS * WIDTH], 0, false);
    }

    private WindowCells(long start, List<String> realms, long[] words, int size, boolean hasUnstated) {
        this.start = start;
        this.realms = realms;
        this.words = words;
        this.size = size;
        this.hasUnstated = hasUnstated;
        this.slots = new int[2 * Integer.highestOneBit(Math.max(2 * size - 1, FIRST_CELLS))];
        index();
    }

    /** Start of the window, nanoseconds since the epoch. */
    public long start() {
        return start;
    }

    public int size() {
        return size;
    }

    /** Something was folded in since {@link #markStated()}. */
    public boolean hasUnstated() {
        return hasUnstated;
    }

    void add(MatrixDelta delta) {
        int at = WIDTH * find(delta, kind(delta));
        words[at + PACKETS] += delta.packets;
        words[at + OCTETS] += delta.octets;
        words[at + FLOWS_OPENED] += delta.flowsOpened;
        words[at + REVISION] += delta.revision;
        hasUnstated = true;
    }

    private long kind(MatrixDelta delta) {
        return LevelNumbers.of(delta.level)
                | ((long) delta.family << FAMILY_SHIFT)
                | ((long) realmIndex(delta.realm) << REALM_SHIFT);
    }

    private int realmIndex(String realm) {
        for (int i = 0; i < realms.size(); i++) {
            if (realms.get(i).equals(realm)) {
                return i;
            }
        }
        realms.add(realm);
        return realms.size() - 1;
    }

    private int find(MatrixDelta delta, long kind) {
        int mask = slots.length - 1;
        int slot = CellHash.of(delta) & mask;
        while (slots[slot] != 0) {
            int cell = slots[slot] - 1;
            if (matches(cell * WIDTH, delta, kind)) {
                return cell;
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = size + 1;
        return append(delta, kind);
    }

    private boolean matches(int at, MatrixDelta delta, long kind) {
        return words[at + DESTINATION_LOW] == delta.destinationLow
                && words[at + SOURCE_LOW] == delta.sourceLow
                && words[at + KIND] == kind
                && words[at + SOURCE_HIGH] == delta.sourceHigh
                && words[at + DESTINATION_HIGH] == delta.destinationHigh;
    }

    private int append(MatrixDelta delta, long kind) {
        int at = size * WIDTH;
        if (at == words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        words[at + SOURCE_HIGH] = delta.sourceHigh;
        words[at + SOURCE_LOW] = delta.sourceLow;
        words[at + DESTINATION_HIGH] = delta.destinationHigh;
        words[at + DESTINATION_LOW] = delta.destinationLow;
        words[at + KIND] = kind;
        size++;
        if (2 * size > slots.length) {
            slots = new int[2 * slots.length];
            index();
        }
        return size - 1;
    }

    private void index() {
        int mask = slots.length - 1;
        for (int cell = 0; cell < size; cell++) {
            int slot = CellHash.of(
                            level(cell),
                            realm(cell),
                            family(cell),
                            sourceHigh(cell),
                            sourceLow(cell),
                            destinationHigh(cell),
                            destinationLow(cell))
                    & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = cell + 1;
        }
    }

    private long word(int cell, int field) {
        return words[cell * WIDTH + field];
    }

    public MatrixLevel level(int cell) {
        return LevelNumbers.level((int) word(cell, KIND) & OCTET_MASK);
    }

    public int family(int cell) {
        return (int) (word(cell, KIND) >>> FAMILY_SHIFT) & OCTET_MASK;
    }

    public String realm(int cell) {
        return realms.get((int) (word(cell, KIND) >>> REALM_SHIFT));
    }

    public long sourceHigh(int cell) {
        return word(cell, SOURCE_HIGH);
    }

    public long sourceLow(int cell) {
        return word(cell, SOURCE_LOW);
    }

    public long destinationHigh(int cell) {
        return word(cell, DESTINATION_HIGH);
    }

    public long destinationLow(int cell) {
        return word(cell, DESTINATION_LOW);
    }

    public long packets(int cell) {
        return word(cell, PACKETS);
    }

    public long octets(int cell) {
        return word(cell, OCTETS);
    }

    public long flowsOpened(int cell) {
        return word(cell, FLOWS_OPENED);
    }

    /** By how much the revisions of flow rows grew in the deltas folded into the cell; no unit. */
    public long revision(int cell) {
        return word(cell, REVISION);
    }

    /** Nothing was folded in since the cell was stated last. */
    public boolean isStated(int cell) {
        return word(cell, REVISION) == word(cell, STATED_REVISION);
    }

    /** Declares all cells stated. */
    public void markStated() {
        for (int cell = 0; cell < size; cell++) {
            words[cell * WIDTH + STATED_REVISION] = words[cell * WIDTH + REVISION];
        }
        hasUnstated = false;
    }

    WindowCells copy() {
        long[] copied = Arrays.copyOf(words, Math.max(size, FIRST_CELLS) * WIDTH);
        return new WindowCells(start, new ArrayList<>(realms), copied, size, hasUnstated);
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeLong(start);
        out.writeBoolean(hasUnstated);
        out.writeInt(realms.size());
        for (String realm : realms) {
            out.writeUTF(realm);
        }
        out.writeInt(size);
        for (int i = 0; i < size * WIDTH; i++) {
            out.writeLong(words[i]);
        }
    }

    static WindowCells readFrom(DataInput in) throws IOException {
        long start = in.readLong();
        boolean hasUnstated = in.readBoolean();
        List<String> realms = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) {
            realms.add(in.readUTF());
        }
        int size = in.readInt();
        long[] words = new long[Math.max(size, FIRST_CELLS) * WIDTH];
        for (int i = 0; i < size * WIDTH; i++) {
            words[i] = in.readLong();
        }
        return new WindowCells(start, realms, words, size, hasUnstated);
    }
}
