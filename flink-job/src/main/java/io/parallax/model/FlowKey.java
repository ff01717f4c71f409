package io.parallax.model;

import io.parallax.wire.PacketHeader;

/**
 * Realm and 5-tuple of a header in canonical order, so that both directions and all copies of a packet meet: a is the lower
 * endpoint by address, then port, as in Community ID. A one-way ICMP message keeps its sender as a.
 *
 * <p>Mutable and reused: {@link #of} allocates nothing.
 */
public final class FlowKey {

    private static final int PROTOCOL_TCP = 6;
    /** Status bits that make a flow of its own: ports that are not known are not port 0. */
    private static final int KEY_STATUS = PacketHeader.STATUS_PORTS_UNKNOWN | PacketHeader.STATUS_ONE_WAY;

    /** In the status of a tuple: the key of an aggregate. No bit of {@link PacketHeader#status}. */
    private static final int AGGREGATE = 1 << 7;

    private static final int STATUS_SHIFT = 48;
    private static final int PREFIX_SHIFT = 56;

    public long aHigh;
    public long aLow;
    public long bHigh;
    public long bLow;

    /**
     * Port a (16 bits), port b (16), protocol (8), family (8), status (8), prefix length of an aggregate (8), from the lowest
     * bit up.
     */
    public long tuple;

    /** Hash of realm, addresses and {@link #tuple}; the same in every JVM. */
    public long hash;

    /** True when b sent the header. */
    public boolean isReverse;

    /** The key of {@code header} in the realm of that hash. */
    public FlowKey of(PacketHeader header, long realmHash) {
        boolean isOneWay = header.has(PacketHeader.STATUS_ONE_WAY);
        isReverse = !isOneWay && isSourceHigher(header);
        int aPort = isReverse ? header.destinationPort : header.sourcePort;
        int bPort = isReverse ? header.sourcePort : header.destinationPort;
        aHigh = isReverse ? header.destinationHigh : header.sourceHigh;
        aLow = isReverse ? header.destinationLow : header.sourceLow;
        bHigh = isReverse ? header.sourceHigh : header.destinationHigh;
        bLow = isReverse ? header.sourceLow : header.destinationLow;
        tuple = (aPort & 0xFFFFL)
                | ((bPort & 0xFFFFL) << 16)
                | ((header.protocol & 0xFFL) << 32)
                | ((header.family & 0xFFL) << 40)
                | ((long) (header.status & KEY_STATUS) << STATUS_SHIFT);
        hash = hash(realmHash);
        return this;
    }

    /**
     * The key of the aggregate (RFC 7015) of the flows between two networks with one protocol, in the realm of that hash. Each
     * bucket has its own: they must not share a hash, since it stands for the flow outside.
     *
     * @param block and {@code entry}: a flow of it
     * @param prefixLength bits that tell networks apart, 0 to 32 or 128; 0: all flows of the protocol
     */
    public FlowKey aggregateOf(HeaderBlock block, int entry, int prefixLength, long realmHash) {
        long flow = block.entryLong(entry, HeaderBlock.ENTRY_TUPLE);
        long high = NetworkMask.high(family(flow), prefixLength);
        long low = NetworkMask.low(family(flow), prefixLength);
        aHigh = block.entryLong(entry, HeaderBlock.ENTRY_A_HIGH) & high;
        aLow = block.entryLong(entry, HeaderBlock.ENTRY_A_LOW) & low;
        bHigh = block.entryLong(entry, HeaderBlock.ENTRY_B_HIGH) & high;
        bLow = block.entryLong(entry, HeaderBlock.ENTRY_B_LOW) & low;
        long status = PacketHeader.STATUS_PORTS_UNKNOWN | AGGREGATE;
        tuple = (flow & 0xFFFF_0000_0000L) | (status << STATUS_SHIFT) | ((long) prefixLength << PREFIX_SHIFT);
        hash = hash(mix(realmHash ^ block.bucket()));
        return this;
    }

    private static boolean isSourceHigher(PacketHeader header) {
        int byHigh = Long.compareUnsigned(header.sourceHigh, header.destinationHigh);
        int byAddress = byHigh != 0 ? byHigh : Long.compareUnsigned(header.sourceLow, header.destinationLow);
        return byAddress != 0 ? byAddress > 0 : header.sourcePort > header.destinationPort;
    }

    /** Each word is mixed by the finalizer of MurmurHash3 (public domain), so that every bit reaches bucket and slot. */
    private long hash(long realmHash) {
        long mixed = mix(realmHash ^ aHigh);
        mixed = mix(mixed ^ aLow);
        mixed = mix(mixed ^ bHigh);
        mixed = mix(mixed ^ bLow);
        return mix(mixed ^ tuple);
    }

    /** Hash of a realm's name, the same in every JVM. */
    public static long realmHash(String realm) {
        long hash = realm.length();
        for (int i = 0; i < realm.length(); i++) {
            hash = mix(hash ^ realm.charAt(i));
        }
        return hash;
    }

    private static long mix(long word) {
        long mixed = (word ^ (word >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }

    public static int aPort(long tuple) {
        return (int) tuple & 0xFFFF;
    }

    public static int bPort(long tuple) {
        return (int) (tuple >>> 16) & 0xFFFF;
    }

    public static int protocol(long tuple) {
        return (int) (tuple >>> 32) & 0xFF;
    }

    public static int family(long tuple) {
        return (int) (tuple >>> 40) & 0xFF;
    }

    public static boolean isPortsKnown(long tuple) {
        return ((tuple >>> STATUS_SHIFT) & PacketHeader.STATUS_PORTS_UNKNOWN) == 0;
    }

    public static boolean isOneWay(long tuple) {
        return ((tuple >>> STATUS_SHIFT) & PacketHeader.STATUS_ONE_WAY) != 0;
    }

    /** A flow of TCP, not an aggregate of such flows. */
    public static boolean isTcp(long tuple) {
        return protocol(tuple) == PROTOCOL_TCP && !isAggregate(tuple);
    }

    public static boolean isAggregate(long tuple) {
        return ((tuple >>> STATUS_SHIFT) & AGGREGATE) != 0;
    }

    /** Of an aggregate's key: bits of its networks. */
    public static int prefixLength(long tuple) {
        return (int) (tuple >>> PREFIX_SHIFT);
    }
}
