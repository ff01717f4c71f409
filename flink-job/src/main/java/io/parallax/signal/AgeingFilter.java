package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Fingerprints of what was met within a week, more of them than a table of the same size holds: two Bloom filters, of which
 * the younger takes what is met and the older is dropped when the younger is half full or eight days old (Yoon: Aging Bloom
 * filter with two active buffers for dynamic sets, IEEE TKDE 22, 2010). The latest {@value #CAPACITY} at least are known;
 * what is not may seem to be: at most one in eight, where both filters are half full, one in 2,500 at 50 fingerprints.
 */
final class AgeingFilter {

    /** A generation: so many fingerprints make half of its bits, 1024 ln 2 / 4. */
    static final int CAPACITY = 177;

    private static final int BITS = 1_024;
    private static final int WORDS = BITS / Long.SIZE;
    private static final int HASHES = 4;
    private static final int BITS_OF_PLACE = 10;
    private static final long[] NOTHING = {};
    private static final long GENERATION_NANOS = TimeUnit.DAYS.toNanos(8);
    private static final long SECOND_MIX = 0xC2B2_AE3D_27D4_EB4FL;

    private long[] young = NOTHING;
    private long[] old = NOTHING;
    private long begun = Long.MIN_VALUE;

    boolean isKnown(int fingerprint) {
        return isIn(young, fingerprint) || isIn(old, fingerprint);
    }

    private static boolean isIn(long[] filter, int fingerprint) {
        if (filter.length == 0) {
            return false;
        }
        long places = places(fingerprint);
        for (int i = 0; i < HASHES; i++) {
            int bit = (int) (places >>> (i * BITS_OF_PLACE)) & (BITS - 1);
            if ((filter[bit / Long.SIZE] & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Bits of a fingerprint, ten each. */
    private static long places(int fingerprint) {
        long mixed = (fingerprint + SECOND_MIX) * SECOND_MIX;
        return ((mixed ^ (mixed >>> Integer.SIZE)) * SECOND_MIX) >>> (Long.SIZE - HASHES * BITS_OF_PLACE);
    }

    void put(int fingerprint, long time) {
        if (isIn(young, fingerprint) && time - begun < GENERATION_NANOS) {
            return;
        }
        if (young.length == 0 || time - begun >= GENERATION_NANOS || 2 * bits(young) >= BITS) {
            old = young;
            young = new long[WORDS];
            begun = time;
        }
        long places = places(fingerprint);
        for (int i = 0; i < HASHES; i++) {
            int bit = (int) (places >>> (i * BITS_OF_PLACE)) & (BITS - 1);
            young[bit / Long.SIZE] |= 1L << bit;
        }
    }

    private static int bits(long[] filter) {
        return Arrays.stream(filter).mapToInt(Long::bitCount).sum();
    }

    /** About how many are known; what is in both filters counts once. */
    long count() {
        long[] all = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
            all[i] = (young.length == 0 ? 0 : young[i]) | (old.length == 0 ? 0 : old[i]);
        }
        int zeros = Math.max(1, BITS - bits(all));
        return Math.round(BITS * Math.log((double) BITS / zeros) / HASHES);
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeLong(begun);
        write(young, out);
        write(old, out);
    }

    private static void write(long[] filter, DataOutput out) throws IOException {
        out.writeByte(filter.length);
        for (long word : filter) {
            out.writeLong(word);
        }
    }

    static AgeingFilter readFrom(DataInput in) throws IOException {
        AgeingFilter filter = new AgeingFilter();
        filter.begun = in.readLong();
        filter.young = read(in);
        filter.old = read(in);
        return filter;
    }

    private static long[] read(DataInput in) throws IOException {
        int words = in.readUnsignedByte();
        long[] filter = words == 0 ? NOTHING : new long[words];
        for (int i = 0; i < words; i++) {
            filter[i] = in.readLong();
        }
        return filter;
    }
}
