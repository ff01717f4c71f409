package io.parallax.flow;

import io.parallax.model.FlowKey;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Records;

/** Finds the flow that a packet belongs to, and makes it, or the aggregate that stands for it where there is no room. */
final class FlowFinder {

    private static final int NONE = Records.NONE;

    private final Flows flows;
    private final Windows windows;
    private final Heritage heritage;
    private final Closing closing;
    private final Admission admission;
    private final FlowKey aggregateKey = new FlowKey();
    private final HeaderBlock aggregate = new HeaderBlock();
    private MeterSettings settings;

    FlowFinder(MeterSettings settings, FlowState state, Heritage heritage, Closing closing, Admission admission) {
        this.settings = settings;
        this.flows = state.flows();
        this.windows = state.windows();
        this.heritage = heritage;
        this.closing = closing;
        this.admission = admission;
    }

    void configure(MeterSettings settings) {
        this.settings = settings;
    }

    /** The flow that a packet belongs to: the first ended one whose life still reaches to it, else the living one; or NONE. */
    int find(HeaderBlock block, int entry, int realm, long time) {
        int alive = NONE;
        int ended = NONE;
        int slot = flows.firstSlot(block.entryLong(entry, HeaderBlock.ENTRY_HASH));
        while ((slot = flows.find(block, entry, realm, slot)) != NONE) {
            int flow = flows.at(slot);
            if (!flows.is(flow, Flows.ENDED)) {
                alive = flow;
            } else if (time <= closing.reach(flow) && (ended == NONE || closing.reach(flow) < closing.reach(ended))) {
                ended = flow;
            }
            slot++;
        }
        return ended == NONE ? alive : ended;
    }

    /** The same, a new one where there is none; NONE where it may not be told from others' or has no room. */
    int findOrAdd(HeaderBlock block, int entry, int realm, long time) {
        int flow = find(block, entry, realm, time);
        if (flow == NONE) {
            return isRefused(time) ? NONE : flows.add(block, entry, realm);
        }
        return admission.isOpen(time) || Admission.isWithinReach(first(flow), time) ? flow : NONE;
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

    /** The flow of the 5-tuple that ended last and in which TCP was followed at the same place; NONE without one. */
    int findFormer(HeaderBlock block, int entry, int flow, int sighting) {
        int newest = NONE;
        int slot = flows.firstSlot(flows.hash(flow));
        while ((slot = flows.find(block, entry, flows.realm(flow), slot)) != NONE) {
            int other = flows.at(slot);
            boolean isNewer = newest == NONE || flows.last(other) > flows.last(newest);
            if (other != flow
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
