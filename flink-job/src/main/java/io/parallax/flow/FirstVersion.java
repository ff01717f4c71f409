package io.parallax.flow;

import io.parallax.model.Disposition;
import io.parallax.model.Records;
import io.parallax.vantage.Names;
import io.parallax.vantage.Sightings;
import java.io.DataInput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Reads a flow table's state as the first version of the format wrote it: no TCP, no classes of duplicates, other layouts
 * of rows, cells and facts. Flows go on; how TCP stood is not known until they send again.
 *
 * <pre>
 *  row    0 links  1 start  2 first, 3 last packet  4-7 stated packets, octets from a, from b  8 folded (56) | flags (8)
 *         9 revision
 *  cell   0 links  1 packets  2 octets  3 first, 4 last packet, ns  5 control bits
 *  facts  bits from a (16) | from b (16) | changes (12) | end reason (4) | realm (8) | initiator (4) | state (4)
 * </pre>
 */
final class FirstVersion {

    private static final int NONE = Records.NONE;
    private static final int ROW_WIDTH = 10;
    private static final int CELL_WIDTH = 6;

    private FirstVersion() {}

    static FlowState read(DataInput in) throws IOException {
        Flows flows = Flows.readFirstVersion(in);
        Records rows = Records.readFrom(in, ROW_WIDTH);
        Records cells = Records.readFrom(in, CELL_WIDTH);
        Windows windows = windows(rows, cells, flows);
        Sightings sightings = Sightings.readFirstVersion(in);
        Names<String> realms = new Names<>();
        for (int i = in.readInt(); i > 0; i--) {
            realms.numberOf(in.readUTF());
        }
        FlowState state = new FlowState(
                flows, windows, sightings, new TcpTracks(), new TcpCounts(), new IcmpErrors(), realms, new Names<>());
        count(state);
        return state;
    }

    private static Windows windows(Records rows, Records cells, Flows flows) {
        Windows windows = Windows.ofLinks(rows, cells);
        for (int flow = 0; flow < flows.limit(); flow++) {
            for (int row = flows.isInUse(flow) ? flows.row(flow) : NONE; row != NONE; row = windows.next(row)) {
                fillRow(windows, row, rows);
                for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
                    fillCell(windows, row, cell, cells);
                }
            }
        }
        return windows;
    }

    private static void fillRow(Windows windows, int row, Records rows) {
        windows.setStart(row, rows.get(row, 1));
        windows.setStated(row, 0, rows.get(row, 4), rows.get(row, 5));
        windows.setStated(row, 1, rows.get(row, 6), rows.get(row, 7));
        windows.set(row, (int) rows.get(row, 8) & (Windows.CLOSED | Windows.DIRTY));
        for (long folded = rows.get(row, 8) >>> Byte.SIZE; folded > 0; folded--) {
            windows.addFoldedPacket(row);
        }
        windows.setStatedRevision(row, rows.get(row, 9));
    }

    private static void fillCell(Windows windows, int row, int cell, Records cells) {
        long first = TimeUnit.NANOSECONDS.toMicros(cells.get(cell, 3) - windows.start(row));
        long last = TimeUnit.NANOSECONDS.toMicros(cells.get(cell, 4) - windows.start(row));
        windows.fill(cell, cells.get(cell, 1), cells.get(cell, 2), (int) cells.get(cell, 5), first, last);
    }

    /** Sightings of closed windows, and what rows stated of them: beside the canonical one, copies at another host. */
    private static void count(FlowState state) {
        Flows flows = state.flows();
        Windows windows = state.windows();
        for (int flow = 0; flow < flows.limit(); flow++) {
            for (int row = flows.isInUse(flow) ? flows.row(flow) : NONE; row != NONE; row = windows.next(row)) {
                for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
                    int sighting = windows.sighting(cell);
                    windows.raiseTtl(cell, state.sightings().ttl(sighting));
                    if (windows.has(row, Windows.CLOSED)) {
                        state.sightings().count(sighting, windows.ttl(cell));
                    }
                    if (windows.statedRevision(row) > 0) {
                        int direction = state.sightings().isReverse(sighting) ? 1 : 0;
                        boolean isCanonical = flows.canonical(flow, direction) == sighting;
                        windows.setStated(cell, isCanonical ? Disposition.CANONICAL : Disposition.D1);
                    }
                }
            }
        }
    }
}
