package io.parallax.flow;

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
    private final Closing closing;
    private long tooLatePackets;

    /** Of the block that is being folded, per entry: the cell that its packets go to while they are in that window. */
    private int[] entryCell = new int[FIRST_ENTRIES];

    private long[] entryWindow = new long[FIRST_ENTRIES];
    private int[] streamNumbers = new int[0];
    private int[] realmNumbers = new int[0];

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
        this.closing = new Closing(settings, flows, windows, sightings, realms);
    }

    /** When {@link #advance} has something to do, ns; the end of a window; {@code Long.MAX_VALUE}: nothing. */
    public long due() {
        return closing.due();
    }

    /** Packets that came after the allowed lateness, over all the life of the state. They are in no flow. */
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
        closing.passed(time);
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
        if (closing.isGivenUp(start)) {
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

    /** The flow that a packet belongs to: an ended one whose life still reaches to it, else the living one, else a new one. */
    private int flowAt(HeaderBlock block, int entry, long time) {
        int realm = realmNumbers[block.entryInt(entry, HeaderBlock.ENTRY_REALM)];
        int alive = NONE;
        int slot = flows.firstSlot(block.entryLong(entry, HeaderBlock.ENTRY_HASH));
        while ((slot = flows.find(block, entry, realm, slot)) != NONE) {
            int flow = flows.at(slot);
            if (!flows.is(flow, Flows.ENDED)) {
                alive = flow;
            } else if (time <= closing.deadline(flow)) {
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
        closing.touched(flow, row);
        return row;
    }

    /** An ended flow gets a newer row: the one that stated the end so far is to say that it does not. */
    private void takeEndFrom(int flow, int newest) {
        if (newest != NONE && flows.is(flow, Flows.ENDED)) {
            windows.set(newest, Windows.DIRTY);
            flows.addChange(flow);
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
        closing.advance(time, heardUntil, out);
    }

    /** A copy that shares nothing. */
    public FlowTable copy() {
        FlowTable copy = new FlowTable(settings, flows.copy(), windows.copy(), sightings.copy(), realms.copy());
        copy.closing.resume(closing.closedUntil(), closing.due());
        copy.tooLatePackets = tooLatePackets;
        return copy;
    }

    /** Writes the table; {@link #readFrom} makes an equal one of it. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeLong(settings.windowNanos());
        out.writeLong(settings.latenessNanos());
        out.writeLong(closing.closedUntil());
        out.writeLong(closing.due());
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
        table.closing.resume(closedUntil, due);
        table.tooLatePackets = tooLatePackets;
        return table;
    }

    /** What the table was made with. */
    public MeterSettings settings() {
        return settings;
    }
}
