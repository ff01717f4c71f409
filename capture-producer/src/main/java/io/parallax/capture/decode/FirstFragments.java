package io.parallax.capture.decode;

import io.parallax.wire.PacketHeader;

/**
 * What first fragments said about their datagrams: a cache of fixed size, by (overlay, addresses, identification, protocol
 * for IPv4).
 *
 * <p>The overlay is in the key because tenants of different overlays do use the same addresses, and one's ports must not
 * reach the other's fragments. VLANs and mirror sessions are not: a datagram that was routed or mirrored twice is the same one
 * in each of them, so whichever first fragment was seen knows its ports.
 *
 * <p>Open addressing over a run of eight slots; a full run gives up its oldest entry. A slot is eight longs, one cache line:
 * <pre>
 *  0 source high   1 source low   2 destination high   3 destination low
 *  4 identification (32) | overlay id + 1 (25) | is IPv4 (1)
 *  5 time
 *  6 in use (1) | protocol (8) | status bits (8) | ICMP code (8) | source port (16) | destination port (16)
 * </pre>
 */
final class FirstFragments {

    static final int NONE = -1;

    private static final int SLOT_LONGS = 8;
    private static final int RUN = 8;
    private static final int KEY = 4;
    private static final int TIME = 5;
    private static final int VALUE = 6;
    private static final long IS_IPV4 = 1L << 57;
    private static final long IN_USE = 1L << 63;
    private static final int INHERITED = PacketHeader.STATUS_PORTS_UNKNOWN | PacketHeader.STATUS_ONE_WAY;

    private final long limitNanos;
    private final int mask;
    private final long[] slots;

    /** @param slots a power of two */
    FirstFragments(int slots, long limitNanos) {
        this.limitNanos = limitNanos;
        this.mask = slots - 1;
        this.slots = new long[(slots + RUN) * SLOT_LONGS];
    }

    /** Remembers a first fragment; a repeat of its identification replaces the one before. */
    void put(PacketHeader first) {
        int run = slotOf(first);
        int chosen = run;
        for (int slot = run; slot < run + RUN * SLOT_LONGS; slot += SLOT_LONGS) {
            if (slots[slot + VALUE] == 0 || holds(slot, first)) {
                chosen = slot;
                break;
            }
            if (slots[slot + TIME] < slots[chosen + TIME]) {
                chosen = slot;
            }
        }
        slots[chosen] = first.sourceHigh;
        slots[chosen + 1] = first.sourceLow;
        slots[chosen + 2] = first.destinationHigh;
        slots[chosen + 3] = first.destinationLow;
        slots[chosen + KEY] = key(first);
        slots[chosen + TIME] = first.timeNanos;
        slots[chosen + VALUE] = IN_USE
                | (long) first.protocol << 48
                | (first.status & 0xffL) << 40
                | (long) first.icmpCode << 32
                | (long) first.sourcePort << 16
                | first.destinationPort;
    }

    /** The slot of the first fragment of {@code later}'s datagram, or {@link #NONE}. */
    int find(PacketHeader later) {
        int run = slotOf(later);
        for (int slot = run; slot < run + RUN * SLOT_LONGS; slot += SLOT_LONGS) {
            if (slots[slot + VALUE] != 0 && holds(slot, later)) {
                return isWithinLimit(slots[slot + TIME], later.timeNanos) ? slot : NONE;
            }
        }
        return NONE;
    }

    private boolean isWithinLimit(long first, long later) {
        // Both are times since 1970 and not negative: their difference cannot overflow.
        return Math.abs(later - first) <= limitNanos;
    }

    /** Gives {@code later} the ports of the first fragment in {@code slot}. */
    void apply(int slot, PacketHeader later) {
        long value = slots[slot + VALUE];
        later.protocol = protocol(value);
        later.icmpCode = (int) (value >>> 32) & 0xff;
        later.sourcePort = (int) (value >>> 16) & 0xffff;
        later.destinationPort = (int) value & 0xffff;
        later.status = (later.status & ~INHERITED) | ((int) (value >>> 40) & INHERITED);
    }

    private boolean holds(int slot, PacketHeader header) {
        return slots[slot + 1] == header.sourceLow
                && slots[slot + 3] == header.destinationLow
                && slots[slot + KEY] == key(header)
                && slots[slot] == header.sourceHigh
                && slots[slot + 2] == header.destinationHigh
                && isProtocolOf(slot, header);
    }

    /** RFC 791 tells datagrams apart by protocol too; IPv6 does not, and a later fragment may not know it. */
    private boolean isProtocolOf(int slot, PacketHeader header) {
        return header.family != PacketHeader.FAMILY_IPV4 || protocol(slots[slot + VALUE]) == header.protocol;
    }

    private static int protocol(long value) {
        return (int) (value >>> 48) & 0xff;
    }

    private static long key(PacketHeader header) {
        return Integer.toUnsignedLong(header.fragmentIdentification)
                | (header.overlayId + 1L) << 32
                | (header.family == PacketHeader.FAMILY_IPV4 ? IS_IPV4 : 0);
    }

    private int slotOf(PacketHeader header) {
        return (hash(header) & mask) * SLOT_LONGS;
    }

    /** Of the datagram that a fragment belongs to. */
    static int hash(PacketHeader header) {
        long hash = header.sourceHigh;
        hash = mix(hash ^ header.sourceLow);
        hash = mix(hash ^ header.destinationHigh);
        hash = mix(hash ^ header.destinationLow);
        hash = mix(hash ^ key(header));
        return (int) (hash >>> 32);
    }

    /** Multiplicative hashing by the golden ratio, Knuth vol. 3 section 6.4. */
    private static long mix(long value) {
        long product = value * 0x9e37_79b9_7f4a_7c15L;
        return product ^ (product >>> 32);
    }
}
