package io.parallax.flow;

import io.parallax.label.Inventory;
import io.parallax.model.Disposition;
import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.model.FlowStep;
import io.parallax.model.HeaderBlock;
import io.parallax.model.IcmpEvidence;
import io.parallax.model.StreamName;
import io.parallax.model.StreamShare;
import io.parallax.vantage.Sightings;
import io.parallax.wire.PacketHeader;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * <p><b>TCP.</b> What TCP does is followed at each observation point by itself, in the order in which its stream saw it: the
 * one thing that is counted as it comes. It depends on no other stream, so the result still does not depend on how streams
 * interleave.
 *
 * <p><b>Limits.</b> Silence within a window is not seen: a 5-tuple that is closed and opened again in one window stays one
 * flow. Beyond the lateness packets are counted as too late and belong to no flow. 256 realms.
 *
 * <p><b>Cost.</b> Per packet one cell and, for TCP, its track and counts are touched; an entry of a block is looked up once
 * per block and window. State per flow with one observation point per direction: 96 + 8 octets of flow and index, 2 x 56 of
 * sightings, 56 of row, 2 x 40 of cells, and for TCP what {@link TcpTracks} and {@link TcpCounts} say. Not thread-safe.
 */
public final class FlowTable {

    private static final int NONE = -1;
    private static final int MOST_REALMS = 256;
    private static final int FIRST_ENTRIES = 64;

    private MeterSettings settings;
    private final FlowState state;
    private final Flows flows;
    private final Windows windows;
    private final Sightings sightings;
    private final TcpTracks tracks;
    private final TcpCounts tcp;
    private final Heritage heritage;
    private final Prefetch prefetch;
    private final IcmpErrors errors;
    private final Closing closing;
    private final Admission admission;
    private final FlowFinder finder;
    private final Ageing ageing;
    private final Attempts attempts;
    private final UncountedShares uncounted = new UncountedShares();
    private long tooLatePackets;
    private long aggregatedPackets;

    /** Of the block that is being folded, per entry: the cell that its packets go to while they are in that window. */
    private int[] entryCell = new int[FIRST_ENTRIES];

    private long[] entryWindow = new long[FIRST_ENTRIES];
    private int[] entryTrack = new int[FIRST_ENTRIES];
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
        this(settings, new FlowState(), new Admission(settings.mostFlows()));
        passed(closedUntil);
    }

    private FlowTable(MeterSettings settings, FlowState state, Admission admission) {
        this.settings = settings;
        this.state = state;
        this.flows = state.flows();
        this.windows = state.windows();
        this.sightings = state.sightings();
        this.tracks = state.tracks();
        this.tcp = state.tcp();
        this.errors = state.errors();
        this.heritage = new Heritage(state);
        this.prefetch = new Prefetch(state);
        this.closing = new Closing(settings, state);
        this.admission = admission;
        this.finder = new FlowFinder(settings, state, heritage, closing, admission);
        this.ageing = new Ageing(state, closing, admission);
        this.attempts = new Attempts(settings.windowNanos(), state);
        sightings.setHosts(settings.sensorHosts());
    }

    /**
     * Goes on with the settings of the job that runs now.
     *
     * @throws IllegalStateException if window or lateness differ from those that the state was written with
     */
    public void configure(MeterSettings current) {
        if (current.equals(settings)) {
            return;
        }
        if (!current.agreesWith(settings)) {
            throw new IllegalStateException(
                    "the state was written with %s, the job is started with %s: use the former, or start without the state"
                            .formatted(settings, current));
        }
        settings = current;
        closing.configure(current);
        finder.configure(current);
        admission.setMostFlows(current.mostFlows());
        sightings.setHosts(current.sensorHosts());
    }

    /** Names the ends of rows by {@code inventory} from now on; to correct rows that were stated takes {@link #relabel}. */
    public void nameBy(Inventory inventory) {
        finder.nameBy(inventory);
        closing.nameBy(inventory);
    }

    /** Emits the rows again, as greater revisions, that the inventory names otherwise than when they were stated. */
    public void relabel(Consumer<FlowRow> out) {
        closing.relabel(out);
    }

    /** Whether something is still to be told of attempts: {@link #tell} is to be called when time has passed. */
    public boolean isUntold() {
        return flows.unsettledCount() > 0;
    }

    /**
     * Tells what became of the attempts that flows are, in no order: each step once, and with the time when it was. To be
     * called ahead of {@link #advance} for what time has passed, and after each for what that brought to light.
     *
     * @param time all streams have passed it, ns
     * @param notBefore the time of {@link #advance}: steps before it could not be known before; ahead of any, {@code
     *     Long.MIN_VALUE}
     */
    public void tell(long time, long notBefore, Consumer<FlowStep> out) {
        attempts.tell(time - 1, notBefore, closing.labels(), out);
    }

    /** When {@link #advance} has something to do, ns; {@code Long.MAX_VALUE}: nothing. */
    public long due() {
        return Math.min(Math.min(closing.due(), ageing.due()), errorsDue());
    }

    private long errorsDue() {
        return errors.size() == 0
                ? Long.MAX_VALUE
                : settings.nextWindowEnd(Math.max(errors.earliest(), closing.closedUntil()) + 1);
    }

    /** Packets that came after the allowed lateness, over all the life of the state. They are in no flow. */
    public long tooLatePackets() {
        return tooLatePackets;
    }

    /** Packets that were counted in an aggregate, in this life of the table: there was no room for their flows. */
    public long aggregatedPackets() {
        return aggregatedPackets;
    }

    /** Flows in the table, ended ones that still take late packets included, and aggregates. */
    public int size() {
        return flows.size();
    }

    /** Nothing is kept: no flow, window or sighting, nor what a late packet might ask of the flows that were forgotten. */
    public boolean isEmpty() {
        return state.isEmpty() && admission.isForgivable(closing.closedUntil() - settings.latenessNanos());
    }

    /**
     * All that was due up to {@code time} has been done: packets of windows that are given up by then are too late, whether
     * or not the table had anything to do meanwhile.
     */
    public void passed(long time) {
        closing.passed(time);
        ageing.passed(time);
    }

    /** Counts the packets of a block. */
    public void fold(HeaderBlock block) {
        prepare(block);
        prefetch.fetch(block);
        long windowNanos = settings.windowNanos();
        int packets = block.packetCount();
        for (int packet = 0; packet < packets; packet++) {
            int entry = block.packetInt(packet, HeaderBlock.PACKET_ENTRY);
            long time = block.packetTime(packet);
            int evidence = block.packetShort(packet, HeaderBlock.PACKET_EVIDENCE);
            if (evidence == HeaderBlock.REPEATED) {
                if (suppress(block, entry, time)) {
                    continue;
                }
            } else if (evidence != 0) {
                takeEvidence(block, entry, time, evidence);
                continue;
            }
            int cell = entryCell[entry];
            if (cell == NONE || time < entryWindow[entry] || time - entryWindow[entry] >= windowNanos) {
                cell = resolve(block, entry, time);
                if (cell == NONE) {
                    continue;
                }
            }
            count(block, packet, entry, cell, TimeUnit.NANOSECONDS.toMicros(time - entryWindow[entry]));
        }
    }

    /** An ICMP error about a packet of a flow, which may not have been read yet. */
    private void takeEvidence(HeaderBlock block, int entry, long time, int evidence) {
        if (IcmpEvidence.ofCode(evidence).isUnreachable() && !closing.isGivenUp(settings.windowStart(time))) {
            errors.add(block, entry, realmOf(block, entry), time);
        }
    }

    /**
     * A further copy of a flooded frame: a packet that was seen, and sent once. False where the windows of the millisecond
     * before hold nothing of its point: the first copy was lost on the way here, and this one is the packet.
     */
    private boolean suppress(HeaderBlock block, int entry, long time) {
        long start = settings.windowStart(time);
        int flow = closing.isGivenUp(start) ? NONE : finder.find(block, entry, realmOf(block, entry), time);
        int row = flow == NONE ? NONE : rowOfFirstCopy(block, entry, flow, time);
        boolean isAggregated = flow == NONE && !closing.isGivenUp(start) && finder.isRefused(time);
        if (row == NONE && !isAggregated) {
            return false;
        }
        if (row != NONE) {
            windows.addRepeatedPacket(row);
            closing.touched(flow, row);
        }
        uncounted.add(streamOf(block, entry), start, Disposition.D3);
        return true;
    }

    private int rowOfFirstCopy(HeaderBlock block, int entry, int flow, long time) {
        int stream = streamNumbers[block.entryInt(entry, HeaderBlock.ENTRY_STREAM)];
        int sighting = sightings.find(flows.sighting(flow), block, entry, stream);
        long earliest = settings.windowStart(time - PacketHeader.REPEATED_WITHIN_NANOS);
        int row = sighting == NONE ? NONE : flows.row(flow);
        while (row != NONE && (windows.start(row) > time || windows.findCell(row, sighting) == NONE)) {
            row = windows.start(row) <= earliest ? NONE : windows.next(row);
        }
        return row == NONE || windows.start(row) < earliest ? NONE : row;
    }

    private void count(HeaderBlock block, int packet, int entry, int cell, long micros) {
        int octets = block.packetInt(packet, HeaderBlock.PACKET_OCTETS_IP);
        int bits = block.packetShort(packet, HeaderBlock.PACKET_CONTROL_BITS);
        int track = entryTrack[entry];
        if (track != NONE && bits != 0) {
            int sequence = block.packetInt(packet, HeaderBlock.PACKET_SEQUENCE);
            int acknowledgment = block.packetInt(packet, HeaderBlock.PACKET_ACKNOWLEDGMENT);
            int payload = Math.max(0, octets - block.packetShort(packet, HeaderBlock.PACKET_OCTETS_HEADER));
            tracks.observe(
                    track,
                    tcp,
                    countsOf(cell, bits),
                    block.packetTime(packet),
                    sequence,
                    acknowledgment,
                    block.packetShort(packet, HeaderBlock.PACKET_WINDOW),
                    payload,
                    bits);
        }
        windows.count(cell, micros, octets, ControlBits.marked(bits));
    }

    private int countsOf(int cell, int bits) {
        int counts = windows.tcpCounts(cell);
        if (counts == NONE) {
            counts = tcp.add(ControlBits.marked(bits));
            windows.setTcpCounts(cell, counts);
        }
        return counts;
    }

    private static StreamName streamOf(HeaderBlock block, int entry) {
        return block.streams().get(block.entryInt(entry, HeaderBlock.ENTRY_STREAM));
    }

    /** Hands over, once, what no row's sightings state: packets that were too late, folded or repeated (D3). */
    public void drainShares(Consumer<StreamShare> out) {
        uncounted.drain(out);
    }

    private void prepare(HeaderBlock block) {
        int entries = block.entryCount();
        if (entryCell.length < entries) {
            entryCell = new int[Math.max(entries, entryCell.length * 2)];
            entryWindow = new long[entryCell.length];
            entryTrack = new int[entryCell.length];
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
            realmNumbers[i] = state.realms().numberOf(names.get(i));
            if (realmNumbers[i] >= MOST_REALMS) {
                throw new IllegalStateException(
                        "realm '%s' is one more than the %d that are allowed".formatted(names.get(i), MOST_REALMS));
            }
        }
    }

    /** The cell for an entry's packet at that time, or NONE when the packet is not counted in one; remembers it. */
    private int resolve(HeaderBlock block, int entry, long time) {
        long start = settings.windowStart(time);
        entryWindow[entry] = start;
        entryCell[entry] = NONE;
        entryTrack[entry] = NONE;
        if (closing.isGivenUp(start)) {
            return tooLate(block, entry, start);
        }
        int realm = realmOf(block, entry);
        int flow = finder.findOrAdd(block, entry, realm, time);
        if (flow != NONE) {
            int cell = cellOf(block, entry, flow, start, streamOf(block, entry));
            entryCell[entry] = finder.isOneFlowIn(start) ? cell : NONE;
            return cell;
        }
        if (admission.isForgotten(time)) {
            return tooLate(block, entry, start);
        }
        aggregatedPackets++;
        int aggregated = finder.aggregateOf(block, entry, realm, time);
        return cellOf(
                finder.aggregate(),
                0,
                aggregated,
                start,
                streamOf(block, entry)); // not remembered: the next packet may find room
    }

    private int tooLate(HeaderBlock block, int entry, long start) {
        tooLatePackets++;
        uncounted.add(streamOf(block, entry), start, Disposition.TOO_LATE);
        return NONE;
    }

    /** The cell of an entry's flow in a window, NONE where its sighting is one too many. */
    private int cellOf(HeaderBlock block, int entry, int flow, long start, StreamName seenBy) {
        int row = rowOf(flow, start);
        int head = flows.sighting(flow);
        int stream = streamNumbers[block.entryInt(entry, HeaderBlock.ENTRY_STREAM)];
        int sighting = sightings.findOrAdd(head, block, entry, stream);
        if (sighting == NONE) {
            windows.addFoldedPacket(row);
            uncounted.add(seenBy, start, Disposition.FOLDED);
            return NONE;
        }
        if (sightings.next(sighting) == head) {
            flows.setSighting(flow, sighting);
        }
        if (flows.isTcp(flow)) {
            entryTrack[entry] = trackOf(block, entry, flow, sighting);
        }
        int cell = windows.cellOf(row, sighting);
        windows.raiseTtl(cell, HeaderBlock.ttl(block.entryLong(entry, HeaderBlock.ENTRY_DESTINATION_MAC)));
        return cell;
    }

    private int trackOf(HeaderBlock block, int entry, int flow, int sighting) {
        int track = sightings.track(sighting);
        if (track != NONE || !FlowKey.isPortsKnown(flows.tuple(flow))) {
            return track;
        }
        int former = finder.findFormer(block, entry, flow, sighting);
        heritage.begin(flow, sighting, former == NONE ? NONE : flows.sighting(former));
        return sightings.track(sighting);
    }

    private int realmOf(HeaderBlock block, int entry) {
        return realmNumbers[block.entryInt(entry, HeaderBlock.ENTRY_REALM)];
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
     * the order of time. A crowded table also forgets what it can.
     *
     * @param time all streams have passed it, ns
     * @param heardUntil what was really heard reaches to there, ns; before {@code time} only when the input has ended:
     *     nothing follows then, and every flow ends with its last window, by force if it would still be waited for
     */
    public void advance(long time, long heardUntil, Consumer<FlowRow> out) {
        long closed = settings.windowStart(time);
        if (errors.earliest() < closed) {
            errors.take(closed, (block, realm, at) -> tellUnreachable(block, realm, at, time));
        }
        closing.advance(time, heardUntil, out);
        ageing.advance(time, out);
    }

    private void tellUnreachable(HeaderBlock block, int realm, long at, long now) {
        int flow = finder.find(block, 0, realm, at);
        if (flow != NONE) {
            closing.tellUnreachable(flow, at, now);
        }
    }

    /** A copy that shares nothing. */
    public FlowTable copy() {
        FlowTable copy = new FlowTable(settings, state.copy(), admission.copy());
        copy.closing.resume(closing.closedUntil(), closing.due());
        copy.ageing.passed(ageing.passedUntil());
        copy.aggregatedPackets = aggregatedPackets;
        copy.tooLatePackets = tooLatePackets;
        return copy;
    }

    /** Writes the table; {@link #readFrom} makes an equal one of it. Shares have to be drained before. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeLong(settings.windowNanos());
        out.writeLong(settings.latenessNanos());
        out.writeLong(closing.closedUntil());
        out.writeLong(closing.due());
        out.writeLong(tooLatePackets);
        admission.writeTo(out);
        state.writeTo(out);
    }

    /** Something that reads what differs between versions of the format. */
    private interface StateReader {
        FlowState read(DataInput in, Admission admission) throws IOException;
    }

    /** Reads a table with the window and lateness it was written with; {@link #configure} sets the rest. */
    public static FlowTable readFrom(DataInput in) throws IOException {
        return read(in, (from, admission) -> {
            admission.readFrom(from);
            return FlowState.readFrom(from);
        });
    }

    /** Reads a table of the format's fourth version: it told of no attempts, and goes on without those that it holds. */
    public static FlowTable readFourthVersion(DataInput in) throws IOException {
        return settled(readFrom(in));
    }

    private static FlowTable settled(FlowTable table) {
        table.flows.settleAll();
        return table;
    }

    /** Reads a table of the format's third version. */
    public static FlowTable readThirdVersion(DataInput in) throws IOException {
        return settled(read(in, (from, admission) -> {
            admission.readFrom(from);
            return FlowState.readThirdVersion(from);
        }));
    }

    /** Reads a table of the format's second version. */
    public static FlowTable readSecondVersion(DataInput in) throws IOException {
        return settled(read(in, (from, admission) -> FlowState.readSecondVersion(from)));
    }

    /** Reads a table of the format's first version. */
    public static FlowTable readFirstVersion(DataInput in) throws IOException {
        return settled(read(in, (from, admission) -> FirstVersion.read(from)));
    }

    private static FlowTable read(DataInput in, StateReader reader) throws IOException {
        MeterSettings settings = new MeterSettings(in.readLong(), in.readLong());
        long closedUntil = in.readLong();
        long due = in.readLong();
        long tooLatePackets = in.readLong();
        Admission admission = new Admission(settings.mostFlows());
        FlowTable table = new FlowTable(settings, reader.read(in, admission), admission);
        table.closing.resume(closedUntil, due);
        table.tooLatePackets = tooLatePackets;
        return table;
    }
}
