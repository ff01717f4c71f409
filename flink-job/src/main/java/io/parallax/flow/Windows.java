package io.parallax.flow;

import io.parallax.model.Disposition;
import io.parallax.model.Records;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What flows did per aligned window. A flow has a list of rows, newest window first; a row has a list of cells, one per
 * sighting. Rows stay after their window has closed, for as long as late packets are let in, so that a late one revises the
 * row it belongs to.
 *
 * <pre>
 *  row    0  next row, an older window (32) | first cell (32)
 *         1  start of the window, ns
 *         2  stated packets from a (32) | from b (32)
 *         3  stated octets from a         4  stated octets from b
 *         5  folded packets (28) | D3 (28) | flags (8)
 *         6  stated revision
 *         7  stated label of a (32) | of b (32)
 *         8  stated retransmitted octets from a (32) | from b (32)
 *         9  stated octets missed (32) | handshake bucket (16) | locality (8) | attempt (8)
 *
 *  cell   0  next cell (32) | sighting (32)
 *         1  packets (32) | TCP counts plus one, 0: none (32)
 *         2  octets (48) | control bits (16)
 *         3  first packet (32) | last packet (32), microseconds from the window's start
 *         4  stated packets (32) | 0 (16) | stated disposition (8) | greatest TTL (8)
 * </pre>
 */
final class Windows {

    static final int NONE = Records.NONE;

    /** The window has been closed; its packets count in the flow's lifetime. */
    static final int CLOSED = 1;

    /** Something changed since the row was stated. */
    static final int DIRTY = 1 << 1;

    /** The canonical point may still show that it saw what another one saw at the end of the window. */
    static final int UNSETTLED = 1 << 2;

    private static final int D3_SHIFT = 8;
    private static final int FOLDED_SHIFT = 36;
    private static final long COUNT_MASK = (1L << 28) - 1;

    /** In {@link #statedAttempt}: refused, nobody answered. */
    static final int REFUSED = 1;

    static final int UNANSWERED = 1 << 1;

    /** In {@link #statedAttempt}, from this bit on: three bits of the service evidence's code. */
    static final int SERVICE_SHIFT = 2;

    static final int SERVICE_MASK = 0x7;

    /** In {@link #statedAttempt}: the row or an older one told of the use of a service. */
    static final int IN_SERVICE = 1 << 5;

    private static final int ROW_WIDTH = 10;
    private static final int THIRD_VERSION_ROW_WIDTH = 7;
    private static final int ROW_LINK = 0;
    private static final int ROW_START = 1;
    private static final int ROW_PACKETS = 2;
    private static final int ROW_OCTETS = 3;
    private static final int ROW_FLAGS = 5;
    private static final int ROW_REVISION = 6;
    private static final int ROW_LABELS = 7;
    private static final int ROW_RETRANSMITTED = 8;
    private static final int ROW_JUDGEMENT = 9;
    private static final int HANDSHAKE_SHIFT = 16;
    private static final int LOCALITY_SHIFT = 8;
    private static final int HANDSHAKE_MASK = 0xFFFF;
    private static final int OCTET_MASK = 0xFF;

    private static final int CELL_WIDTH = 5;
    private static final int CELL_LINK = 0;
    private static final int CELL_PACKETS = 1;
    private static final int CELL_OCTETS = 2;
    private static final int CELL_TIMES = 3;
    private static final int CELL_STATED = 4;

    private static final int BITS = 16;
    private static final long BITS_MASK = 0xFFFF;
    private static final int TTL_MASK = 0xFF;
    private static final int DISPOSITION_SHIFT = 8;
    private static final int DISPOSITION_MASK = 0xFF;
    private static final long ONE_PACKET = 1L << 32;

    private final Records rows;
    private final Records cells;

    Windows() {
        this(new Records(ROW_WIDTH), new Records(CELL_WIDTH));
    }

    private Windows(Records rows, Records cells) {
        this.rows = rows;
        this.cells = cells;
    }

    /** Rows and cells with the links of others that had other widths; the rest of them is to be filled in. */
    static Windows ofLinks(Records rows, Records cells) {
        return new Windows(rows.withWidth(ROW_WIDTH), cells.withWidth(CELL_WIDTH));
    }

    void setStart(int row, long start) {
        rows.set(row, ROW_START, start);
    }

    void fill(int cell, long packets, long octets, int controlBits, long firstMicros, long lastMicros) {
        cells.set(cell, CELL_PACKETS, packets << Integer.SIZE);
        cells.set(cell, CELL_OCTETS, (octets << BITS) | controlBits);
        cells.set(cell, CELL_TIMES, (firstMicros << Integer.SIZE) | lastMicros);
    }

    /** A row without cells. */
    int addRow(long start, int next) {
        int row = rows.allocate();
        rows.setHigh(row, ROW_LINK, next);
        rows.setLow(row, ROW_LINK, NONE);
        rows.set(row, ROW_START, start);
        return row;
    }

    int next(int row) {
        return rows.high(row, ROW_LINK);
    }

    void setNext(int row, int next) {
        rows.setHigh(row, ROW_LINK, next);
    }

    long start(int row) {
        return rows.get(row, ROW_START);
    }

    boolean has(int row, int flag) {
        return (rows.get(row, ROW_FLAGS) & flag) != 0;
    }

    void set(int row, int flags) {
        rows.set(row, ROW_FLAGS, rows.get(row, ROW_FLAGS) | flags);
    }

    void unset(int row, int flags) {
        rows.set(row, ROW_FLAGS, rows.get(row, ROW_FLAGS) & ~(long) flags);
    }

    /** Packets beyond the sightings that are told apart; stays at its limit of 268 million a window. */
    long foldedPackets(int row) {
        return rows.get(row, ROW_FLAGS) >>> FOLDED_SHIFT;
    }

    void addFoldedPacket(int row) {
        if (foldedPackets(row) < COUNT_MASK) {
            rows.add(row, ROW_FLAGS, 1L << FOLDED_SHIFT);
        }
    }

    /** Repeats on one interface that were suppressed, {@link Disposition#D3}; the same limit. */
    long repeatedPackets(int row) {
        return (rows.get(row, ROW_FLAGS) >>> D3_SHIFT) & COUNT_MASK;
    }

    void addRepeatedPacket(int row) {
        if (repeatedPackets(row) < COUNT_MASK) {
            rows.add(row, ROW_FLAGS, 1L << D3_SHIFT);
        }
    }

    long statedPackets(int row, int direction) {
        return (direction == 0 ? rows.high(row, ROW_PACKETS) : rows.low(row, ROW_PACKETS)) & 0xFFFF_FFFFL;
    }

    long statedOctets(int row, int direction) {
        return rows.get(row, ROW_OCTETS + direction);
    }

    void setStated(int row, int direction, long packets, long octets) {
        if (direction == 0) {
            rows.setHigh(row, ROW_PACKETS, (int) packets);
        } else {
            rows.setLow(row, ROW_PACKETS, (int) packets);
        }
        rows.set(row, ROW_OCTETS + direction, octets);
    }

    /** Revision that was stated last, 0 before the first. */
    long statedRevision(int row) {
        return rows.get(row, ROW_REVISION);
    }

    void setStatedRevision(int row, long revision) {
        rows.set(row, ROW_REVISION, revision);
    }

    /** Number of what named an end in the row's record, as {@link RowLabels} counts; 0 before the first record. */
    int statedLabel(int row, int end) {
        return end == 0 ? rows.high(row, ROW_LABELS) : rows.low(row, ROW_LABELS);
    }

    void setStatedLabel(int row, int end, int label) {
        if (end == 0) {
            rows.setHigh(row, ROW_LABELS, label);
        } else {
            rows.setLow(row, ROW_LABELS, label);
        }
    }

    long statedRetransmittedOctets(int row, int direction) {
        return (direction == 0 ? rows.high(row, ROW_RETRANSMITTED) : rows.low(row, ROW_RETRANSMITTED)) & 0xFFFF_FFFFL;
    }

    /** Remembers octets that were sent again, each at most 2^32 - 1. */
    void setStatedRetransmittedOctets(int row, long fromA, long fromB) {
        rows.setHigh(row, ROW_RETRANSMITTED, (int) fromA);
        rows.setLow(row, ROW_RETRANSMITTED, (int) fromB);
    }

    long statedMissedOctets(int row) {
        return rows.high(row, ROW_JUDGEMENT) & 0xFFFF_FFFFL;
    }

    int statedHandshakeBucket(int row) {
        return (rows.low(row, ROW_JUDGEMENT) >>> HANDSHAKE_SHIFT) & HANDSHAKE_MASK;
    }

    /** Code of the locality in the row's record. */
    int statedLocality(int row) {
        return (rows.low(row, ROW_JUDGEMENT) >>> LOCALITY_SHIFT) & OCTET_MASK;
    }

    /** {@link #REFUSED}, {@link #UNANSWERED}, or neither; {@link #IN_SERVICE}, and the service evidence's code. */
    int statedAttempt(int row) {
        return rows.low(row, ROW_JUDGEMENT) & OCTET_MASK;
    }

    /** Remembers what the row's record judges; octets at most 2^32 - 1. */
    void setStatedJudgement(int row, long missedOctets, int handshakeBucket, int locality, int attempt) {
        rows.setHigh(row, ROW_JUDGEMENT, (int) missedOctets);
        rows.setLow(row, ROW_JUDGEMENT, (handshakeBucket << HANDSHAKE_SHIFT) | (locality << LOCALITY_SHIFT) | attempt);
    }

    int firstCell(int row) {
        return rows.low(row, ROW_LINK);
    }

    int nextCell(int cell) {
        return cells.high(cell, CELL_LINK);
    }

    int sighting(int cell) {
        return cells.low(cell, CELL_LINK);
    }

    void setSighting(int cell, int sighting) {
        cells.setLow(cell, CELL_LINK, sighting);
    }

    /** The row's cell of a sighting, added when it has none. */
    int cellOf(int row, int sighting) {
        int cell = findCell(row, sighting);
        if (cell != NONE) {
            return cell;
        }
        cell = cells.allocate();
        cells.setHigh(cell, CELL_LINK, firstCell(row));
        cells.setLow(cell, CELL_LINK, sighting);
        cells.set(cell, CELL_TIMES, 0xFFFF_FFFFL << Integer.SIZE);
        rows.setLow(row, ROW_LINK, cell);
        return cell;
    }

    /** The row's cell of a sighting, or {@link #NONE}. */
    int findCell(int row, int sighting) {
        for (int cell = firstCell(row); cell != NONE; cell = nextCell(cell)) {
            if (sighting(cell) == sighting) {
                return cell;
            }
        }
        return NONE;
    }

    /**
     * Counts a packet. The hot path: one record.
     *
     * @param micros microseconds from the window's start
     */
    void count(int cell, long micros, int octets, int controlBits) {
        cells.add(cell, CELL_PACKETS, ONE_PACKET);
        cells.set(cell, CELL_OCTETS, (cells.get(cell, CELL_OCTETS) + ((long) octets << BITS)) | controlBits);
        long times = cells.get(cell, CELL_TIMES);
        long first = Math.min(times >>> Integer.SIZE, micros);
        long last = Math.max(times & 0xFFFF_FFFFL, micros);
        cells.set(cell, CELL_TIMES, (first << Integer.SIZE) | last);
    }

    void raiseTtl(int cell, int ttl) {
        if (ttl > ttl(cell)) {
            cells.set(cell, CELL_STATED, (cells.get(cell, CELL_STATED) & ~(long) TTL_MASK) | ttl);
        }
    }

    int ttl(int cell) {
        return (int) cells.get(cell, CELL_STATED) & TTL_MASK;
    }

    long packets(int cell) {
        return cells.high(cell, CELL_PACKETS) & 0xFFFF_FFFFL;
    }

    long octets(int cell) {
        return cells.get(cell, CELL_OCTETS) >>> BITS;
    }

    int controlBits(int cell) {
        return (int) (cells.get(cell, CELL_OCTETS) & BITS_MASK);
    }

    /** Number of the cell's {@link TcpCounts}, or {@link #NONE}. */
    int tcpCounts(int cell) {
        return cells.low(cell, CELL_PACKETS) - 1;
    }

    void setTcpCounts(int cell, int counts) {
        cells.setLow(cell, CELL_PACKETS, counts + 1);
    }

    /** First packet of a cell of {@code row}, ns; the row's start plus whole microseconds. */
    long first(int row, int cell) {
        return start(row) + TimeUnit.MICROSECONDS.toNanos(cells.high(cell, CELL_TIMES) & 0xFFFF_FFFFL);
    }

    /** Last packet of a cell of {@code row}, ns. */
    long last(int row, int cell) {
        return start(row) + TimeUnit.MICROSECONDS.toNanos(lastMicros(cell));
    }

    /** Last packet of a cell, microseconds from the window's start. */
    long lastMicros(int cell) {
        return cells.low(cell, CELL_TIMES) & 0xFFFF_FFFFL;
    }

    long statedPackets(int cell) {
        return cells.high(cell, CELL_STATED) & 0xFFFF_FFFFL;
    }

    int statedDisposition(int cell) {
        return (cells.low(cell, CELL_STATED) >>> DISPOSITION_SHIFT) & DISPOSITION_MASK;
    }

    /** Remembers what the row's record says of the cell: all its packets, as {@code disposition}. */
    void setStated(int cell, Disposition disposition) {
        cells.setHigh(cell, CELL_STATED, cells.high(cell, CELL_PACKETS));
        cells.setLow(cell, CELL_STATED, (disposition.code() << DISPOSITION_SHIFT) | ttl(cell));
    }

    /** First packet of the row, ns. */
    long first(int row) {
        long first = Long.MAX_VALUE;
        for (int cell = firstCell(row); cell != NONE; cell = nextCell(cell)) {
            first = Math.min(first, first(row, cell));
        }
        return first;
    }

    /** Last packet of the row, ns. */
    long last(int row) {
        long last = Long.MIN_VALUE;
        for (int cell = firstCell(row); cell != NONE; cell = nextCell(cell)) {
            last = Math.max(last, last(row, cell));
        }
        return last;
    }

    void releaseRow(int row) {
        for (int cell = firstCell(row); cell != NONE; ) {
            int next = nextCell(cell);
            cells.release(cell);
            cell = next;
        }
        rows.release(row);
    }

    /** Rows and cells in use. */
    int size() {
        return rows.live() + cells.live();
    }

    Windows copy() {
        return new Windows(rows.copy(), cells.copy());
    }

    void writeTo(DataOutput out) throws IOException {
        rows.writeTo(out);
        cells.writeTo(out);
    }

    /** Reads the versions up to the third: of what was stated, counts and revisions alone were kept. */
    static Windows readThirdVersion(DataInput in) throws IOException {
        Records rows = Records.readFrom(in, THIRD_VERSION_ROW_WIDTH).widened(ROW_WIDTH);
        return new Windows(rows, Records.readFrom(in, CELL_WIDTH));
    }

    static Windows readFrom(DataInput in) throws IOException {
        return new Windows(Records.readFrom(in, ROW_WIDTH), Records.readFrom(in, CELL_WIDTH));
    }
}
