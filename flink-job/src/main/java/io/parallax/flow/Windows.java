package io.parallax.flow;

import io.parallax.model.Records;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What flows did per aligned window. A flow has a list of rows, newest window first; a row has a list of cells, one per
 * sighting. Rows stay after their window has closed, for as long as late packets are let in, so that a late one revises the
 * row it belongs to.
 *
 * <pre>
 *  row    0  next row, an older window (32) | first cell (32)
 *         1  start of the window, ns
 *         2  first packet, ns     3  last packet, ns              (of all cells, when last gathered)
 *         4  emitted packets      5  emitted octets               from a to b
 *         6  emitted packets      7  emitted octets               from b to a
 *         8  folded packets (56) | flags (8)
 *         9  emitted revision
 *
 *  cell   0  next cell (32) | sighting (32)
 *         1  packets              2  octets
 *         3  first packet, ns     4  last packet, ns
 *         5  control bits
 * </pre>
 */
final class Windows {

    static final int NONE = Records.NONE;

    /** The window has been closed; its packets count in the flow's lifetime. */
    static final int CLOSED = 1;

    /** Something changed since the row was emitted. */
    static final int DIRTY = 1 << 1;

    private static final int FLAG_BITS = 8;
    private static final int FLAG_MASK = (1 << FLAG_BITS) - 1;

    private static final int ROW_WIDTH = 10;
    private static final int ROW_LINK = 0;
    private static final int ROW_START = 1;
    private static final int ROW_FIRST = 2;
    private static final int ROW_LAST = 3;
    private static final int ROW_EMITTED = 4;
    private static final int ROW_FOLDED = 8;
    private static final int ROW_REVISION = 9;

    private static final int CELL_WIDTH = 6;
    private static final int CELL_LINK = 0;
    private static final int CELL_PACKETS = 1;
    private static final int CELL_OCTETS = 2;
    private static final int CELL_FIRST = 3;
    private static final int CELL_LAST = 4;
    private static final int CELL_BITS = 5;

    private final Records rows;
    private final Records cells;

    Windows() {
        this(new Records(ROW_WIDTH), new Records(CELL_WIDTH));
    }

    private Windows(Records rows, Records cells) {
        this.rows = rows;
        this.cells = cells;
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
        return (rows.get(row, ROW_FOLDED) & flag) != 0;
    }

    void set(int row, int flags) {
        rows.set(row, ROW_FOLDED, rows.get(row, ROW_FOLDED) | flags);
    }

    void unset(int row, int flags) {
        rows.set(row, ROW_FOLDED, rows.get(row, ROW_FOLDED) & ~(long) flags);
    }

    /** Packets beyond the sightings that are told apart. */
    long foldedPackets(int row) {
        return rows.get(row, ROW_FOLDED) >>> FLAG_BITS;
    }

    void addFoldedPacket(int row) {
        rows.add(row, ROW_FOLDED, FLAG_MASK + 1L);
    }

    long emittedPackets(int row, int direction) {
        return rows.get(row, ROW_EMITTED + 2 * direction);
    }

    long emittedOctets(int row, int direction) {
        return rows.get(row, ROW_EMITTED + 2 * direction + 1);
    }

    void setEmitted(int row, int direction, long packets, long octets) {
        rows.set(row, ROW_EMITTED + 2 * direction, packets);
        rows.set(row, ROW_EMITTED + 2 * direction + 1, octets);
    }

    /** Revision that was emitted last, 0 before the first. */
    long emittedRevision(int row) {
        return rows.get(row, ROW_REVISION);
    }

    void setEmittedRevision(int row, long revision) {
        rows.set(row, ROW_REVISION, revision);
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
        for (int cell = firstCell(row); cell != NONE; cell = nextCell(cell)) {
            if (sighting(cell) == sighting) {
                return cell;
            }
        }
        int cell = cells.allocate();
        cells.setHigh(cell, CELL_LINK, firstCell(row));
        cells.setLow(cell, CELL_LINK, sighting);
        cells.set(cell, CELL_FIRST, Long.MAX_VALUE);
        cells.set(cell, CELL_LAST, Long.MIN_VALUE);
        rows.setLow(row, ROW_LINK, cell);
        return cell;
    }

    /** Counts a packet. The hot path: one record, no branch that depends on the packet but for first and last. */
    void count(int cell, long time, int octets, int controlBits) {
        cells.add(cell, CELL_PACKETS, 1);
        cells.add(cell, CELL_OCTETS, octets);
        if (time < cells.get(cell, CELL_FIRST)) {
            cells.set(cell, CELL_FIRST, time);
        }
        if (time > cells.get(cell, CELL_LAST)) {
            cells.set(cell, CELL_LAST, time);
        }
        if (controlBits != 0) {
            cells.set(cell, CELL_BITS, cells.get(cell, CELL_BITS) | controlBits);
        }
    }

    long packets(int cell) {
        return cells.get(cell, CELL_PACKETS);
    }

    long octets(int cell) {
        return cells.get(cell, CELL_OCTETS);
    }

    long firstOfCell(int cell) {
        return cells.get(cell, CELL_FIRST);
    }

    int controlBits(int cell) {
        return (int) cells.get(cell, CELL_BITS);
    }

    /** Gathers first and last packet of the row from its cells. */
    void gatherTimes(int row) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int cell = firstCell(row); cell != NONE; cell = nextCell(cell)) {
            first = Math.min(first, cells.get(cell, CELL_FIRST));
            last = Math.max(last, cells.get(cell, CELL_LAST));
        }
        rows.set(row, ROW_FIRST, first);
        rows.set(row, ROW_LAST, last);
    }

    /** First packet of the row, as last gathered. */
    long first(int row) {
        return rows.get(row, ROW_FIRST);
    }

    /** Last packet of the row, as last gathered. */
    long last(int row) {
        return rows.get(row, ROW_LAST);
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

    static Windows readFrom(DataInput in) throws IOException {
        return new Windows(Records.readFrom(in, ROW_WIDTH), Records.readFrom(in, CELL_WIDTH));
    }
}
