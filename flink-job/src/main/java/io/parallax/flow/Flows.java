package io.parallax.flow;

import io.parallax.model.FlowKey;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Locality;
import io.parallax.model.Records;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The flows of one bucket, found by realm and 5-tuple. A 5-tuple may have several: one that lives, and ended ones that are
 * kept for late packets.
 *
 * <pre>
 *  flow   0  hash of realm and 5-tuple
 *         1  address a (128)      3  address b (128)
 *         5  5-tuple's numbers: FlowKey.tuple
 *         6  first packet, ns; stays in its window once the flow was stated
 *         7  last packet of its closed windows, ns
 *         8  newest row (32) | first sighting (32)
 *         9  canonical sighting from a (32) | from b (32)
 *        10  control bits from a (16) | from b (16) | stage (2) | changes (7) | realm (8) | locality (3)
 *            | end reason (3) | initiator (3) | state (6)
 *        11  when something is due, ns
 * </pre>
 *
 * <p>The index is open addressing with linear probing, at most two thirds full, and shifts back on removal, so that it
 * knows no tombstones. It is not part of the state: reading rebuilds it, as it does the list of flows of which something is
 * still to be told ({@link Attempts}).
 */
final class Flows {

    static final int NONE = Records.NONE;

    /** The flow's first row was emitted: identity and initiator are fixed. */
    static final int IDENTIFIED = 1;

    static final int INITIATOR_IS_A = 1 << 1;
    static final int ENDED = 1 << 2;
    /** At least one window of it has closed. */
    static final int BEGUN = 1 << 3;
    /** An ICMP error said that its packets do not arrive. */
    static final int UNREACHABLE = 1 << 4;
    /** It was forgotten before its first window closed. */
    static final int BRIEF = 1 << 5;

    /** Stages of an attempt: nothing is left to tell of it; nothing was told so far; it was opened; it was answered. */
    static final int SETTLED = 0;

    static final int UNTOLD = 1;
    static final int OPENED = 2;
    static final int ANSWERED = 3;

    private static final int WIDTH = 12;
    private static final int HASH = 0;
    private static final int A_HIGH = 1;
    private static final int A_LOW = 2;
    private static final int B_HIGH = 3;
    private static final int B_LOW = 4;
    private static final int TUPLE = 5;
    private static final int START = 6;
    private static final int LAST = 7;
    private static final int LISTS = 8;
    private static final int CANONICAL = 9;
    private static final int FACTS = 10;
    private static final int DUE = 11;

    private static final int STATE_MASK = 0x3F;
    private static final int CODE_MASK = 0x7;
    private static final int EVIDENCE_SHIFT = 6;
    private static final int END_REASON_SHIFT = 9;
    private static final int LOCALITY_SHIFT = 12;
    private static final int REALM_SHIFT = 15;
    private static final int CHANGES_SHIFT = 23;
    private static final int MOST_CHANGES = 0x7F;
    private static final int FOURTH_VERSION_CHANGES = 0x1FF;
    private static final int STAGE_SHIFT = 30;
    private static final int STAGE_MASK = 0x3;
    private static final int BITS_SHIFT = 32;
    private static final int FIRST_SLOTS = 32;

    private final Records records;

    /** Of the few flows that began since an address was handed over: when that was, ns. */
    private final SortedMap<Integer, Long> handovers;

    private int[] slots;

    /** Flows that are not settled, in the order in which they came; may name some that have gone since. */
    private int[] unsettled = new int[FIRST_SLOTS];

    private int unsettledCount;

    Flows() {
        this(new Records(WIDTH), new TreeMap<>(), new int[FIRST_SLOTS]);
    }

    private Flows(Records records, SortedMap<Integer, Long> handovers, int[] slots) {
        this.records = records;
        this.handovers = handovers;
        this.slots = slots;
    }

    int limit() {
        return records.limit();
    }

    int size() {
        return records.live();
    }

    /**
     * The next flow with the 5-tuple of a block's entry.
     *
     * @param slot where to look: {@link #firstSlot}, or the slot after the flow found before
     * @return its slot, or {@link #NONE}
     */
    int find(HeaderBlock block, int entry, int realm, int slot) {
        int mask = slots.length - 1;
        long hash = block.entryLong(entry, HeaderBlock.ENTRY_HASH);
        for (int i = slot & mask; slots[i] != 0; i = (i + 1) & mask) {
            int flow = slots[i] - 1;
            if (records.get(flow, HASH) == hash && isOf(flow, block, entry, realm)) {
                return i;
            }
        }
        return NONE;
    }

    int firstSlot(long hash) {
        return (int) hash & (slots.length - 1);
    }

    int at(int slot) {
        return slots[slot] - 1;
    }

    private boolean isOf(int flow, HeaderBlock block, int entry, int realm) {
        return records.get(flow, A_LOW) == block.entryLong(entry, HeaderBlock.ENTRY_A_LOW)
                && records.get(flow, B_LOW) == block.entryLong(entry, HeaderBlock.ENTRY_B_LOW)
                && records.get(flow, TUPLE) == block.entryLong(entry, HeaderBlock.ENTRY_TUPLE)
                && records.get(flow, A_HIGH) == block.entryLong(entry, HeaderBlock.ENTRY_A_HIGH)
                && records.get(flow, B_HIGH) == block.entryLong(entry, HeaderBlock.ENTRY_B_HIGH)
                && realm(flow) == realm;
    }

    int add(HeaderBlock block, int entry, int realm) {
        int flow = records.allocate();
        records.set(flow, HASH, block.entryLong(entry, HeaderBlock.ENTRY_HASH));
        records.set(flow, A_HIGH, block.entryLong(entry, HeaderBlock.ENTRY_A_HIGH));
        records.set(flow, A_LOW, block.entryLong(entry, HeaderBlock.ENTRY_A_LOW));
        records.set(flow, B_HIGH, block.entryLong(entry, HeaderBlock.ENTRY_B_HIGH));
        records.set(flow, B_LOW, block.entryLong(entry, HeaderBlock.ENTRY_B_LOW));
        records.set(flow, TUPLE, block.entryLong(entry, HeaderBlock.ENTRY_TUPLE));
        records.set(flow, FACTS, (long) realm << REALM_SHIFT);
        begin(flow);
        return flow;
    }

    /** A new flow of the same realm and 5-tuple. */
    int addLike(int other) {
        int flow = records.allocate();
        for (int field = HASH; field <= TUPLE; field++) {
            records.set(flow, field, records.get(other, field));
        }
        records.set(flow, FACTS, (long) realm(other) << REALM_SHIFT);
        begin(flow);
        return flow;
    }

    private void begin(int flow) {
        records.set(flow, START, Long.MAX_VALUE);
        records.set(flow, LAST, Long.MIN_VALUE);
        records.setHigh(flow, LISTS, NONE);
        records.setLow(flow, LISTS, NONE);
        records.setHigh(flow, CANONICAL, NONE);
        records.setLow(flow, CANONICAL, NONE);
        records.set(flow, DUE, Long.MAX_VALUE);
        if (!FlowKey.isAggregate(tuple(flow))) {
            setStage(flow, UNTOLD);
            addUnsettled(flow);
        }
        if (records.live() * 3 > slots.length * 2) {
            slots = new int[slots.length * 2];
            index();
        } else {
            insert(flow);
        }
    }

    void remove(int flow) {
        int mask = slots.length - 1;
        int hole = firstSlot(hash(flow));
        while (slots[hole] != flow + 1) {
            hole = (hole + 1) & mask;
        }
        for (int i = (hole + 1) & mask; slots[i] != 0; i = (i + 1) & mask) {
            int home = firstSlot(hash(slots[i] - 1));
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                slots[hole] = slots[i];
                hole = i;
            }
        }
        slots[hole] = 0;
        records.set(flow, DUE, Long.MAX_VALUE);
        records.set(flow, TUPLE, 0);
        records.release(flow);
        if (!handovers.isEmpty()) {
            handovers.remove(flow);
        }
        if (records.live() == 0) {
            slots = new int[FIRST_SLOTS];
        }
    }

    private void insert(int flow) {
        int mask = slots.length - 1;
        int slot = firstSlot(hash(flow));
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = flow + 1;
    }

    private void index() {
        Arrays.fill(slots, 0);
        for (int flow = 0; flow < records.limit(); flow++) {
            if (isInUse(flow)) {
                insert(flow);
            }
        }
    }

    /** A free record has no protocol family in its 5-tuple. */
    boolean isInUse(int flow) {
        return FlowKey.family(tuple(flow)) != 0;
    }

    long hash(int flow) {
        return records.get(flow, HASH);
    }

    long aHigh(int flow) {
        return records.get(flow, A_HIGH);
    }

    long aLow(int flow) {
        return records.get(flow, A_LOW);
    }

    long bHigh(int flow) {
        return records.get(flow, B_HIGH);
    }

    long bLow(int flow) {
        return records.get(flow, B_LOW);
    }

    long tuple(int flow) {
        return records.get(flow, TUPLE);
    }

    boolean isTcp(int flow) {
        return FlowKey.isTcp(tuple(flow));
    }

    long start(int flow) {
        return records.get(flow, START);
    }

    long last(int flow) {
        return records.get(flow, LAST);
    }

    void setStart(int flow, long first) {
        records.set(flow, START, first);
    }

    /** Widens the flow's life to a closed window's first and last packet; the start is fixed once it is emitted. */
    void widen(int flow, long first, long last) {
        if (!is(flow, IDENTIFIED) && first < start(flow)) {
            records.set(flow, START, first);
        }
        if (last > last(flow)) {
            records.set(flow, LAST, last);
        }
    }

    /** Since when the machines have held the flow's addresses, ns; {@code Long.MIN_VALUE}: since before anything is known. */
    long handover(int flow) {
        return handovers.isEmpty() ? Long.MIN_VALUE : handovers.getOrDefault(flow, Long.MIN_VALUE);
    }

    void setHandover(int flow, long time) {
        handovers.put(flow, time);
    }

    int row(int flow) {
        return records.high(flow, LISTS);
    }

    void setRow(int flow, int row) {
        records.setHigh(flow, LISTS, row);
    }

    int sighting(int flow) {
        return records.low(flow, LISTS);
    }

    void setSighting(int flow, int sighting) {
        records.setLow(flow, LISTS, sighting);
    }

    /** Canonical sighting of a direction, 0: from a, 1: from b. */
    int canonical(int flow, int direction) {
        return direction == 0 ? records.high(flow, CANONICAL) : records.low(flow, CANONICAL);
    }

    void setCanonical(int flow, int direction, int sighting) {
        if (direction == 0) {
            records.setHigh(flow, CANONICAL, sighting);
        } else {
            records.setLow(flow, CANONICAL, sighting);
        }
    }

    /** Union of the control bits that a (0) or b (1) sent in closed windows. */
    int controlBits(int flow, int direction) {
        return (int) (records.get(flow, FACTS) >>> (BITS_SHIFT + 16 * direction)) & 0xFFFF;
    }

    void addControlBits(int flow, int direction, int bits) {
        records.set(flow, FACTS, records.get(flow, FACTS) | ((bits & 0xFFFFL) << (BITS_SHIFT + 16 * direction)));
    }

    /** How much of the attempt was told: {@link #SETTLED}, {@link #UNTOLD}, {@link #OPENED} or {@link #ANSWERED}. */
    int stage(int flow) {
        return (int) (records.get(flow, FACTS) >>> STAGE_SHIFT) & STAGE_MASK;
    }

    void setStage(int flow, int stage) {
        long others = records.get(flow, FACTS) & ~((long) STAGE_MASK << STAGE_SHIFT);
        records.set(flow, FACTS, others | ((long) stage << STAGE_SHIFT));
    }

    private void addUnsettled(int flow) {
        if (unsettledCount == unsettled.length) {
            unsettled = Arrays.copyOf(unsettled, unsettledCount * 2);
        }
        unsettled[unsettledCount++] = flow;
    }

    int unsettledCount() {
        return unsettledCount;
    }

    int unsettled(int index) {
        return unsettled[index];
    }

    /** Drops from the list what is settled, or has gone; the others stay in their order. */
    void sweepUnsettled() {
        int kept = 0;
        for (int i = 0; i < unsettledCount; i++) {
            int flow = unsettled[i];
            if (isInUse(flow) && stage(flow) != SETTLED) {
                unsettled[kept++] = flow;
            }
        }
        unsettledCount = kept;
    }

    /** Of a state of an older format: nothing is told of the flows in it, and a change more or less is no matter. */
    void settleAll() {
        for (int flow = 0; flow < records.limit(); flow++) {
            long facts = records.get(flow, FACTS);
            long changes = Math.min((facts >>> CHANGES_SHIFT) & FOURTH_VERSION_CHANGES, MOST_CHANGES);
            long others = facts & ~((long) FOURTH_VERSION_CHANGES << CHANGES_SHIFT);
            records.set(flow, FACTS, others | (changes << CHANGES_SHIFT));
        }
        unsettledCount = 0;
    }

    /** How often closed rows were stated anew without a packet of their own; stays at its limit of 127. */
    int changes(int flow) {
        return (int) (records.get(flow, FACTS) >>> CHANGES_SHIFT) & MOST_CHANGES;
    }

    void addChange(int flow) {
        if (changes(flow) < MOST_CHANGES) {
            records.add(flow, FACTS, 1L << CHANGES_SHIFT);
        }
    }

    /** IPFIX flowEndReason of an ended flow. */
    int endReason(int flow) {
        return (int) (records.get(flow, FACTS) >>> END_REASON_SHIFT) & CODE_MASK;
    }

    void setEndReason(int flow, int reason) {
        records.set(flow, FACTS, records.get(flow, FACTS) | ((long) reason << END_REASON_SHIFT));
    }

    int realm(int flow) {
        return (int) (records.get(flow, FACTS) >>> REALM_SHIFT) & 0xFF;
    }

    /** Code of the evidence by which the initiator was decided. */
    int evidence(int flow) {
        return (int) (records.get(flow, FACTS) >>> EVIDENCE_SHIFT) & CODE_MASK;
    }

    void setEvidence(int flow, int code) {
        records.set(flow, FACTS, records.get(flow, FACTS) | ((long) code << EVIDENCE_SHIFT));
    }

    /** Where its traffic runs, as far as closed windows tell. */
    Locality locality(int flow) {
        return Locality.ofCode((int) (records.get(flow, FACTS) >>> LOCALITY_SHIFT) & CODE_MASK);
    }

    void setLocality(int flow, Locality locality) {
        long others = records.get(flow, FACTS) & ~((long) CODE_MASK << LOCALITY_SHIFT);
        records.set(flow, FACTS, others | ((long) locality.code() << LOCALITY_SHIFT));
    }

    boolean is(int flow, int state) {
        return (records.get(flow, FACTS) & STATE_MASK & state) != 0;
    }

    void become(int flow, int state) {
        records.set(flow, FACTS, records.get(flow, FACTS) | state);
    }

    /** When something is due, ns; {@code Long.MAX_VALUE}: nothing. */
    long due(int flow) {
        return records.get(flow, DUE);
    }

    void setDue(int flow, long time) {
        records.set(flow, DUE, time);
    }

    Flows copy() {
        Flows copy = new Flows(records.copy(), new TreeMap<>(handovers), slots.clone());
        copy.unsettled = unsettled.clone();
        copy.unsettledCount = unsettledCount;
        return copy;
    }

    void writeTo(DataOutput out) throws IOException {
        records.writeTo(out);
    }

    /** Writes what is known of handovers: at the end of the state, since older ones have none. */
    void writeHandoversTo(DataOutput out) throws IOException {
        out.writeInt(handovers.size());
        for (Map.Entry<Integer, Long> handover : handovers.entrySet()) {
            out.writeInt(handover.getKey());
            out.writeLong(handover.getValue());
        }
    }

    void readHandoversFrom(DataInput in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            setHandover(in.readInt(), in.readLong());
        }
    }

    static Flows readFrom(DataInput in) throws IOException {
        return indexed(Records.readFrom(in, WIDTH));
    }

    /** Reads the first version: the same fields, word 10 cut otherwise, as {@link FirstVersion} shows. */
    static Flows readFirstVersion(DataInput in) throws IOException {
        Records records = Records.readFrom(in, WIDTH);
        for (int flow = 0; flow < records.limit(); flow++) {
            long facts = records.get(flow, FACTS);
            records.set(
                    flow,
                    FACTS,
                    (facts & (-1L << BITS_SHIFT))
                            | (Math.min((facts >>> 20) & 0xFFF, MOST_CHANGES) << CHANGES_SHIFT)
                            | (((facts >>> 8) & 0xFF) << REALM_SHIFT)
                            | (((facts >>> 16) & CODE_MASK) << END_REASON_SHIFT)
                            | (((facts >>> 4) & CODE_MASK) << EVIDENCE_SHIFT)
                            | (facts & 0xF));
        }
        return indexed(records);
    }

    private static Flows indexed(Records records) {
        int slots = FIRST_SLOTS;
        while (records.live() * 3 > slots * 2) {
            slots *= 2;
        }
        Flows flows = new Flows(records, new TreeMap<>(), new int[slots]);
        flows.index();
        for (int flow = 0; flow < records.limit(); flow++) {
            if (flows.isInUse(flow) && flows.stage(flow) != SETTLED) {
                flows.addUnsettled(flow);
            }
        }
        return flows;
    }
}
