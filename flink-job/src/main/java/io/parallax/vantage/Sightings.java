package io.parallax.vantage;

import io.parallax.model.FlowRow;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Records;
import io.parallax.model.StreamName;
import io.parallax.wire.MirrorLabels;
import io.parallax.wire.PacketHeader;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Sightings: one direction of a flow at one observation point (OP). Each flow has a linked list of them, at most
 * {@value #MOST_PER_DIRECTION} per direction.
 *
 * <p>An OP is (sensor, interface, mirror session, VLAN stack, overlay id, source MAC, destination MAC). The mirror session
 * is known by its name, {@link MirrorLabels#name}, in which kind and direction stand: the copy made where a frame was sent
 * and the one made where it was delivered are two OPs. The TTL is not part of an OP: the greatest one seen is kept, since
 * it tells how near the sender the OP is.
 *
 * <pre>
 *  word 0  next sighting of the flow (32) | stream (32)
 *       1  source MAC (48) | VLAN tags (8) | 1: sent by b (8)
 *       2  destination MAC (48) | greatest TTL (8) | 0 (8)
 *       3  VLAN stack
 *       4  mirror session number plus one, 0: none (32) | overlay id (32)
 *       5  packets, 6  octets: of windows that are no longer kept
 *       7  packets, 8  octets: sums while a choice is made
 * </pre>
 */
public final class Sightings {

    public static final int MOST_PER_DIRECTION = 8;

    private static final int WIDTH = 9;
    private static final int LINK = 0;
    private static final int SOURCE = 1;
    private static final int DESTINATION = 2;
    private static final int VLANS = 3;
    private static final int OVERLAY = 4;
    private static final int PAST_PACKETS = 5;
    private static final int PAST_OCTETS = 6;
    private static final int SUM_PACKETS = 7;
    private static final int SUM_OCTETS = 8;

    private static final long MAC_MASK = 0xFFFF_FFFF_FFFFL;
    private static final long MAC_AND_VLAN_COUNT_MASK = 0xFF_FFFF_FFFF_FFFFL;
    private static final long IS_REVERSE = 1L << 56;
    private static final int TTL_SHIFT = 48;

    /** Another OP takes over when it leads by more than 1 in this many octets: sticky, so that ties do not flap. */
    private static final long STICKINESS = 100;

    private final Records records;
    private final Names<StreamName> streams;
    private final Names<String> mirrors;

    public Sightings() {
        this(new Records(WIDTH), new Names<>(), new Names<>());
    }

    private Sightings(Records records, Names<StreamName> streams, Names<String> mirrors) {
        this.records = records;
        this.streams = streams;
        this.mirrors = mirrors;
    }

    /** Number of a stream, for {@link #findOrAdd}. */
    public int streamNumber(StreamName stream) {
        return streams.numberOf(stream);
    }

    /**
     * The sighting that an entry of a block belongs to.
     *
     * @param head first sighting of the flow, or {@link Records#NONE}
     * @param stream number of the entry's stream
     * @return the sighting; a new one, not yet linked by the flow, has {@link #next} = {@code head}; {@link Records#NONE}
     *     when the direction has as many as are told apart
     */
    public int findOrAdd(int head, HeaderBlock block, int entry, int stream) {
        long destination = block.entryLong(entry, HeaderBlock.ENTRY_DESTINATION_MAC);
        long source = (block.entryLong(entry, HeaderBlock.ENTRY_SOURCE_MAC) & MAC_AND_VLAN_COUNT_MASK)
                | (destination & IS_REVERSE);
        long vlans = block.entryLong(entry, HeaderBlock.ENTRY_VLANS);
        long overlay = overlayOf(block, entry);
        int sameDirection = 0;
        for (int s = head; s != Records.NONE; s = next(s)) {
            if (isAt(s, stream, source, destination, vlans, overlay)) {
                raiseTtl(s, destination);
                return s;
            }
            sameDirection += isReverse(s) == ((source & IS_REVERSE) != 0) ? 1 : 0;
        }
        if (sameDirection == MOST_PER_DIRECTION) {
            return Records.NONE;
        }
        return add(head, stream, source, destination & ~IS_REVERSE, vlans, overlay);
    }

    private boolean isAt(int sighting, int stream, long source, long destination, long vlans, long overlay) {
        return records.get(sighting, SOURCE) == source
                && ((records.get(sighting, DESTINATION) ^ destination) & MAC_MASK) == 0
                && records.get(sighting, VLANS) == vlans
                && records.get(sighting, OVERLAY) == overlay
                && records.low(sighting, LINK) == stream;
    }

    private int add(int head, int stream, long source, long destination, long vlans, long overlay) {
        int added = records.allocate();
        records.setHigh(added, LINK, head);
        records.setLow(added, LINK, stream);
        records.set(added, SOURCE, source);
        records.set(added, DESTINATION, destination);
        records.set(added, VLANS, vlans);
        records.set(added, OVERLAY, overlay);
        return added;
    }

    private long overlayOf(HeaderBlock block, int entry) {
        long overlayAndSession = block.entryLong(entry, HeaderBlock.ENTRY_OVERLAY);
        long high = block.entryLong(entry, HeaderBlock.ENTRY_MIRROR_HIGH);
        long low = block.entryLong(entry, HeaderBlock.ENTRY_MIRROR_LOW);
        int session = (int) overlayAndSession;
        long overlay = overlayAndSession & 0xFFFF_FFFF_0000_0000L;
        long sourceMac = block.entryLong(entry, HeaderBlock.ENTRY_SOURCE_MAC);
        int kind = HeaderBlock.mirrorKind(sourceMac);
        if ((high | low | session) == 0 && kind == PacketHeader.MIRROR_NONE) {
            return overlay;
        }
        String name = MirrorLabels.name(kind, high, low, session, HeaderBlock.mirrorDirection(sourceMac));
        return overlay | (mirrors.numberOf(name) + 1);
    }

    private void raiseTtl(int sighting, long destination) {
        long ttl = (destination >>> TTL_SHIFT) & 0xFF;
        if (ttl > ttl(sighting)) {
            records.set(sighting, DESTINATION, (destination & MAC_MASK) | (ttl << TTL_SHIFT));
        }
    }

    /**
     * The sighting of another flow at the OP and direction of {@code sighting}.
     *
     * @param head first sighting of the other flow; a sighting that had to be added has it as {@link #next}
     */
    public int findOrAddLike(int head, int sighting) {
        int stream = records.low(sighting, LINK);
        long source = records.get(sighting, SOURCE);
        long destination = records.get(sighting, DESTINATION);
        long vlans = records.get(sighting, VLANS);
        long overlay = records.get(sighting, OVERLAY);
        for (int s = head; s != Records.NONE; s = next(s)) {
            if (isAt(s, stream, source, destination, vlans, overlay)) {
                return s;
            }
        }
        return add(head, stream, source, destination, vlans, overlay);
    }

    public int next(int sighting) {
        return records.high(sighting, LINK);
    }

    /** True when b sent what was seen. */
    public boolean isReverse(int sighting) {
        return (records.get(sighting, SOURCE) & IS_REVERSE) != 0;
    }

    private int ttl(int sighting) {
        return (int) (records.get(sighting, DESTINATION) >>> TTL_SHIFT) & 0xFF;
    }

    /** Moves counts of a window that is given up into the sighting's past. */
    public void addPast(int sighting, long packets, long octets) {
        records.add(sighting, PAST_PACKETS, packets);
        records.add(sighting, PAST_OCTETS, octets);
    }

    /** Whether no direction of a flow was seen at more than one OP. */
    public boolean isOneADirection(int head) {
        int second = head == Records.NONE ? Records.NONE : next(head);
        return second == Records.NONE || (next(second) == Records.NONE && isReverse(head) != isReverse(second));
    }

    /** Begins a choice among the sightings of a flow: sums are what is past; add the windows with {@link #addSum}. */
    public void beginChoice(int head) {
        for (int s = head; s != Records.NONE; s = next(s)) {
            records.set(s, SUM_PACKETS, records.get(s, PAST_PACKETS));
            records.set(s, SUM_OCTETS, records.get(s, PAST_OCTETS));
        }
    }

    public void addSum(int sighting, long packets, long octets) {
        records.add(sighting, SUM_PACKETS, packets);
        records.add(sighting, SUM_OCTETS, octets);
    }

    /**
     * The canonical sighting of one direction: most octets, then most packets, then highest TTL (nearest the sender), then
     * smallest identity. A function of what was seen alone, so that no order of arrival changes it.
     *
     * @param current the one chosen before, which stays unless another leads by more than 1 %; {@link Records#NONE} for the
     *     choice without regard to the past
     */
    public int choose(int head, boolean isReverse, int current) {
        int best = Records.NONE;
        for (int s = head; s != Records.NONE; s = next(s)) {
            boolean isCandidate = isReverse(s) == isReverse && records.get(s, SUM_PACKETS) > 0;
            if (isCandidate && (best == Records.NONE || isBetter(s, best))) {
                best = s;
            }
        }
        if (current != Records.NONE && best != Records.NONE) {
            long held = records.get(current, SUM_OCTETS);
            boolean isAhead = records.get(best, SUM_OCTETS) > held + held / STICKINESS;
            return isAhead ? best : current;
        }
        return best;
    }

    private boolean isBetter(int one, int other) {
        int byOctets = Long.compare(records.get(one, SUM_OCTETS), records.get(other, SUM_OCTETS));
        if (byOctets != 0) {
            return byOctets > 0;
        }
        int byPackets = Long.compare(records.get(one, SUM_PACKETS), records.get(other, SUM_PACKETS));
        if (byPackets != 0) {
            return byPackets > 0;
        }
        return ttl(one) != ttl(other) ? ttl(one) > ttl(other) : identityOrder(one, other) < 0;
    }

    private int identityOrder(int one, int other) {
        int byStream = streams.get(records.low(one, LINK)).compareTo(streams.get(records.low(other, LINK)));
        if (byStream != 0) {
            return byStream;
        }
        int byVlans = Long.compare(records.get(one, VLANS), records.get(other, VLANS));
        if (byVlans != 0) {
            return byVlans;
        }
        int bySource = Long.compare(records.get(one, SOURCE), records.get(other, SOURCE));
        if (bySource != 0) {
            return bySource;
        }
        int byDestination =
                Long.compare(records.get(one, DESTINATION) & MAC_MASK, records.get(other, DESTINATION) & MAC_MASK);
        return byDestination != 0 ? byDestination : mirrorOrder(one, other);
    }

    private int mirrorOrder(int one, int other) {
        int byOverlay = Integer.compare(records.high(one, OVERLAY), records.high(other, OVERLAY));
        return byOverlay != 0 ? byOverlay : mirror(one).compareTo(mirror(other));
    }

    private String mirror(int sighting) {
        int number = records.low(sighting, OVERLAY);
        return number == 0 ? "" : mirrors.get(number - 1);
    }

    /** Writes what identifies the OP into a row's sighting. */
    public void describe(int sighting, FlowRow.Sighting out) {
        StreamName stream = streams.get(records.low(sighting, LINK));
        out.sensorId = stream.sensorId();
        out.interfaceName = stream.interfaceName();
        long source = records.get(sighting, SOURCE);
        out.sourceMac = source & MAC_MASK;
        out.vlanCount = (int) (source >>> TTL_SHIFT) & 0xFF;
        out.destinationMac = records.get(sighting, DESTINATION) & MAC_MASK;
        out.vlanStack = records.get(sighting, VLANS);
        out.overlayId = records.high(sighting, OVERLAY);
        out.mirrorSession = records.low(sighting, OVERLAY) == 0 ? null : mirror(sighting);
        out.ttl = ttl(sighting);
    }

    public void release(int sighting) {
        records.release(sighting);
    }

    /** Sightings of all flows. */
    public int size() {
        return records.live();
    }

    public Sightings copy() {
        return new Sightings(records.copy(), streams.copy(), mirrors.copy());
    }

    public void writeTo(DataOutput out) throws IOException {
        records.writeTo(out);
        out.writeInt(streams.all().size());
        for (StreamName stream : streams.all()) {
            out.writeUTF(stream.sensorId());
            out.writeUTF(stream.interfaceName());
        }
        out.writeInt(mirrors.all().size());
        for (String mirror : mirrors.all()) {
            out.writeUTF(mirror);
        }
    }

    public static Sightings readFrom(DataInput in) throws IOException {
        Records records = Records.readFrom(in, WIDTH);
        Names<StreamName> streams = new Names<>();
        for (int i = in.readInt(); i > 0; i--) {
            streams.numberOf(new StreamName(in.readUTF(), in.readUTF()));
        }
        Names<String> mirrors = new Names<>();
        for (int i = in.readInt(); i > 0; i--) {
            mirrors.numberOf(in.readUTF());
        }
        return new Sightings(records, streams, mirrors);
    }
}
