package io.parallax.flow;

import io.parallax.model.HeaderBlock;
import io.parallax.model.Records;
import io.parallax.vantage.Sightings;

/**
 * Brings what the packets of a block will touch into the processor's cache, before they are counted one by one.
 *
 * <p><b>Idea.</b> From the index to the TCP counts of a packet is a chain of five records, each of which names the next: with
 * tables beyond the cache, five times the latency of memory, one after the other. Here all entries of a block take their
 * first step, then all their second one. The reads of a step do not depend on each other, so the memory answers them side by
 * side. What a wrong guess brings in (another flow in the slot) costs a read and changes nothing.
 *
 * <p>Guarded by {@code MeterBenchmark}. Allocation-free once it has grown to the largest block. Not thread-safe.
 */
final class Prefetch {

    private static final int NONE = Records.NONE;

    /** Fewer flows lie in the cache anyway. */
    private static final int LEAST_FLOWS = 64;

    private final FlowState state;
    /** Per entry: the flow, then the TCP counts or track that are read next. */
    private int[] targets = new int[0];
    /** Per entry: the newest row, then its cells one after the other. */
    private int[] cells = new int[0];
    /** Per entry: the sightings one after the other. */
    private int[] places = new int[0];

    /** What was read, so that reading it is not for nothing. */
    private long read;

    Prefetch(FlowState state) {
        this.state = state;
    }

    void fetch(HeaderBlock block) {
        int entries = block.entryCount();
        if (state.flows().size() < LEAST_FLOWS) {
            return;
        }
        if (targets.length < entries) {
            targets = new int[entries * 2];
            cells = new int[entries * 2];
            places = new int[entries * 2];
        }
        findFlows(block, entries);
        findLists(entries);
        for (int direction = 0; direction < 2; direction++) {
            follow(entries);
        }
    }

    private void findFlows(HeaderBlock block, int entries) {
        Flows table = state.flows();
        for (int entry = 0; entry < entries; entry++) {
            targets[entry] = table.at(table.firstSlot(block.entryLong(entry, HeaderBlock.ENTRY_HASH)));
        }
    }

    /** From flows to the newest row's cells, and to the sightings. */
    private void findLists(int entries) {
        Flows table = state.flows();
        for (int entry = 0; entry < entries; entry++) {
            int flow = targets[entry];
            cells[entry] = flow == NONE ? NONE : table.row(flow);
            places[entry] = flow == NONE ? NONE : table.sighting(flow);
            read += flow == NONE ? 0 : table.hash(flow);
        }
        Windows windows = state.windows();
        for (int entry = 0; entry < entries; entry++) {
            int row = cells[entry];
            cells[entry] = row == NONE ? NONE : windows.firstCell(row);
            read += row == NONE ? 0 : windows.statedRevision(row);
        }
    }

    /** From the first cell and sighting to what TCP keeps of them, and on to the next ones: most flows have two. */
    private void follow(int entries) {
        Windows windows = state.windows();
        Sightings sightings = state.sightings();
        for (int entry = 0; entry < entries; entry++) {
            int cell = cells[entry];
            if (cell != NONE) {
                targets[entry] = windows.tcpCounts(cell);
                read += windows.ttl(cell);
                cells[entry] = windows.nextCell(cell);
            } else {
                targets[entry] = NONE;
            }
        }
        TcpCounts tcp = state.tcp();
        for (int entry = 0; entry < entries; entry++) {
            read += targets[entry] == NONE ? 0 : tcp.touch(targets[entry]);
        }
        for (int entry = 0; entry < entries; entry++) {
            int place = places[entry];
            targets[entry] = place == NONE ? NONE : sightings.track(place);
            places[entry] = place == NONE ? NONE : sightings.next(place);
        }
        TcpTracks tracks = state.tracks();
        for (int entry = 0; entry < entries; entry++) {
            read += targets[entry] == NONE ? 0 : tracks.touch(targets[entry]);
        }
    }

    /** Tells whether anything was read; the value means nothing. */
    long read() {
        return read;
    }
}
