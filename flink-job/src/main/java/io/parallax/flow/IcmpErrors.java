package io.parallax.flow;

import io.parallax.model.FlowKey;
import io.parallax.model.HeaderBlock;
import io.parallax.model.Records;
import io.parallax.wire.PacketHeader;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * ICMP errors that say that packets of a flow do not arrive, kept until the window they came in closes. Streams are read in
 * any order: an error may be read before the packet that it quotes, and what it says must not depend on that.
 *
 * <pre>
 *  error  0-5  key of the quoted packet's flow, as in Flows
 *         6    time of the error, ns
 *         7    realm (32) | 1: in use (32)
 * </pre>
 *
 * <p>At most {@value #MOST} wait in a bucket; routers limit the rate of errors (RFC 1812, section 4.3.2.8), a forger does
 * not. Those beyond say nothing.
 */
final class IcmpErrors {

    static final int MOST = 4_096;

    /** Takes one error out. */
    interface Visitor {
        /** @param block its only entry has the flow's key */
        void accept(HeaderBlock block, int realm, long timeNanos);
    }

    private static final int WIDTH = 8;
    private static final int TIME = 6;
    private static final int REALM = 7;
    private static final PacketHeader NOWHERE = new PacketHeader();

    private final Records records;
    private final FlowKey key = new FlowKey();
    private final HeaderBlock quoted = new HeaderBlock();
    private long earliest;

    IcmpErrors() {
        this(new Records(WIDTH));
    }

    private IcmpErrors(Records records) {
        this.records = records;
        this.earliest = findEarliest();
    }

    int size() {
        return records.live();
    }

    /** Keeps that packets of an entry's flow do not arrive, if there is room. */
    void add(HeaderBlock block, int entry, int realm, long timeNanos) {
        if (records.live() >= MOST) {
            return;
        }
        int error = records.allocate();
        for (int word = 0; word < TIME; word++) {
            records.set(error, word, block.entryLong(entry, HeaderBlock.ENTRY_HASH + word * Long.BYTES));
        }
        records.set(error, TIME, timeNanos);
        earliest = Math.min(earliest, timeNanos);
        records.set(error, REALM, ((long) realm << Integer.SIZE) | 1);
    }

    /** Takes those of before {@code time} out. */
    void take(long time, Visitor visitor) {
        for (int error = 0; error < records.limit(); error++) {
            if (isInUse(error) && records.get(error, TIME) < time) {
                key.hash = records.get(error, 0);
                key.aHigh = records.get(error, 1);
                key.aLow = records.get(error, 2);
                key.bHigh = records.get(error, 3);
                key.bLow = records.get(error, 4);
                key.tuple = records.get(error, 5);
                quoted.reset(0, 1, 0);
                quoted.addEntry(key, NOWHERE, 0, 0);
                visitor.accept(quoted, records.high(error, REALM), records.get(error, TIME));
                records.set(error, REALM, 0);
                records.release(error);
            }
        }
        earliest = findEarliest();
    }

    /** Whether one of them is about a flow, and came by {@code time}. */
    boolean isAbout(Flows flows, int flow, long time) {
        for (int error = 0; error < records.limit() && records.live() > 0; error++) {
            if (isInUse(error)
                    && records.get(error, TIME) <= time
                    && records.get(error, 0) == flows.hash(flow)
                    && records.get(error, 5) == flows.tuple(flow)
                    && records.high(error, REALM) == flows.realm(flow)) {
                return true;
            }
        }
        return false;
    }

    private boolean isInUse(int error) {
        return records.low(error, REALM) != 0;
    }

    /** Time of the earliest, ns; {@code Long.MAX_VALUE}: none. */
    long earliest() {
        return earliest;
    }

    private long findEarliest() {
        long found = Long.MAX_VALUE;
        for (int error = 0; error < records.limit(); error++) {
            found = isInUse(error) ? Math.min(found, records.get(error, TIME)) : found;
        }
        return found;
    }

    IcmpErrors copy() {
        return new IcmpErrors(records.copy());
    }

    void writeTo(DataOutput out) throws IOException {
        records.writeTo(out);
    }

    static IcmpErrors readFrom(DataInput in) throws IOException {
        return new IcmpErrors(Records.readFrom(in, WIDTH));
    }
}
