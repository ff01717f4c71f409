package io.parallax.signal;

import io.parallax.model.FlowFact;

/**
 * Fingerprints of hosts and of endpoints (a host's address, protocol and port) in 32 bits, of which the lowest is free for a
 * mark. Two different endpoints look alike once in 2^31 pairs. Made of {@link String#hashCode}, which is the same on every
 * machine and is kept by the text itself: a fingerprint costs a few nanoseconds.
 */
final class Endpoints {

    /** Free for whoever keeps the fingerprint. */
    static final int MARK = 1;

    /** The golden ratio in 64 bits (Knuth, The Art of Computer Programming 3, section 6.4). */
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private static final int PROTOCOL_BITS = 8;
    private static final int PORT_BITS = 16;

    private Endpoints() {}

    /** Of what the source of the fact wants to reach; of ICMP the host. */
    static int ofDestination(FlowFact fact) {
        return of(fact.destination(), fact.protocol(), isIcmp(fact) ? 0 : fact.destinationPort());
    }

    static int ofHost(String address) {
        return of(address, 0, 0);
    }

    static boolean isIcmp(FlowFact fact) {
        return fact.protocol() == FlowFact.ICMP || fact.protocol() == FlowFact.ICMPV6;
    }

    static int of(String address, int protocol, int port) {
        long all = ((long) address.hashCode() << (PROTOCOL_BITS + PORT_BITS)) | ((long) protocol << PORT_BITS) | port;
        int mixed = mix(all) & ~MARK;
        return mixed == 0 ? ~MARK : mixed;
    }

    /** All 32 bits depend on all bits given. */
    static int mix(long bits) {
        long mixed = (bits ^ (bits >>> 32)) * MIX;
        mixed = (mixed ^ (mixed >>> 29)) * MIX;
        return (int) (mixed >>> 32);
    }
}
