package io.parallax.wire;

/**
 * Hash of a flow, the same for both its directions, in every process, on every machine and in every release: it decides
 * which flows a sampling sensor keeps, and all sensors have to keep the same ones or no packet is ever seen twice.
 *
 * <p>Over family, addresses, protocol and ports. The lower endpoint by address, then port, comes first, as in
 * {@link CommunityId}; a one-way ICMP message keeps its sender first. Of ARP the operation is left out, so that request and
 * answer stay together. Neither VLAN nor realm takes part: a routed packet changes them. A header whose ports are not known
 * hashes as if they were 0 and is then kept or not regardless of its flow; so fragments are joined before flows are chosen.
 *
 * <p>The job's own flow key is hashed otherwise on purpose: it places flows in buckets by the high bits of its hash, and
 * flows that were chosen by the same bits would fill a few of the buckets and leave the others empty.
 */
public final class FlowHash {

    /** An arbitrary start (digits of the square root of 2), so that nobody else's hash of the same words equals this one. */
    private static final long SEED = 0x6A09_E667_F3BC_C908L;

    private FlowHash() {}

    /** 32 well-mixed bits, the high ones as good as the low ones; compare unsigned. */
    public static int of(PacketHeader header) {
        boolean isReverse = !header.has(PacketHeader.STATUS_ONE_WAY) && isSourceHigher(header);
        long aHigh = isReverse ? header.destinationHigh : header.sourceHigh;
        long aLow = isReverse ? header.destinationLow : header.sourceLow;
        long bHigh = isReverse ? header.sourceHigh : header.destinationHigh;
        long bLow = isReverse ? header.sourceLow : header.destinationLow;
        int aPort = isReverse ? header.destinationPort : header.sourcePort;
        int bPort = isReverse ? header.sourcePort : header.destinationPort;
        long tuple = (aPort & 0xFFFFL)
                | ((bPort & 0xFFFFL) << 16)
                | (header.isIp() ? (header.protocol & 0xFFL) << 32 : 0)
                | ((header.family & 0xFFL) << 40);
        long mixed = mix(SEED ^ aHigh);
        mixed = mix(mixed ^ aLow);
        mixed = mix(mixed ^ bHigh);
        mixed = mix(mixed ^ bLow);
        return (int) (mix(mixed ^ tuple) >>> 32);
    }

    private static boolean isSourceHigher(PacketHeader header) {
        int byHigh = Long.compareUnsigned(header.sourceHigh, header.destinationHigh);
        int byAddress = byHigh != 0 ? byHigh : Long.compareUnsigned(header.sourceLow, header.destinationLow);
        return byAddress != 0 ? byAddress > 0 : header.sourcePort > header.destinationPort;
    }

    /** Finalizer of SplitMix64 (Steele, Lea and Flood 2014; public domain): each bit in reaches each bit out. */
    private static long mix(long word) {
        long mixed = (word ^ (word >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }
}
