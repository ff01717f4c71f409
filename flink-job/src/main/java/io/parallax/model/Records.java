package io.parallax.model;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Records of a fixed number of longs in one array, with a free list. A million of them are one object to the garbage
 * collector and one copy to a checkpoint; a record costs its fields and nothing else.
 *
 * <p>A record is named by its index; {@link #NONE} names no record. Word 0 of a freed record links the free list.
 */
public final class Records {

    public static final int NONE = -1;

    private static final int FIRST_RECORDS = 16;

    private final int width;
    private long[] words;
    private int limit;
    private int free = NONE;
    private int live;

    public Records(int width) {
        this(width, new long[width * FIRST_RECORDS]);
    }

    private Records(int width, long[] words) {
        this.width = width;
        this.words = words;
    }

    /** Indexes handed out so far are below this; some of them may be free. */
    public int limit() {
        return limit;
    }

    public int live() {
        return live;
    }

    public long get(int record, int field) {
        return words[record * width + field];
    }

    public void set(int record, int field, long value) {
        words[record * width + field] = value;
    }

    public void add(int record, int field, long value) {
        words[record * width + field] += value;
    }

    /** The high 32 bits of a field, for two small numbers in one word. */
    public int high(int record, int field) {
        return (int) (words[record * width + field] >>> 32);
    }

    public int low(int record, int field) {
        return (int) words[record * width + field];
    }

    public void setHigh(int record, int field, int value) {
        int index = record * width + field;
        words[index] = (words[index] & 0xFFFF_FFFFL) | ((long) value << 32);
    }

    public void setLow(int record, int field, int value) {
        int index = record * width + field;
        words[index] = (words[index] & 0xFFFF_FFFF_0000_0000L) | (value & 0xFFFF_FFFFL);
    }

    /** Reads both ends of a record; the value means nothing. */
    public long touch(int record) {
        return words[record * width] + words[(record + 1) * width - 1];
    }

    /** A record of zeros. */
    public int allocate() {
        live++;
        if (free != NONE) {
            int record = free;
            free = (int) words[record * width];
            Arrays.fill(words, record * width, (record + 1) * width, 0);
            return record;
        }
        if ((limit + 1) * width > words.length) {
            words = Arrays.copyOf(words, (int) Math.min(words.length * 2L, Integer.MAX_VALUE - 8));
        }
        return limit++;
    }

    public void release(int record) {
        live--;
        if (live == 0) {
            Arrays.fill(words, 0, limit * width, 0);
            limit = 0;
            free = NONE;
            return;
        }
        words[record * width] = free;
        free = record;
    }

    public Records copy() {
        Records copy = new Records(width, Arrays.copyOf(words, Math.max(limit, FIRST_RECORDS) * width));
        copy.limit = limit;
        copy.free = free;
        copy.live = live;
        return copy;
    }

    /** The same records, numbers and free list with another width; word 0 is taken over, the others are 0. */
    public Records withWidth(int other) {
        Records copy = new Records(other, new long[Math.max(limit, FIRST_RECORDS) * other]);
        copy.limit = limit;
        copy.free = free;
        copy.live = live;
        for (int record = 0; record < limit; record++) {
            copy.set(record, 0, get(record, 0));
        }
        return copy;
    }

    /** The same records, numbers and free list with more words each; those that are added are 0. */
    public Records widened(int wider) {
        Records copy = withWidth(wider);
        for (int record = 0; record < limit; record++) {
            System.arraycopy(words, record * width, copy.words, record * wider, width);
        }
        return copy;
    }

    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(width);
        out.writeInt(limit);
        out.writeInt(free);
        out.writeInt(live);
        for (int i = 0; i < limit * width; i++) {
            out.writeLong(words[i]);
        }
    }

    public static Records readFrom(DataInput in, int width) throws IOException {
        int written = in.readInt();
        if (written != width) {
            throw new IOException("records of %d words in the state, %d in this version".formatted(written, width));
        }
        int limit = in.readInt();
        Records records = new Records(width, new long[Math.max(limit, FIRST_RECORDS) * width]);
        records.limit = limit;
        records.free = in.readInt();
        records.live = in.readInt();
        for (int i = 0; i < limit * width; i++) {
            records.words[i] = in.readLong();
        }
        return records;
    }
}
