package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Whom a host has asked for on its link, the latest {@value #MOST}, and what came of it.
 *
 * <pre>
 *  version (octet): 1
 *  last heard | last answer | acts as a router | first failure | last failure (long each) | asked | failed (int each)
 *  neighbours: count (octet), each: number (int) | since (long) | state (octet)
 * </pre>
 */
final class SweepMemory implements Memory {

    static final int MOST = 64;

    /** Asked for; too early to say. */
    static final byte WAITING = 0;

    /** No answer was seen in time. */
    static final byte SILENT = 1;

    /** Asked for again: there was no answer, whoever could have seen one. */
    static final byte ABSENT = 2;

    /** Answered a question to all. */
    static final byte ANSWERED = 3;

    /** Known to be there, not from such a question. */
    static final byte KNOWN = 4;

    private static final int VERSION = 1;
    private static final int NOBODY = -1;

    final int[] numbers = new int[MOST];
    final long[] since = new long[MOST];
    final byte[] states = new byte[MOST];
    int size;
    long heardAt = Long.MIN_VALUE;
    long answeredAt = Long.MIN_VALUE;
    long routedAt = Long.MIN_VALUE;
    long firstFailure = Long.MIN_VALUE;
    long lastFailure = Long.MIN_VALUE;
    int asked;
    int failed;

    /** Place of a neighbour, below 0: it is not remembered. */
    int find(int number) {
        for (int i = 0; i < size; i++) {
            if (numbers[i] == number) {
                return i;
            }
        }
        return NOBODY;
    }

    /** Remembers another one, in place of the one heard of longest ago where there is no room. */
    void add(int number, long time, byte state) {
        int place = size < MOST ? size++ : oldest();
        numbers[place] = number;
        since[place] = time;
        states[place] = state;
    }

    private int oldest() {
        int oldest = 0;
        for (int i = 1; i < size; i++) {
            oldest = since[i] < since[oldest] ? i : oldest;
        }
        return oldest;
    }

    /** Whether a time that is {@code Long.MIN_VALUE} if it never was lies within {@code span} before {@code now}, ns. */
    static boolean isWithin(long span, long then, long now) {
        return then != Long.MIN_VALUE && now - then <= span;
    }

    @Override
    public long due() {
        long first = NEVER;
        for (int i = 0; i < size; i++) {
            if (states[i] == WAITING) {
                first = Math.min(first, since[i] + SweepDetector.PATIENCE_NANOS);
            }
        }
        return first;
    }

    @Override
    public long expires() {
        return heardAt == Long.MIN_VALUE ? Long.MIN_VALUE : heardAt + SweepDetector.REMEMBERED_NANOS;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(heardAt);
        out.writeLong(answeredAt);
        out.writeLong(routedAt);
        out.writeLong(firstFailure);
        out.writeLong(lastFailure);
        out.writeInt(asked);
        out.writeInt(failed);
        out.writeByte(size);
        for (int i = 0; i < size; i++) {
            out.writeInt(numbers[i]);
            out.writeLong(since[i]);
            out.writeByte(states[i]);
        }
    }

    static SweepMemory readFrom(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException(
                    "what is known of sweeps is of version %d; this job reads %d".formatted(version, VERSION));
        }
        SweepMemory memory = new SweepMemory();
        memory.heardAt = in.readLong();
        memory.answeredAt = in.readLong();
        memory.routedAt = in.readLong();
        memory.firstFailure = in.readLong();
        memory.lastFailure = in.readLong();
        memory.asked = in.readInt();
        memory.failed = in.readInt();
        memory.size = in.readUnsignedByte();
        for (int i = 0; i < memory.size; i++) {
            memory.numbers[i] = in.readInt();
            memory.since[i] = in.readLong();
            memory.states[i] = in.readByte();
        }
        return memory;
    }
}
