package io.parallax.capture.neighbour;

import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * The IP addresses that interfaces on a stream's links claim for themselves: as sender of an ARP request or reply (RFC 826),
 * of an IPv6 neighbour solicitation or advertisement (RFC 4861). Anybody can claim anything; who believes it decides.
 *
 * <p>A claim is news when it is the first for its address, or another interface's than the last one. What is no news costs
 * no object. At most {@value #MOST} addresses are known, and {@value #MOST_NEWS} claims wait to be taken: what is beyond is
 * learnt when it is heard again and there is room. Who floods the link with claims so keeps others from being learnt; each
 * frame is still published and accounted for.
 *
 * <pre>
 *  slot 0  upper 64 bits of the address   1  lower 64 bits   2  MAC address (48) | protocol family (8), 0: free
 * </pre>
 *
 * <p>Open addressing with linear probing, at most half full; nothing is ever removed. Not thread-safe.
 */
public final class Neighbours {

    static final int MOST = 65_536;
    static final int MOST_NEWS = 1_024;

    private static final int WIDTH = 3;
    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int MAC = 2;
    private static final int FIRST_SLOTS = 64;
    private static final int FAMILY_SHIFT = 48;
    private static final long MAC_MASK = 0xFFFF_FFFF_FFFFL;
    private static final long GROUP_BIT = 1L << 40;
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private static final int ARP_REPLY = 2;
    private static final int ICMPV6 = 58;
    private static final int NEIGHBOUR_SOLICITATION = 135;
    private static final int NEIGHBOUR_ADVERTISEMENT = 136;

    /** Of neighbour discovery, or a router has forwarded it (RFC 4861, section 7.1). */
    private static final int NOT_FORWARDED = 255;

    private static final long IPV4_MULTICAST = 0xE000_0000L;
    private static final int IPV6_MULTICAST = 0xFF;

    private final List<Claim> news = new ArrayList<>();
    private long[] slots = new long[FIRST_SLOTS * WIDTH];
    private int size;

    /** Takes in what a frame claims, if it claims anything. What is inside an overlay is another link, which nobody asks of. */
    public void hear(PacketHeader header) {
        if (header.overlayId != PacketHeader.NO_OVERLAY) {
            return;
        }
        if (header.family == PacketHeader.FAMILY_ARP) {
            if (header.protocol <= ARP_REPLY && header.sourceLow != 0 && header.sourceLow < IPV4_MULTICAST) {
                claim(PacketHeader.FAMILY_IPV4, 0, header.sourceLow, header);
            }
        } else if (isNeighbourDiscovery(header)) {
            claim(PacketHeader.FAMILY_IPV6, header.sourceHigh, header.sourceLow, header);
        }
    }

    private static boolean isNeighbourDiscovery(PacketHeader header) {
        return header.protocol == ICMPV6
                && header.family == PacketHeader.FAMILY_IPV6
                && header.ttl == NOT_FORWARDED
                && (header.sourcePort == NEIGHBOUR_SOLICITATION || header.sourcePort == NEIGHBOUR_ADVERTISEMENT)
                && (header.sourceHigh | header.sourceLow) != 0
                && header.sourceHigh >>> 56 != IPV6_MULTICAST;
    }

    private void claim(int family, long high, long low, PacketHeader header) {
        long mac = header.sourceMac & MAC_MASK;
        if (mac == 0 || (mac & GROUP_BIT) != 0) {
            return;
        }
        int slot = slotOf(family, high, low);
        boolean isNew = slots[slot + MAC] == 0;
        if (!isNew && (slots[slot + MAC] & MAC_MASK) == mac) {
            return;
        }
        if (news.size() == MOST_NEWS || (isNew && size == MOST)) {
            return;
        }
        news.add(new Claim(family, high, low, mac, outermostVlan(header), header.timeNanos));
        slots[slot + HIGH] = high;
        slots[slot + LOW] = low;
        slots[slot + MAC] = mac | ((long) family << FAMILY_SHIFT);
        if (isNew) {
            size++;
            grow();
        }
    }

    private static int outermostVlan(PacketHeader header) {
        return header.vlanCount == 0
                ? Claim.UNTAGGED
                : (int) (header.vlanStack >>> ((header.vlanCount - 1) * Short.SIZE)) & 0xFFFF;
    }

    private int slotOf(int family, long high, long low) {
        int mask = slots.length / WIDTH - 1;
        long hash = (high * SPREAD ^ low ^ family) * SPREAD;
        int i = (int) (hash >>> 32) & mask;
        while (slots[i * WIDTH + MAC] != 0
                && (slots[i * WIDTH + LOW] != low
                        || slots[i * WIDTH + HIGH] != high
                        || slots[i * WIDTH + MAC] >>> FAMILY_SHIFT != family)) {
            i = (i + 1) & mask;
        }
        return i * WIDTH;
    }

    private void grow() {
        if (size * 2 * WIDTH <= slots.length) {
            return;
        }
        long[] former = slots;
        slots = new long[former.length * 2];
        for (int i = 0; i < former.length; i += WIDTH) {
            if (former[i + MAC] != 0) {
                int family = (int) (former[i + MAC] >>> FAMILY_SHIFT);
                System.arraycopy(former, i, slots, slotOf(family, former[i + HIGH], former[i + LOW]), WIDTH);
            }
        }
    }

    /** What was news since the last call. */
    public List<Claim> takeNews() {
        if (news.isEmpty()) {
            return List.of();
        }
        List<Claim> taken = List.copyOf(news);
        news.clear();
        return taken;
    }
}
