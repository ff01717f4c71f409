package io.parallax.flow;

import io.parallax.model.Records;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Ranges of sequence space that were passed over, at most {@value #MOST} a direction. A direction without one has no record.
 *
 * <pre>
 *  word 2k    start (32) | end, exclusive (32); equal: none
 *       2k+1  when it opened, ns; the lowest bit set: the receiver has acknowledged all of it
 *       8     holes that were forgotten for want of room
 * </pre>
 *
 * <p>Where there is no room the hole with the lowest sequence that is acknowledged is forgotten, else the lowest of all: the
 * receiver waits for it since longest. What comes of a forgotten hole later is taken for a retransmission.
 */
final class TcpHoles {

    static final int NONE = Records.NONE;
    static final int MOST = 4;

    private static final int WIDTH = 2 * MOST + 1;
    private static final int FORGOTTEN = 2 * MOST;
    private static final long ACKNOWLEDGED = 1;

    private final Records records;

    /** Of the holes that the last {@link #fill} reached into: when the latest opened, ns. */
    private long filledOpenedNanos;

    private boolean filledAcknowledged;

    TcpHoles() {
        this(new Records(WIDTH));
    }

    private TcpHoles(Records records) {
        this.records = records;
    }

    int add() {
        return records.allocate();
    }

    int addLike(int other) {
        int added = records.allocate();
        for (int field = 0; field < WIDTH; field++) {
            records.set(added, field, records.get(other, field));
        }
        return added;
    }

    void release(int holes) {
        records.release(holes);
    }

    /** No hole, and nothing to tell of one. */
    boolean isEmpty(int holes) {
        return count(holes) == 0 && forgotten(holes) == 0;
    }

    int count(int holes) {
        int count = 0;
        for (int hole = 0; hole < MOST; hole++) {
            count += isOpen(holes, hole) ? 1 : 0;
        }
        return count;
    }

    long forgotten(int holes) {
        return records.get(holes, FORGOTTEN);
    }

    void open(int holes, int start, int end, long timeNanos, boolean isAcknowledged) {
        set(holes, room(holes), start, end, isAcknowledged ? timeNanos | ACKNOWLEDGED : timeNanos & ~ACKNOWLEDGED);
    }

    private int room(int holes) {
        int lowest = 0;
        for (int hole = 0; hole < MOST; hole++) {
            if (!isOpen(holes, hole)) {
                return hole;
            }
            boolean isFirst = TcpSequence.isBefore(start(holes, hole), start(holes, lowest));
            if (isAcknowledged(holes, hole) == isAcknowledged(holes, lowest) ? isFirst : isAcknowledged(holes, hole)) {
                lowest = hole;
            }
        }
        records.add(holes, FORGOTTEN, 1);
        return lowest;
    }

    boolean contains(int holes, int sequence) {
        for (int hole = 0; hole < MOST; hole++) {
            if (isOpen(holes, hole)
                    && !TcpSequence.isBefore(sequence, start(holes, hole))
                    && TcpSequence.isBefore(sequence, end(holes, hole))) {
                return true;
            }
        }
        return false;
    }

    /** Takes a range out of the holes and returns how much of it was in them. */
    int fill(int holes, int start, int end) {
        int filled = 0;
        filledOpenedNanos = Long.MIN_VALUE;
        filledAcknowledged = false;
        for (int hole = 0; hole < MOST; hole++) {
            if (!isOpen(holes, hole)) {
                continue;
            }
            int from = TcpSequence.last(start, start(holes, hole));
            int until = TcpSequence.first(end, end(holes, hole));
            if (TcpSequence.isBefore(from, until)) {
                filled += until - from;
                filledOpenedNanos = Math.max(filledOpenedNanos, opened(holes, hole));
                filledAcknowledged |= isAcknowledged(holes, hole);
                shrink(holes, hole, from, until);
            }
        }
        return filled;
    }

    long filledOpenedNanos() {
        return filledOpenedNanos;
    }

    boolean wasFilledAcknowledged() {
        return filledAcknowledged;
    }

    private void shrink(int holes, int hole, int from, int until) {
        int start = start(holes, hole);
        int end = end(holes, hole);
        long opened = records.get(holes, 2 * hole + 1);
        if (start == from) {
            set(holes, hole, until, end, opened);
            return;
        }
        set(holes, hole, start, from, opened);
        if (until != end) {
            set(holes, room(holes), until, end, opened);
        }
    }

    /** The receiver still waits for something. */
    boolean isWaitedFor(int holes) {
        for (int hole = 0; hole < MOST; hole++) {
            if (isOpen(holes, hole) && !isAcknowledged(holes, hole)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Marks the holes that an acknowledgment passes as a whole; octets of those that it is the first to pass. Closes those
     * that are more than a window behind, before the numbers wrap and they seem to lie ahead.
     */
    long acknowledge(int holes, int acknowledgment) {
        long octets = 0;
        for (int hole = 0; hole < MOST; hole++) {
            if (isOpen(holes, hole)
                    && !isAcknowledged(holes, hole)
                    && !TcpSequence.isBefore(acknowledgment, end(holes, hole))) {
                octets += end(holes, hole) - start(holes, hole);
                records.set(holes, 2 * hole + 1, opened(holes, hole) | ACKNOWLEDGED);
            }
            if (isOpen(holes, hole) && acknowledgment - end(holes, hole) > TcpSequence.GREATEST_WINDOW) {
                set(holes, hole, 0, 0, 0);
            }
        }
        return octets;
    }

    private boolean isOpen(int holes, int hole) {
        return start(holes, hole) != end(holes, hole);
    }

    private boolean isAcknowledged(int holes, int hole) {
        return (records.get(holes, 2 * hole + 1) & ACKNOWLEDGED) != 0;
    }

    private long opened(int holes, int hole) {
        return records.get(holes, 2 * hole + 1) & ~ACKNOWLEDGED;
    }

    private int start(int holes, int hole) {
        return records.high(holes, 2 * hole);
    }

    private int end(int holes, int hole) {
        return records.low(holes, 2 * hole);
    }

    private void set(int holes, int hole, int start, int end, long opened) {
        records.set(holes, 2 * hole, ((long) start << 32) | (end & 0xFFFF_FFFFL));
        records.set(holes, 2 * hole + 1, opened);
    }

    int size() {
        return records.live();
    }

    TcpHoles copy() {
        return new TcpHoles(records.copy());
    }

    void writeTo(DataOutput out) throws IOException {
        records.writeTo(out);
    }

    static TcpHoles readFrom(DataInput in) throws IOException {
        return new TcpHoles(Records.readFrom(in, WIDTH));
    }
}
