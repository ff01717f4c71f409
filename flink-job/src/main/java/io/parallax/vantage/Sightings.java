package io.parallax.vantage;

import io.parallax.model.Disposition;
import io.parallax.model.FlowRow;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Records;
import io.parallax.model.StreamName;
import io.parallax.wire.MirrorLabels;
import io.parallax.wire.PacketHeader;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;

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
 *       2  destination MAC (48) | greatest TTL of closed windows (8) | 1: has been in a closed window (8)
 *       3  VLAN stack
 *       4  mirror session number plus one, 0: none (32) | overlay id (32)
 *       5  packets of windows that are no longer kept (32) | TCP track plus one, 0: none (32)
 *       6  their measure: what {@link Choice} compares first
 * </pre>
 */
public final class Sightings {

    public static final int MOST_PER_DIRECTION = 8;

    private static final int WIDTH = 7;
    private static final int FIRST_VERSION_WIDTH = 9;
    private static final int LINK = 0;
    private static final int SOURCE = 1;
    private static final int DESTINATION = 2;
    private static final int VLANS = 3;
    private static final int OVERLAY = 4;
    private static final int PAST_PACKETS = 5;
    private static final int PAST_MEASURE = 6;

    private static final long MAC_MASK = 0xFFFF_FFFF_FFFFL;
    private static final long MAC_AND_VLAN_COUNT_MASK = 0xFF_FFFF_FFFF_FFFFL;
    private static final long IS_REVERSE = 1L << 56;
    private static final int TTL_SHIFT = 48;
    private static final long IS_COUNTED = 1L << 56;
    private static final long GROUP_BIT = 1L << 40;
    private static final long MOST_PAST_PACKETS = Integer.MAX_VALUE;

    private final Records records;
    private final Names<StreamName> streams;
    private final Names<String> mirrors;
    private Map<String, String> hosts = Map.of();

    public Sightings() {
        this(new Records(WIDTH), new Names<>(), new Names<>());
    }

    private Sightings(Records records, Names<StreamName> streams, Names<String> mirrors) {
        this.records = records;
        this.streams = streams;
        this.mirrors = mirrors;
    }

    /** @param hosts host of each sensor that shares one with another; a sensor that is not named has a host of its own */
    public void setHosts(Map<String, String> hosts) {
        this.hosts = hosts;
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
        long source = sourceOf(block, entry);
        long vlans = block.entryLong(entry, HeaderBlock.ENTRY_VLANS);
        long overlay = overlayOf(block, entry);
        int sameDirection = 0;
        for (int s = head; s != Records.NONE; s = next(s)) {
            if (isAt(s, stream, source, destination, vlans, overlay)) {
                return s;
            }
            sameDirection += isReverse(s) == ((source & IS_REVERSE) != 0) ? 1 : 0;
        }
        if (sameDirection == MOST_PER_DIRECTION) {
            return Records.NONE;
        }
        return add(head, stream, source, destination & MAC_MASK, vlans, overlay);
    }

    /** The same without adding one: {@link Records#NONE} where the flow was not seen there, or not told apart. */
    public int find(int head, HeaderBlock block, int entry, int stream) {
        long destination = block.entryLong(entry, HeaderBlock.ENTRY_DESTINATION_MAC);
        long source = sourceOf(block, entry);
        long vlans = block.entryLong(entry, HeaderBlock.ENTRY_VLANS);
        long overlay = overlayOf(block, entry);
        int sighting = head;
        while (sighting != Records.NONE && !isAt(sighting, stream, source, destination, vlans, overlay)) {
            sighting = next(sighting);
        }
        return sighting;
    }

    private static long sourceOf(HeaderBlock block, int entry) {
        return (block.entryLong(entry, HeaderBlock.ENTRY_SOURCE_MAC) & MAC_AND_VLAN_COUNT_MASK)
                | (block.entryLong(entry, HeaderBlock.ENTRY_DESTINATION_MAC) & IS_REVERSE);
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

    /**
     * The sighting of another flow at the OP and direction of {@code sighting}.
     *
     * @param head first sighting of the other flow; a sighting that had to be added has it as {@link #next}
     */
    public int findOrAddLike(int head, int sighting) {
        int known = findLike(head, sighting);
        return known != Records.NONE
                ? known
                : add(
                        head,
                        records.low(sighting, LINK),
                        records.get(sighting, SOURCE),
                        records.get(sighting, DESTINATION) & MAC_MASK,
                        records.get(sighting, VLANS),
                        records.get(sighting, OVERLAY));
    }

    /** The same, or {@link Records#NONE} where the other flow was not seen there. */
    public int findLike(int head, int sighting) {
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
        return Records.NONE;
    }

    public int next(int sighting) {
        return records.high(sighting, LINK);
    }

    /** True when b sent what was seen. */
    public boolean isReverse(int sighting) {
        return (records.get(sighting, SOURCE) & IS_REVERSE) != 0;
    }

    /** Greatest TTL in closed windows. */
    public int ttl(int sighting) {
        return (int) (records.get(sighting, DESTINATION) >>> TTL_SHIFT) & 0xFF;
    }

    /** A window in which the sighting has packets has closed. */
    public void count(int sighting, int ttl) {
        long destination = records.get(sighting, DESTINATION);
        long greatest = Math.max(ttl(sighting), ttl);
        records.set(sighting, DESTINATION, (destination & MAC_MASK) | IS_COUNTED | (greatest << TTL_SHIFT));
    }

    /** Whether it was seen in a closed window: what later windows hold may depend on who was read first. */
    public boolean isCounted(int sighting) {
        return (records.get(sighting, DESTINATION) & IS_COUNTED) != 0;
    }

    /** Number of the sighting's TCP track, or {@link Records#NONE}. */
    public int track(int sighting) {
        return records.low(sighting, PAST_PACKETS) - 1;
    }

    public void setTrack(int sighting, int track) {
        records.setLow(sighting, PAST_PACKETS, track + 1);
    }

    /** The opposite direction at the same place: same stream, tags and session, MAC addresses swapped; or NONE. */
    public int peer(int head, int sighting) {
        long source = records.get(sighting, SOURCE);
        long destination = records.get(sighting, DESTINATION);
        for (int s = head; s != Records.NONE; s = next(s)) {
            if (isReverse(s) != isReverse(sighting)
                    && records.low(s, LINK) == records.low(sighting, LINK)
                    && ((records.get(s, SOURCE) ^ destination) & MAC_MASK) == 0
                    && ((records.get(s, DESTINATION) ^ source) & MAC_MASK) == 0
                    && records.get(s, VLANS) == records.get(sighting, VLANS)
                    && records.high(s, OVERLAY) == records.high(sighting, OVERLAY)
                    && isSameSession(s, sighting)) {
                return s;
            }
        }
        return Records.NONE;
    }

    private boolean isSameSession(int one, int other) {
        return records.low(one, OVERLAY) == records.low(other, OVERLAY)
                || MirrorLabels.withoutDirection(mirror(one)).equals(MirrorLabels.withoutDirection(mirror(other)));
    }

    /** Moves counts of a window that is given up into the sighting's past. */
    public void addPast(int sighting, long packets, long measure) {
        long sum = Math.min(pastPackets(sighting) + packets, MOST_PAST_PACKETS);
        records.setHigh(sighting, PAST_PACKETS, (int) sum);
        records.add(sighting, PAST_MEASURE, measure);
    }

    /** Packets of windows that are no longer kept, up to {@code Integer.MAX_VALUE}. */
    public long pastPackets(int sighting) {
        return records.high(sighting, PAST_PACKETS);
    }

    long pastMeasure(int sighting) {
        return records.get(sighting, PAST_MEASURE);
    }

    /** Whether no direction of a flow was seen at more than one OP. */
    public boolean isOneADirection(int head) {
        int second = head == Records.NONE ? Records.NONE : next(head);
        return second == Records.NONE || (next(second) == Records.NONE && isReverse(head) != isReverse(second));
    }

    /** What the packets at {@code other} are while those at {@code canonical} count. */
    public Disposition disposition(int canonical, int other) {
        if (canonical == other) {
            return Disposition.CANONICAL;
        }
        if (records.high(canonical, OVERLAY) != records.high(other, OVERLAY)) {
            return Disposition.D5;
        }
        if (isMirrored(canonical) || isMirrored(other)) {
            return Disposition.D4;
        }
        if (!host(canonical).equals(host(other))) {
            return Disposition.D1;
        }
        if (!isSameFrame(canonical, other)) {
            return Disposition.D2;
        }
        return stream(canonical).sensorId().equals(stream(other).sensorId()) ? Disposition.D9 : Disposition.D6;
    }

    private boolean isSameFrame(int one, int other) {
        return records.get(one, SOURCE) == records.get(other, SOURCE)
                && records.get(one, VLANS) == records.get(other, VLANS)
                && hasSameDestination(one, other);
    }

    private boolean hasSameDestination(int one, int other) {
        return ((records.get(one, DESTINATION) ^ records.get(other, DESTINATION)) & MAC_MASK) == 0;
    }

    private boolean hasSameSource(int one, int other) {
        return ((records.get(one, SOURCE) ^ records.get(other, SOURCE)) & MAC_MASK) == 0;
    }

    /**
     * One place where an end, or the router next to it, had another MAC address at another time: an address was handed over,
     * a router or a link took over. What was seen there are no copies. Who forwards a frame changes the source MAC address to
     * its own and the destination's to the next one's, or takes from the TTL; here one address stayed, and nobody did.
     */
    public boolean isContinuation(int one, int other) {
        return isReverse(one) == isReverse(other)
                && records.low(one, LINK) == records.low(other, LINK)
                && records.get(one, VLANS) == records.get(other, VLANS)
                && vlanCount(one) == vlanCount(other)
                && records.get(one, OVERLAY) == records.get(other, OVERLAY)
                && hasSameSource(one, other) != hasSameDestination(one, other)
                && (ttl(one) == ttl(other) || areBothUnforwarded(one, other));
    }

    private boolean areBothUnforwarded(int one, int other) {
        return LocalityRule.isInitialTtl(ttl(one)) && LocalityRule.isInitialTtl(ttl(other));
    }

    /** Other MAC addresses and another TTL in one direction: a router was in between. */
    boolean isRoutedBetween(int one, int other) {
        return isReverse(one) == isReverse(other)
                && ttl(one) != ttl(other)
                && !areBothUnforwarded(one, other)
                && !(hasSameSource(one, other) && hasSameDestination(one, other));
    }

    boolean isMirrored(int sighting) {
        return records.low(sighting, OVERLAY) != 0;
    }

    /** Sent to a broadcast or multicast address (IEEE 802, the group bit). */
    boolean isToGroup(int sighting) {
        return (records.get(sighting, DESTINATION) & GROUP_BIT) != 0;
    }

    /** The host that a sighting was made on: the sensor's, or where its mirror session comes from. */
    String host(int sighting) {
        if (isMirrored(sighting)) {
            return MirrorLabels.source(mirror(sighting));
        }
        String sensor = stream(sighting).sensorId();
        return hosts.getOrDefault(sensor, sensor);
    }

    private StreamName stream(int sighting) {
        return streams.get(records.low(sighting, LINK));
    }

    /** By what an OP is, so that no order of arrival shows. */
    int identityOrder(int one, int other) {
        int byStream = stream(one).compareTo(stream(other));
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

    private int vlanCount(int sighting) {
        return (int) (records.get(sighting, SOURCE) >>> TTL_SHIFT) & 0xFF;
    }

    /** Writes what identifies the OP into a row's sighting. */
    public void describe(int sighting, FlowRow.Sighting out) {
        StreamName stream = stream(sighting);
        out.sensorId = stream.sensorId();
        out.interfaceName = stream.interfaceName();
        out.sourceMac = sourceMac(sighting);
        out.vlanCount = vlanCount(sighting);
        out.destinationMac = destinationMac(sighting);
        out.vlanStack = records.get(sighting, VLANS);
        out.overlayId = records.high(sighting, OVERLAY);
        out.mirrorSession = records.low(sighting, OVERLAY) == 0 ? null : mirror(sighting);
        out.ttl = ttl(sighting);
    }

    public long sourceMac(int sighting) {
        return records.get(sighting, SOURCE) & MAC_MASK;
    }

    public long destinationMac(int sighting) {
        return records.get(sighting, DESTINATION) & MAC_MASK;
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
        return readNames(in, Records.readFrom(in, WIDTH));
    }

    /**
     * Reads the first version, in which words 5 and 6 were packets and octets of the past, and 7 and 8 a scratch pad.
     */
    public static Sightings readFirstVersion(DataInput in) throws IOException {
        Records former = Records.readFrom(in, FIRST_VERSION_WIDTH);
        Records records = former.withWidth(WIDTH);
        for (int sighting = 0; sighting < former.limit(); sighting++) {
            for (int field = SOURCE; field <= OVERLAY; field++) {
                records.set(sighting, field, former.get(sighting, field));
            }
            long packets = Math.min(former.get(sighting, PAST_PACKETS), MOST_PAST_PACKETS);
            records.setHigh(sighting, PAST_PACKETS, (int) packets);
            records.set(sighting, PAST_MEASURE, former.get(sighting, PAST_MEASURE));
        }
        return readNames(in, records);
    }

    private static Sightings readNames(DataInput in, Records records) throws IOException {
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
