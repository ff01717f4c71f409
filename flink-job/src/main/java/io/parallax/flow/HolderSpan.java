package io.parallax.flow;

import io.parallax.label.Address;
import io.parallax.label.Handovers;
import io.parallax.label.Inventory;
import io.parallax.model.FlowKey;
import io.parallax.model.HeaderBlock;
import io.parallax.vantage.Names;

/** The time around a packet in which the same machines held both its addresses. Mutable and reused. */
final class HolderSpan {

    private final Names<String> realms;
    private Handovers handovers = Inventory.empty(family -> 0).handovers();
    private long start = Long.MIN_VALUE;
    private long end = Long.MAX_VALUE;

    HolderSpan(Names<String> realms) {
        this.realms = realms;
    }

    void nameBy(Inventory inventory) {
        handovers = inventory.handovers();
    }

    void around(HeaderBlock block, int entry, int realm, long time) {
        start = Long.MIN_VALUE;
        end = Long.MAX_VALUE;
        long tuple = block.entryLong(entry, HeaderBlock.ENTRY_TUPLE);
        if (!FlowKey.isAggregate(tuple)) {
            narrow(tuple, realm, time, block, entry, HeaderBlock.ENTRY_A_HIGH, HeaderBlock.ENTRY_A_LOW);
            narrow(tuple, realm, time, block, entry, HeaderBlock.ENTRY_B_HIGH, HeaderBlock.ENTRY_B_LOW);
        }
    }

    private void narrow(long tuple, int realm, long time, HeaderBlock block, int entry, int highField, int lowField) {
        long low = block.entryLong(entry, lowField);
        if (handovers.isPossible(low)) {
            Address address = new Address(FlowKey.family(tuple), block.entryLong(entry, highField), low);
            start = Math.max(start, handovers.lastUntil(realms.get(realm), address, time));
            end = Math.min(end, handovers.firstAfter(realms.get(realm), address, time));
        }
    }

    /** First moment, ns; {@code Long.MIN_VALUE}: none. */
    long start() {
        return start;
    }

    /** First moment after it, ns; {@code Long.MAX_VALUE}: none. */
    long end() {
        return end;
    }

    boolean isLimited() {
        return start != Long.MIN_VALUE || end != Long.MAX_VALUE;
    }

    boolean holds(long time) {
        return time >= start && time < end;
    }
}
