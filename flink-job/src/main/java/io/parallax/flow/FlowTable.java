package io.parallax.flow;

import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.model.HeaderBlock;
import io.parallax.model.StreamName;
import io.parallax.vantage.Names;
import io.parallax.vantage.Sightings;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Meters the flows of one bucket.
 *
 * <p><b>Idea.</b> {@link #fold} only counts: a packet goes into the cell of (flow, window, sighting), whatever the order in
 * which streams arrive. All decisions wait for {@link #advance}: when every stream has passed the end of a window, its rows
 * are complete, and only then flows are told apart by silence, an initiator is named, a canonical observation point is
 * chosen and rows are emitted. So the result is a function of the packets and not of their order of arrival.
 *
 * <p><b>Revisions.</b> Closed rows are kept until their window is older than the allowed lateness. A late packet, a change of
 * the canonical observation point, or the end of the flow emits the row again, cumulative, with a greater revision.
 *
 * <p><b>Limits.</b> Silence within a window is not seen: a 5-tuple that is closed and opened again in one window stays one
 * flow. Beyond the lateness packets are counted as too late and belong to no flow. 256 realms.
 *
 * <p><b>Cost.</b> Per packet one cell is touched; an entry of a block is looked up once per block and window. State per flow
 * with one observation point per direction: 96 + 8 octets of flow and index, 2 x 72 of sightings, 80 of row, 2 x 48 of
 * cells: 424. Not thread-safe.
 */
public final class FlowTable {

    private static final int NONE = -1;
    private static final int MOST_REALMS = 256;
    private static final int FIRST_ENTRIES = 64;

    private final MeterSettings settings;
    private final Flows flows;
    private final Windows windows;
    private final Sightings sightings;
    private final Names<String> realms;
    private long closedUntil = Long.MIN_VALUE;
    private long due = Long.MAX_VALUE;
    private long tooLatePackets;

    /** Of the block that is being folded, per entry: the cell that its packets go to while they are in that window. */
    private int[] entryCell = new int[FIRST_ENTRIES];

    private long[] entryWindow = new long[FIRST_ENTRIES];
    private int[] streamNumbers = new int[0];
    private int[] realmNumbers = new int[0];
    private final RowWriter writer;

    public FlowTable(MeterSettings settings) {
        this(settings, Long.MIN_VALUE);
    }

    /**
     * An empty table in the midst of a stream.
     *
     * @param closedUntil windows up to there have been closed, ns
     */
    public FlowTable(MeterSettings settings, long closedUntil) {
        this(settings, new Flows(), new Windows(), new Sightings(), new Names<>());
        passed(closedUntil);
    }

    private FlowTable(MeterSettings settings, Flows flows, Windows windows, Sightings sightings, Names<String> realms) {
        this.settings = settings;
        this.flows = flows;
        this.windows = windows;
        this.sightings = sightings;
        this.realms = realms;
        this.writer = new RowWriter(flows, windows, sightings, realms);
    }

    /** When {@link #advance} has something to do, ns; the end of a window; {@code Long.MAX_VALUE}: nothing. */
    public long due() {
        return due;
    }

    /** Packets that came after the allowed lateness, since this object was made. They are in no flow. */
    public long tooLatePackets() {
        return tooLatePackets;
    }

    /** Flows in the table, ended ones that still take late packets included. */
    public int size() {
        return flows.size();
    }

    /** Nothing is kept: no flow, window or sighting. */
    public boolean isEmpty() {
        return flows.size() == 0 && windows.size() == 0 && sightings.size() == 0;
    }

    /**
     * All that was due up to {@code time} has been done: packets of windows that are given up by then are too late, whether
     * or not the table had anything to do meanwhile.
     */
    public void passed(long time) {
        if (time > closedUntil) {
            closedUntil = Math.max(closedUntil, settings.windowStart(time));
        }
    }

    /** Counts the packets of a block. */
    public void fold(HeaderBlock block) {
        prepare(block);
        long windowNanos = settings.windowNanos();
        int packets = block.packetCount();
        for (int packet = 0; packet < packets; packet++) {
            int entry = block.packetInt(packet, HeaderBlock.PACKET_ENTRY);
            long time = block.packetTime(packet);
            int cell = entryCell[entry];
            if (cell == NONE || time < entryWindow[entry] || time - entryWindow[entry] >= windowNanos) {
                cell = resolve(block, entry, time);
                if (cell == NONE) {
                    continue;
                }
            }
            windows.count(
                    cell,
                    time,
                    block.packetInt(packet, HeaderBlock.PACKET_OCTETS_IP),
                    ControlBits.marked(block.packetShort(packet, HeaderBlock.PACKET_CONTROL_BITS)));
        }
    }

    private void prepare(HeaderBlock block) {
        int entries = block.entryCount();
        if (entryCell.length < entries) {
            entryCell = new int[Math.max(entries, entryCell.length * 2)];
            entryWindow = new long[entryCell.length];
        }
        Arrays.fill(entryCell, 0, entries, NONE);
        List<StreamName> streams = block.streams();
        if (streamNumbers.length < streams.size()) {
            streamNumbers = new int[streams.size()];
        }
        for (int i = 0; i < streams.size(); i++) {
            streamNumbers[i] = sightings.streamNumber(streams.get(i));
        }
        prepareRealms(block.realms());
    }

    private void prepareRealms(List<String> names) {
        if (realmNumbers.length < names.size()) {
            realmNumbers = new int[names.size()];
        }
        for (int i = 0; i < names.size(); i++) {
            realmNumbers[i] = realms.numberOf(names.get(i));
            if (realmNumbers[i] >= MOST_REALMS) {
                throw new IllegalStateException(
                        "realm '%s' is one more than the %d that are allowed".formatted(names.get(i), MOST_REALMS));
            }
        }
    }

    /** The cell for an entry's packet at that time, or NONE when the packet is not counted in one; remembers it. */
    private int resolve(HeaderBlock block, int entry, long time) {
        long start = settings.windowStart(time);
        if (isGivenUp(start)) {
            tooLatePackets++;
            return NONE;
        }
        int flow = flowAt(block, entry, time);
        int row = rowOf(flow, start);
        int head = flows.sighting(flow);
        int stream = streamNumbers[block.entryInt(entry, HeaderBlock.ENTRY_STREAM)];
        int sighting = sightings.findOrAdd(head, block, entry, stream);
        if (sighting == NONE) {
            windows.addFoldedPacket(row);
            return NONE;
        }
        if (sightings.next(sighting) == head) {
            flows.setSighting(flow, sighting);
        }
        entryCell[entry] = windows.cellOf(row, sighting);
        entryWindow[entry] = start;
        return entryCell[entry];
    }

    private boolean isGivenUp(long windowStart) {
        return closedUntil != Long.MIN_VALUE
                && windowStart + settings.windowNanos() + settings.latenessNanos() <= closedUntil;
    }

    /** The flow that a packet belongs to: an ended one whose life still reaches to it, else the living one, else a new one. */
    private int flowAt(HeaderBlock block, int entry, long time) {
        int realm = realmNumbers[block.entryInt(entry, HeaderBlock.ENTRY_REALM)];
        int alive = NONE;
        int slot = flows.firstSlot(block.entryLong(entry, HeaderBlock.ENTRY_HASH));
        while ((slot = flows.find(block, entry, realm, slot)) != NONE) {
            int flow = flows.at(slot);
            if (!flows.is(flow, Flows.ENDED)) {
                alive = flow;
            } else if (time <= deadline(flow)) {
                return flow;
            }
            slot++;
        }
        return alive == NONE ? flows.add(block, entry, realm) : alive;
    }

    private int rowOf(int flow, long start) {
        int before = NONE;
        int row = flows.row(flow);
        while (row != NONE && windows.start(row) > start) {
            before = row;
            row = windows.next(row);
        }
        if (row == NONE || windows.start(row) != start) {
            int added = windows.addRow(start, row);
            if (before == NONE) {
                takeEndFrom(flow, row);
                flows.setRow(flow, added);
            } else {
                windows.setNext(before, added);
            }
            row = added;
        }
        if (isPast(row)) {
            windows.set(row, Windows.DIRTY);
            isDue(flow, closedUntil + settings.windowNanos());
        } else {
            isDue(flow, end(row));
        }
        return row;
    }

    /** An ended flow gets a newer row: the one that stated the end so far is to say that it does not. */
    private void takeEndFrom(int flow, int newest) {
        if (newest != NONE && flows.is(flow, Flows.ENDED)) {
            windows.set(newest, Windows.DIRTY);
            flows.addChange(flow);
        }
    }

    private long end(int row) {
        return windows.start(row) + settings.windowNanos();
    }

    private boolean isPast(int row) {
        return end(row) <= closedUntil;
    }

    private void isDue(int flow, long time) {
        long at = settings.nextWindowEnd(time);
        if (at < flows.due(flow)) {
            flows.setDue(flow, at);
            due = Math.min(due, at);
        }
    }

    /**
     * Closes every window that ends at or before {@code time} and emits the rows that are new or changed, each flow's in
     * the order of time.
     *
     * @param time all streams have passed it, ns
     * @param heardUntil what was really heard reaches to there, ns; before {@code time} only when the input has ended:
     *     nothing follows then, and every flow ends with its last window, by force if it would still be waited for
     */
    public void advance(long time, long heardUntil, Consumer<FlowRow> out) {
        closedUntil = Math.max(closedUntil, time);
        due = Long.MAX_VALUE;
        for (int flow = 0; flow < flows.limit(); flow++) {
            if (!flows.isInUse(flow)) {
                continue;
            }
            if (flows.due(flow) <= time) {
                step(flow, time, heardUntil, out);
            } else {
                due = Math.min(due, flows.due(flow));
            }
        }
    }

    private void step(int flow, long time, long heardUntil, Consumer<FlowRow> out) {
        closeLateRows(flow);
        int successor = NONE;
        while (!flows.is(flow, Flows.ENDED)) {
            int open = oldestOpenRow(flow);
            if (hasFallenSilent(flow, open, time) || (open == NONE && heardUntil < time)) {
                successor = end(flow, open, heardUntil);
            } else if (open != NONE && isPast(open)) {
                close(flow, open);
            } else {
                break;
            }
        }
        chooseCanonical(flow);
        emit(flow, out);
        giveUpRows(flow, time);
        schedule(flow, time);
        if (successor != NONE) {
            step(successor, time, heardUntil, out);
        }
    }

    private int oldestOpenRow(int flow) {
        int open = NONE;
        for (int row = flows.row(flow); row != NONE && !windows.has(row, Windows.CLOSED); row = windows.next(row)) {
            open = row;
        }
        return open;
    }

    /**
     * The idle timeout ran out before {@code time}, and no packet in a window that is still open fell into it. A packet at
     * {@code time} itself may still come.
     */
    private boolean hasFallenSilent(int flow, int open, long time) {
        if (!flows.is(flow, Flows.BEGUN) || deadline(flow) >= time) {
            return false;
        }
        if (open == NONE) {
            return true;
        }
        windows.gatherTimes(open);
        return windows.first(open) > deadline(flow);
    }

    private long deadline(int flow) {
        return flows.last(flow)
                + Lifetime.timeoutNanos(flows.tuple(flow), flows.controlBits(flow, 0), flows.controlBits(flow, 1));
    }

    /**
     * Closes a row and has it stated. What came late to an ended flow does not prolong it, or it would take packets of
     * windows in that are still open, and nobody would close those.
     */
    private void close(int flow, int row) {
        windows.gatherTimes(row);
        windows.set(row, Windows.CLOSED | Windows.DIRTY);
        if (flows.is(flow, Flows.ENDED)) {
            return;
        }
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            int direction = sightings.isReverse(windows.sighting(cell)) ? 1 : 0;
            flows.addControlBits(flow, direction, windows.controlBits(cell));
        }
        flows.widen(flow, windows.first(row), windows.last(row));
        flows.become(flow, Flows.BEGUN);
    }

    /** Late packets may have added to rows, or rows to a flow that has ended. */
    private void closeLateRows(int flow) {
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            if (windows.has(row, Windows.DIRTY) && isPast(row)) {
                close(flow, row);
            }
        }
    }

    /** Ends a flow; rows after its end become those of a new flow, which is returned. */
    private int end(int flow, int open, long heardUntil) {
        flows.become(flow, Flows.ENDED);
        int successor = NONE;
        int newest = flows.row(flow);
        if (open != NONE) {
            successor = flows.addLike(flow);
            flows.setRow(successor, newest);
            newest = windows.next(open);
            windows.setNext(open, NONE);
            flows.setRow(flow, newest);
            adoptSightings(successor);
        }
        flows.setEndReason(flow, endReason(flow, heardUntil));
        windows.set(newest, Windows.DIRTY);
        return successor;
    }

    private int endReason(int flow, long heardUntil) {
        if (FlowKey.isTcp(flows.tuple(flow))
                && Lifetime.isClosed(flows.controlBits(flow, 0), flows.controlBits(flow, 1))) {
            return Lifetime.END_DETECTED;
        }
        return deadline(flow) <= heardUntil ? Lifetime.IDLE_TIMEOUT : Lifetime.FORCED_END;
    }

    /** Gives a flow sightings of its own for the cells that it took over. */
    private void adoptSightings(int flow) {
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
                int own = sightings.findOrAddLike(flows.sighting(flow), windows.sighting(cell));
                if (sightings.next(own) == flows.sighting(flow)) {
                    flows.setSighting(flow, own);
                }
                windows.setSighting(cell, own);
            }
        }
    }

    /** Chooses anew by everything closed so far; while the flow lives, only a clear lead changes the choice. */
    private void chooseCanonical(int flow) {
        int head = flows.sighting(flow);
        if (sightings.isOneADirection(head)) {
            chooseOnly(flow, head);
            return;
        }
        sightings.beginChoice(head);
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            for (int cell = windows.firstCell(row);
                    cell != NONE && windows.has(row, Windows.CLOSED);
                    cell = windows.nextCell(cell)) {
                sightings.addSum(windows.sighting(cell), windows.packets(cell), windows.octets(cell));
            }
        }
        for (int direction = 0; direction < 2; direction++) {
            int before = flows.canonical(flow, direction);
            int held = flows.is(flow, Flows.ENDED) ? NONE : before;
            int chosen = sightings.choose(head, direction == 1, held);
            if (chosen != before) {
                flows.setCanonical(flow, direction, chosen);
                if (before != NONE) {
                    changedChoice(flow);
                }
            }
        }
    }

    /** Most flows are seen at one place: nothing is to be compared. */
    private void chooseOnly(int flow, int head) {
        for (int sighting = head; sighting != NONE; sighting = sightings.next(sighting)) {
            flows.setCanonical(flow, sightings.isReverse(sighting) ? 1 : 0, sighting);
        }
    }

    private void changedChoice(int flow) {
        flows.addChange(flow);
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            if (windows.has(row, Windows.CLOSED)) {
                windows.set(row, Windows.DIRTY);
            }
        }
    }

    /** Oldest first: the first row that is emitted opens the flow. */
    private void emit(int flow, Consumer<FlowRow> out) {
        for (int row = oldestDirtyRow(flow); row != NONE; row = oldestDirtyRow(flow)) {
            windows.unset(row, Windows.DIRTY);
            out.accept(writer.write(flow, row));
        }
    }

    private int oldestDirtyRow(int flow) {
        int oldest = NONE;
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            if (windows.has(row, Windows.DIRTY)) {
                oldest = row;
            }
        }
        return oldest;
    }

    /** Gives up closed rows past the lateness; the newest stays while the flow lives, since its end is stated there. */
    private void giveUpRows(int flow, long time) {
        int before = NONE;
        boolean isNewestClosed = true;
        for (int row = flows.row(flow); row != NONE; ) {
            int next = windows.next(row);
            boolean isClosed = windows.has(row, Windows.CLOSED);
            boolean isNeeded = isClosed && isNewestClosed && !flows.is(flow, Flows.ENDED);
            isNewestClosed &= !isClosed;
            if (isClosed && !isNeeded && end(row) + settings.latenessNanos() <= time) {
                unlink(flow, before, row, next);
            } else {
                before = row;
            }
            row = next;
        }
        if (flows.row(flow) == NONE) {
            releaseFlow(flow);
        }
    }

    private void unlink(int flow, int before, int row, int next) {
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            sightings.addPast(windows.sighting(cell), windows.packets(cell), windows.octets(cell));
        }
        if (before == NONE) {
            flows.setRow(flow, next);
        } else {
            windows.setNext(before, next);
        }
        windows.releaseRow(row);
    }

    private void releaseFlow(int flow) {
        for (int sighting = flows.sighting(flow); sighting != NONE; ) {
            int next = sightings.next(sighting);
            sightings.release(sighting);
            sighting = next;
        }
        flows.remove(flow);
    }

    private void schedule(int flow, long time) {
        if (!flows.isInUse(flow)) {
            return;
        }
        flows.setDue(flow, Long.MAX_VALUE);
        boolean isEnded = flows.is(flow, Flows.ENDED);
        boolean isNewestClosed = true;
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            boolean isClosed = windows.has(row, Windows.CLOSED);
            if (!isClosed) {
                isDue(flow, end(row));
            } else if (isEnded || !isNewestClosed) {
                isDue(flow, end(row) + settings.latenessNanos());
            }
            isNewestClosed &= !isClosed;
        }
        if (!isEnded && flows.is(flow, Flows.BEGUN) && deadline(flow) >= time) {
            isDue(flow, deadline(flow) + 1);
        }
    }

    /** A copy that shares nothing. */
    public FlowTable copy() {
        FlowTable copy = new FlowTable(settings, flows.copy(), windows.copy(), sightings.copy(), realms.copy());
        copy.closedUntil = closedUntil;
        copy.due = due;
        copy.tooLatePackets = tooLatePackets;
        return copy;
    }

    /** Writes the table; {@link #readFrom} makes an equal one of it. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeLong(settings.windowNanos());
        out.writeLong(settings.latenessNanos());
        out.writeLong(closedUntil);
        out.writeLong(due);
        out.writeLong(tooLatePackets);
        flows.writeTo(out);
        windows.writeTo(out);
        sightings.writeTo(out);
        out.writeInt(realms.all().size());
        for (String realm : realms.all()) {
            out.writeUTF(realm);
        }
    }

    /** Reads a table with the settings it was written with. */
    public static FlowTable readFrom(DataInput in) throws IOException {
        MeterSettings settings = new MeterSettings(in.readLong(), in.readLong());
        long closedUntil = in.readLong();
        long due = in.readLong();
        long tooLatePackets = in.readLong();
        Flows flows = Flows.readFrom(in);
        Windows windows = Windows.readFrom(in);
        Sightings sightings = Sightings.readFrom(in);
        Names<String> realms = new Names<>();
        for (int i = in.readInt(); i > 0; i--) {
            realms.numberOf(in.readUTF());
        }
        FlowTable table = new FlowTable(settings, flows, windows, sightings, realms);
        table.closedUntil = closedUntil;
        table.due = due;
        table.tooLatePackets = tooLatePackets;
        return table;
    }

    /** What the table was made with. */
    public MeterSettings settings() {
        return settings;
    }
}
