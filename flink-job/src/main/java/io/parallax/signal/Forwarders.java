package io.parallax.signal;

import io.parallax.wire.PacketHeader;

/**
 * Which MAC addresses forward packets of others: those from which packets of {@value #SOURCES} source addresses came with a
 * TTL that somebody has lowered. Systems start with 64, 128 or 255, and each router takes one away (RFC 791, section 3.2).
 *
 * <p>Who floods a link with MAC addresses keeps routers from being learnt once there is no room; who sends packets with a
 * lowered TTL from three addresses passes for a router.
 *
 * <pre>
 *  slot 0  MAC address, 0: free   1-3  hashes of the source addresses seen, 0: none
 * </pre>
 *
 * <p>Open addressing with linear probing, at most half full. Not thread-safe.
 */
final class Forwarders {

    static final int MOST = 512;

    private static final int SOURCES = 3;
    private static final int WIDTH = 1 + SOURCES;
    private static final int SLOTS = 2 * MOST;
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
    private static final int HALF = 32;

    /** Initial TTLs in use; a path has fewer than 32 routers, and a lower TTL is one of traceroute or of the link alone. */
    private static final int[] INITIAL_TTLS = {64, 128, 255};

    private static final int LONGEST_PATH = 31;

    private final long[] slots = new long[SLOTS * WIDTH];
    private int size;

    void learn(PacketHeader entry) {
        if (!isForwarded(entry.ttl) || entry.sourceMac == 0) {
            return;
        }
        int slot = slotOf(entry.sourceMac);
        if (slots[slot] == 0) {
            if (size == MOST) {
                return;
            }
            slots[slot] = entry.sourceMac;
            size++;
        }
        long source = (((entry.sourceHigh * SPREAD) ^ entry.sourceLow) * SPREAD) | 1;
        for (int i = slot + 1; i < slot + WIDTH && slots[i] != source; i++) {
            if (slots[i] == 0) {
                slots[i] = source;
                return;
            }
        }
    }

    boolean contains(long mac) {
        return slots[slotOf(mac) + SOURCES] != 0;
    }

    private static boolean isForwarded(int ttl) {
        for (int initial : INITIAL_TTLS) {
            if (ttl < initial && ttl >= initial - LONGEST_PATH) {
                return true;
            }
        }
        return false;
    }

    private int slotOf(long mac) {
        int i = (int) ((mac * SPREAD) >>> HALF) & (SLOTS - 1);
        while (slots[i * WIDTH] != 0 && slots[i * WIDTH] != mac) {
            i = (i + 1) & (SLOTS - 1);
        }
        return i * WIDTH;
    }
}
