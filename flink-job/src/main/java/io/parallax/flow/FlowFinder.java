package io.parallax.flow;

import io.parallax.label.Inventory;
import io.parallax.model.FlowKey;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Records;

/**
 * Finds the flow that a packet belongs to, and makes it, or the aggregate that stands for it where there is no room.
 *
 * <p>An address that went from one machine to another, as the inventory knows it, ends its flows: what came after is not
 * counted with what came before, not even in one window. So each has its name.
 */
final class FlowFinder {

    private static final int NONE = Records.NONE;

    private final Flows flows;
    private final Windows windows;
    private final Heritage heritage;
    private final Closing closing;
    private final Admission admission;
    private final FlowKey aggregateKey = new FlowKey();
    private final HeaderBlock aggregate = new HeaderBlock();
    private final HolderSpan span;
    private MeterSettings settings;

    FlowFinder(MeterSettings settings, FlowState state, Heritage heritage, Closing closing, Admission admission) {
        this.settings = settings;
        this.flows = state.flows();
        this.windows = state.windows();
        this.heritage = heritage;
        this.closing = closing;
        this.admission = admission;
        this.span = new HolderSpan(state.realms());
    }

    void nameBy(Inventory inventory) {
        span.nameBy(inventory);
    }

    void configure(MeterSettings settings) {
        this.settings = settings;
    }

    /** The flow that a packet belongs to: the first ended one whose life still reaches to it, else the living one; or NONE. */
    int find(HeaderBlock block, int entry, int realm, long time) {
        span.around(block, entry, realm, time);
        int alive = NONE;
        int ended = NONE;
        int slot = flows.firstSlot(block.entryLong(entry, HeaderBlock.ENTRY_HASH));
        while ((slot = flows.find(block, entry, realm, slot)) != NONE) {
            int flow = flows.at(slot);
            if (!isOfTheSameHolders(flow)) {
                slot++;
                continue;
            }
            if (!flows.is(flow, Flows.ENDED)) {
                alive = flow;
            } else if (time <= closing.reach(flow) && (ended == NONE || closing.reach(flow) < closing.reach(ended))) {
                ended = flow;
            }
            slot++;
        }
        return ended == NONE ? alive : ended;
    }

    private boolean isOfTheSameHolders(int flow) {
        return !span.isLimited() || span.holds(first(flow));
    }

    /** The same, a new one where there is none; NONE where it may not be told from others' or has no room. */
    int findOrAdd(HeaderBlock block, int entry, int realm, long time) {
        int flow = find(block, entry, realm, time);
        if (flow == NONE) {
            return isRefused(time) ? NONE : begin(block, entry, realm);
        }
        return admission.isOpen(time) || Admission.isWithinReach(first(flow), time) ? flow : NONE;
    }

    /** Whether what was last found is so for all packets of a window: nothing was handed over within it. */
    boolean isOneFlowIn(long windowStart) {
        return span.start() <= windowStart && span.end() >= windowStart + settings.windowNanos();
    }

    private int begin(HeaderBlock block, int entry, int realm) {
        int flow = flows.add(block, entry, realm);
        if (span.start() != Long.MIN_VALUE) {
            flows.setHandover(flow, span.start());
        }
        return flow;
    }

    /** Whether a packet of that time makes no flow. */
    boolean isRefused(long time) {
        return !admission.admitsFlow(time, flows.size());
    }

    /** First packet of a flow so far, ns. */
    private long first(int flow) {
        long first = flows.start(flow);
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            first = Math.min(first, windows.first(row));
        }
        return first;
    }

    /** The aggregate of a refused packet's networks, or of its protocol; {@link #aggregate} has its entry. */
    int aggregateOf(HeaderBlock block, int entry, int realm, long time) {
        admission.aggregate(time);
        int family = FlowKey.family(block.entryLong(entry, HeaderBlock.ENTRY_TUPLE));
        int flow = findAggregate(block, entry, realm, settings.prefixLength(family), time);
        if (flow != NONE) {
            return flow;
        }
        if (!admission.admitsNetworks(time, flows.size())) {
            admission.widen(time);
            flow = findAggregate(block, entry, realm, 0, time);
        }
        return flow == NONE ? flows.add(aggregate, 0, realm) : flow;
    }

    private int findAggregate(HeaderBlock block, int entry, int realm, int prefixLength, long time) {
        String name = block.realms().get(block.entryInt(entry, HeaderBlock.ENTRY_REALM));
        aggregateKey.aggregateOf(block, entry, prefixLength, FlowKey.realmHash(name));
        aggregate.reset(block.bucket(), 1, 0);
        aggregate.addAggregate(aggregateKey, block, entry);
        return find(aggregate, 0, realm, time);
    }

    /** Its one entry is that of the aggregate that was asked for last. */
    HeaderBlock aggregate() {
        return aggregate;
    }

    /**
     * The flow of the 5-tuple that ended last and in which TCP was followed at the same place; NONE without one, or if other
     * machines than those of the packet that {@link #find} was asked for last had it.
     */
    int findFormer(HeaderBlock block, int entry, int flow, int sighting) {
        int newest = NONE;
        int slot = flows.firstSlot(flows.hash(flow));
        while ((slot = flows.find(block, entry, flows.realm(flow), slot)) != NONE) {
            int other = flows.at(slot);
            boolean isNewer = newest == NONE || flows.last(other) > flows.last(newest);
            if (other != flow
                    && isOfTheSameHolders(other)
                    && flows.is(other, Flows.ENDED)
                    && isNewer
                    && heritage.isFrom(flows.sighting(other), sighting)) {
                newest = other;
            }
            slot++;
        }
        return newest;
    }
}
