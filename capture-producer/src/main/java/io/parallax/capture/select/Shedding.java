package io.parallax.capture.select;

import io.parallax.wire.FlowHash;
import io.parallax.wire.PacketHeader;

/**
 * Which flows are given up while the spool fills: from 80 % on, the share kept falls to none at 100 %.
 *
 * <p>Whole flows, by the same hash on every sensor, so that what is still published can be counted: half of the flows is a
 * statement, half of the packets of every flow is none. The share steps by 1/64, so that it does not flutter with every
 * batch.
 */
public final class Shedding {

    /** Room for a broker's restart before anything is given up. */
    static final double FROM = 0.8;

    private static final int STEPS = 64;
    private static final long ALL = 1L << Integer.SIZE;

    private long keptHashes = ALL;

    /** @param fill of the spool, 0 empty to 1 full */
    public void fill(double fill) {
        double share = Math.max(0, Math.min(1, (1 - fill) / (1 - FROM)));
        keptHashes = (long) Math.ceil(share * STEPS) * (ALL / STEPS);
    }

    public boolean sheds(PacketHeader header) {
        return keptHashes != ALL && Integer.toUnsignedLong(FlowHash.of(header)) >= keptHashes;
    }

    public boolean isActive() {
        return keptHashes != ALL;
    }
}
