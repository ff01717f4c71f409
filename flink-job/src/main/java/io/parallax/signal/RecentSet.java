package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Fingerprints of what was met lately: a table of buckets of {@value #WAYS}, the one met last in front; what comes new into a
 * full bucket drops the one that was not met for longest. So it is bounded, finds and adds in {@value #WAYS} steps, and
 * depends only on what it was given in which order. No octet is spent before the first fingerprint.
 */
final class RecentSet {

    private static final int WAYS = 4;
    private static final int[] NOTHING = {};

    private final int size;
    private int[] slots = NOTHING;

    /** @param size fingerprints at most, a power of two */
    RecentSet(int size) {
        this.size = size;
    }

    /** The fingerprint as it was put, with its mark; 0: it is not here. */
    int find(int fingerprint) {
        if (slots.length == 0) {
            return 0;
        }
        int bucket = bucket(fingerprint);
        for (int i = bucket; i < bucket + WAYS; i++) {
            if (isSame(slots[i], fingerprint)) {
                return slots[i];
            }
        }
        return 0;
    }

    /** Puts it in front of its bucket, in place of itself with whatever mark. */
    void put(int fingerprint) {
        if (slots.length == 0) {
            slots = new int[size];
        }
        int bucket = bucket(fingerprint);
        int last = bucket;
        while (last < bucket + WAYS - 1 && !isSame(slots[last], fingerprint)) {
            last++;
        }
        System.arraycopy(slots, bucket, slots, bucket + 1, last - bucket);
        slots[bucket] = fingerprint;
    }

    void remove(int fingerprint) {
        if (slots.length == 0) {
            return;
        }
        int bucket = bucket(fingerprint);
        for (int i = bucket; i < bucket + WAYS; i++) {
            if (isSame(slots[i], fingerprint)) {
                System.arraycopy(slots, i + 1, slots, i, bucket + WAYS - 1 - i);
                slots[bucket + WAYS - 1] = 0;
                return;
            }
        }
    }

    boolean isEmpty() {
        return count() == 0;
    }

    int count() {
        int count = 0;
        for (int slot : slots) {
            count += slot == 0 ? 0 : 1;
        }
        return count;
    }

    private int bucket(int fingerprint) {
        return ((fingerprint >>> 1) & (size / WAYS - 1)) * WAYS;
    }

    private static boolean isSame(int slot, int fingerprint) {
        return slot != 0 && ((slot ^ fingerprint) & ~Endpoints.MARK) == 0;
    }

    void writeTo(DataOutput out) throws IOException {
        int buckets = slots.length / WAYS;
        out.writeByte(buckets);
        for (int bucket = 0; bucket < slots.length; bucket += WAYS) {
            int used = 0;
            while (used < WAYS && slots[bucket + used] != 0) {
                used++;
            }
            out.writeByte(used);
            for (int i = bucket; i < bucket + used; i++) {
                out.writeInt(slots[i]);
            }
        }
    }

    static RecentSet readFrom(int size, DataInput in) throws IOException {
        RecentSet set = new RecentSet(size);
        int buckets = in.readUnsignedByte();
        set.slots = buckets == 0 ? NOTHING : new int[buckets * WAYS];
        for (int bucket = 0; bucket < buckets; bucket++) {
            int used = in.readUnsignedByte();
            for (int i = 0; i < used; i++) {
                set.slots[bucket * WAYS + i] = in.readInt();
            }
        }
        return set;
    }

    void clear() {
        Arrays.fill(slots, 0);
    }
}
