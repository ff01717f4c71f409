package io.parallax.wire;

import java.util.Arrays;

/**
 * Numbers distinct keys of a fixed width of longs in the order of their first appearance. Open addressing, linear
 * probing, at most half full; nothing is allocated while it does not grow.
 */
final class KeyDictionary {

    private static final int FIRST_SLOTS = 1024;

    private final int width;
    private final long[] multipliers;
    private long[] keys;
    /** Index plus one of the key that hashes here; 0: free. */
    private int[] slots = new int[FIRST_SLOTS];

    private int size;

    KeyDictionary(int width) {
        this.width = width;
        this.multipliers = multipliers(width);
        this.keys = new long[width * FIRST_SLOTS / 2];
    }

    int size() {
        return size;
    }

    void clear() {
        Arrays.fill(slots, 0);
        size = 0;
    }

    /** The key's index; when it is new, the bitwise complement of the index that it now has. */
    int add(long[] key) {
        int mask = slots.length - 1;
        int slot = hash(key) & mask;
        while (slots[slot] != 0) {
            int index = slots[slot] - 1;
            if (matches(index * width, key)) {
                return index;
            }
            slot = slot + 1 & mask;
        }
        slots[slot] = size + 1;
        append(key);
        return ~(size - 1);
    }

    private void append(long[] key) {
        if (keys.length < (size + 1) * width) {
            keys = Arrays.copyOf(keys, keys.length * 2);
        }
        System.arraycopy(key, 0, keys, size * width, width);
        size++;
        if (size * 2 > slots.length) {
            rehash();
        }
    }

    private boolean matches(int start, long[] key) {
        return Arrays.equals(keys, start, start + width, key, 0, width);
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        int mask = slots.length - 1;
        long[] key = new long[width];
        for (int index = 0; index < size; index++) {
            System.arraycopy(keys, index * width, key, 0, width);
            int slot = hash(key) & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = index + 1;
        }
    }

    /**
     * Multilinear: a sum of products, which the processor computes side by side, where mixing word after word would wait
     * for each product. The high half is the well-mixed one.
     */
    private int hash(long[] key) {
        long hash = 0;
        for (int i = 0; i < width; i++) {
            hash += (key[i] ^ (key[i] >>> 32)) * multipliers[i];
        }
        return (int) ((hash ^ (hash >>> 29)) >>> 32);
    }

    /** Odd numbers without a pattern, by the SplitMix64 generator: with a pattern, neighbouring addresses would collide. */
    private static long[] multipliers(int count) {
        long[] multipliers = new long[count];
        for (int i = 0; i < count; i++) {
            long mixed = (i + 1) * 0x9E3779B97F4A7C15L;
            mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
            mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
            multipliers[i] = (mixed ^ (mixed >>> 31)) | 1;
        }
        return multipliers;
    }
}
