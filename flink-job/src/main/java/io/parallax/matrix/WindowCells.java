package io.parallax.matrix;

import io.parallax.model.MatrixLevel;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A matrix: the cells of one realm, level and window, or what has to be added to them. A hash table over one array of longs,
 * so that a hundred thousand cells are few objects to the garbage collector. Open addressing, linear probing, at most half
 * full.
 *
 * <pre>
 *  cell   0  number of the source entity (28) | of the destination (28) | locality (8)
 *         1  the sums, as {@link Measure} numbers them, the revision last
 *        11  revision stated last
 * </pre>
 *
 * <p>Entities are numbered by a dictionary of its own. When that is closed, an entity it does not have counts as
 * {@link #OTHER}: what was added under such a name is taken back from there too. Any order of the same additions ends in the
 * same sums and revisions. Not thread-safe.
 */
public final class WindowCells {

    /** The entity that folded ones count as. */
    public static final String OTHER = "(other)";

    private static final int KEY = 0;
    private static final int SUMS = 1;
    private static final int STATED_REVISION = SUMS + Measure.COUNT;
    private static final int WIDTH = STATED_REVISION + 1;
    private static final int SOURCE_SHIFT = 36;
    private static final int DESTINATION_SHIFT = 8;
    private static final int ENTITY_MASK = (1 << 28) - 1;
    private static final int LOCALITY_MASK = 0xFF;
    private static final int FIRST_CELLS = 16;
    private static final int[] NOT_INDEXED = {};

    private final MatrixLevel level;
    private final String realm;
    private final long start;
    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Integer, RoundTrips> roundTrips = new HashMap<>();
    private long[] words;
    /**
     * Number plus one of the cell that hashes here; 0: free. Made when a cell is first looked for: what is read only to be
     * added to another matrix needs none.
     */
    private int[] slots;

    private int size;
    private boolean isClosed;
    private boolean wasStated;
    private boolean hasUnstated;

    /** @param start of the window, nanoseconds since the epoch */
    public WindowCells(MatrixLevel level, String realm, long start) {
        this(level, realm, start, FIRST_CELLS);
    }

    /** @param expected cells for which there is room at once: growing costs more than adding */
    WindowCells(MatrixLevel level, String realm, long start, int expected) {
        this.level = level;
        this.realm = realm;
        this.start = start;
        this.words = new long[room(expected) * WIDTH];
        this.slots = new int[2 * room(expected)];
    }

    public MatrixLevel level() {
        return level;
    }

    public String realm() {
        return realm;
    }

    /** Start of the window, nanoseconds since the epoch. */
    public long start() {
        return start;
    }

    /** Names the matrix among all: the key of the step that adds up. */
    public String key() {
        return LevelNumbers.of(level) + "|" + start + "|" + realm;
    }

    public int size() {
        return size;
    }

    public int entities() {
        return names.size();
    }

    /** Entities that stand for themselves. */
    int ownEntities() {
        return numbers.containsKey(OTHER) ? names.size() - 1 : names.size();
    }

    /** Something was added since {@link #markStated()}. */
    public boolean hasUnstated() {
        return hasUnstated;
    }

    /** Some revision of it left the job. */
    public boolean wasStated() {
        return wasStated;
    }

    /** From now on, an entity that is not in it counts as {@link #OTHER}. */
    void close() {
        isClosed = true;
    }

    /** Number of an entity. */
    int entity(String name) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        if (isClosed && !name.equals(OTHER)) {
            return entity(OTHER);
        }
        names.add(name);
        numbers.put(name, names.size() - 1);
        return names.size() - 1;
    }

    String name(int entity) {
        return names.get(entity);
    }

    /** Adds to a cell. */
    void add(int source, int destination, int locality, long[] sums) {
        int at = WIDTH * cell(source, destination, locality) + SUMS;
        for (int i = 0; i < Measure.COUNT; i++) {
            words[at + i] += sums[i];
        }
        hasUnstated = true;
    }

    /** Adds round trips to a cell, or takes them back. */
    void addRoundTrips(int source, int destination, int locality, int bucket, long count) {
        roundTrips
                .computeIfAbsent(cell(source, destination, locality), cell -> new RoundTrips())
                .add(bucket, count);
    }

    /** Adds all cells of {@code delta}; to {@code also}, if there is one, under the names that they count as here. */
    void merge(WindowCells delta, @Nullable WindowCells also) {
        int[] here = new int[delta.names.size()];
        int[] there = new int[here.length];
        for (int i = 0; i < here.length; i++) {
            here[i] = entity(delta.names.get(i));
            there[i] = also == null ? 0 : also.entity(names.get(here[i]));
        }
        addAll(delta, here);
        if (also != null) {
            also.addAll(delta, there);
        }
    }

    private void addAll(WindowCells delta, int[] numbering) {
        for (int i = 0; i < delta.size; i++) {
            addCell(delta, i, numbering[delta.sourceNumber(i)], numbering[delta.destinationNumber(i)]);
        }
        hasUnstated |= delta.size > 0;
    }

    private void addCell(WindowCells delta, int index, int source, int destination) {
        int cell = cell(source, destination, delta.localityCode(index));
        for (int word = SUMS; word < STATED_REVISION; word++) {
            words[cell * WIDTH + word] += delta.words[index * WIDTH + word];
        }
        RoundTrips more = delta.roundTrips.isEmpty() ? null : delta.roundTrips.get(index);
        if (more != null) {
            roundTrips.computeIfAbsent(cell, number -> new RoundTrips()).add(more);
        }
    }

    private int cell(int source, int destination, int locality) {
        if (slots.length == 0) {
            index(2 * room(size));
        }
        long key = key(source, destination, locality);
        int mask = slots.length - 1;
        int slot = hash(key) & mask;
        while (slots[slot] != 0) {
            int cell = slots[slot] - 1;
            if (words[cell * WIDTH + KEY] == key) {
                return cell;
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = size + 1;
        return append(key);
    }

    private int append(long key) {
        if (size * WIDTH == words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        words[size * WIDTH + KEY] = key;
        size++;
        if (2 * size > slots.length) {
            index(2 * slots.length);
        }
        return size - 1;
    }

    private void index(int length) {
        slots = new int[length];
        for (int cell = 0; cell < size; cell++) {
            int slot = hash(words[cell * WIDTH + KEY]) & (length - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (length - 1);
            }
            slots[slot] = cell + 1;
        }
    }

    static long key(int source, int destination, int locality) {
        return ((long) source << SOURCE_SHIFT) | ((long) destination << DESTINATION_SHIFT) | locality;
    }

    /** 2^64 divided by the golden ratio, so that neighbouring numbers part. */
    private static int hash(long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        return (int) (mixed ^ (mixed >>> 32));
    }

    int sourceNumber(int cell) {
        return (int) (words[cell * WIDTH + KEY] >>> SOURCE_SHIFT);
    }

    int destinationNumber(int cell) {
        return (int) (words[cell * WIDTH + KEY] >>> DESTINATION_SHIFT) & ENTITY_MASK;
    }

    /** {@link io.parallax.model.Locality#code()}. */
    public int localityCode(int cell) {
        return (int) words[cell * WIDTH + KEY] & LOCALITY_MASK;
    }

    public String source(int cell) {
        return names.get(sourceNumber(cell));
    }

    public String destination(int cell) {
        return names.get(destinationNumber(cell));
    }

    /** A sum of a cell, by its number in {@link Measure}. */
    public long sum(int cell, int measure) {
        return words[cell * WIDTH + SUMS + measure];
    }

    /** Round trips of a cell; null: none were ever added. */
    public @Nullable RoundTrips roundTrips(int cell) {
        return roundTrips.get(cell);
    }

    /** Nothing was added since the cell was stated last, or all was taken back before anybody heard of it. */
    public boolean isStated(int cell) {
        long stated = words[cell * WIDTH + STATED_REVISION];
        return sum(cell, Measure.REVISION) == stated || (stated == 0 && isEmpty(cell));
    }

    private boolean isEmpty(int cell) {
        for (int measure = 0; measure < Measure.REVISION; measure++) {
            if (sum(cell, measure) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Declares all cells stated that are not. */
    public void markStated() {
        for (int cell = 0; cell < size; cell++) {
            if (!isStated(cell)) {
                words[cell * WIDTH + STATED_REVISION] = sum(cell, Measure.REVISION);
            }
        }
        hasUnstated = false;
        wasStated = true;
    }

    /** Without cells of which all was taken back; entities that are in no other are not known any more. */
    WindowCells withoutEmpty() {
        WindowCells filled = new WindowCells(level, realm, start);
        for (int i = 0; i < size; i++) {
            RoundTrips times = roundTrips.get(i);
            if (!isEmpty(i) || (times != null && times.count() != 0)) {
                filled.addCell(this, i, filled.entity(source(i)), filled.entity(destination(i)));
            }
        }
        filled.hasUnstated = hasUnstated;
        return filled;
    }

    /** What is in it, as differences for a window that starts at {@code other}. */
    public WindowCells as(long other) {
        WindowCells differences = new WindowCells(level, realm, other);
        takeInto(differences);
        for (int cell = 0; cell < size; cell++) {
            differences.words[cell * WIDTH + STATED_REVISION] = 0;
        }
        differences.hasUnstated = size > 0;
        return differences;
    }

    public WindowCells copy() {
        WindowCells copy = new WindowCells(level, realm, start);
        takeInto(copy);
        copy.isClosed = isClosed;
        copy.wasStated = wasStated;
        copy.hasUnstated = hasUnstated;
        return copy;
    }

    private void takeInto(WindowCells copy) {
        names.forEach(copy::entity);
        roundTrips.forEach((cell, histogram) -> copy.roundTrips.put(cell, histogram.copy()));
        copy.take(Arrays.copyOf(words, room(size) * WIDTH), size);
    }

    private void take(long[] taken, int cells) {
        words = taken;
        size = cells;
        slots = NOT_INDEXED;
    }

    private static int room(int cells) {
        return cells <= FIRST_CELLS ? FIRST_CELLS : 2 * Integer.highestOneBit(cells - 1);
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(LevelNumbers.of(level));
        out.writeLong(start);
        out.writeUTF(realm);
        out.writeBoolean(isClosed);
        out.writeBoolean(wasStated);
        out.writeBoolean(hasUnstated);
        out.writeInt(names.size());
        for (String name : names) {
            out.writeUTF(name);
        }
        out.writeInt(size);
        for (int i = 0; i < size * WIDTH; i++) {
            out.writeLong(words[i]);
        }
        out.writeInt(roundTrips.size());
        for (int cell = 0; cell < size && !roundTrips.isEmpty(); cell++) {
            RoundTrips histogram = roundTrips.get(cell);
            if (histogram != null) {
                out.writeInt(cell);
                histogram.writeTo(out);
            }
        }
    }

    public static WindowCells readFrom(DataInput in) throws IOException {
        MatrixLevel level = LevelNumbers.level(in.readByte());
        long start = in.readLong();
        WindowCells cells = new WindowCells(level, in.readUTF(), start);
        boolean isClosed = in.readBoolean();
        cells.wasStated = in.readBoolean();
        cells.hasUnstated = in.readBoolean();
        for (int left = in.readInt(); left > 0; left--) {
            cells.entity(in.readUTF());
        }
        cells.isClosed = isClosed;
        int size = in.readInt();
        long[] words = new long[room(size) * WIDTH];
        for (int i = 0; i < size * WIDTH; i++) {
            words[i] = in.readLong();
        }
        cells.take(words, size);
        for (int left = in.readInt(); left > 0; left--) {
            cells.roundTrips.put(in.readInt(), RoundTrips.readFrom(in));
        }
        return cells;
    }
}
