package io.parallax.matrix;

import io.parallax.model.MatrixDelta;
import io.parallax.model.MatrixLevel;

/**
 * Hash of what names a cell, the same in every JVM: buckets are assigned by it, so it must not change while checkpoints of
 * before are to be restored.
 */
public final class CellHash {

    private CellHash() {}

    /** Hash of the cell that {@code delta} adds to. */
    static int of(MatrixDelta delta) {
        return of(
                delta.level,
                delta.realm,
                delta.family,
                delta.sourceHigh,
                delta.sourceLow,
                delta.destinationHigh,
                delta.destinationLow);
    }

    static int of(
            MatrixLevel level,
            String realm,
            int family,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow) {
        long hash = mix(realm.hashCode() ^ ((long) LevelNumbers.of(level) << 32) ^ ((long) family << 40), sourceHigh);
        hash = mix(hash, sourceLow);
        hash = mix(hash, destinationHigh);
        hash = mix(hash, destinationLow);
        return (int) (hash ^ (hash >>> 32));
    }

    /** The bucket, 0 to {@code buckets} - 1, of the cell that {@code delta} adds to: the high bits, slots use the low ones. */
    public static int bucket(MatrixDelta delta, int buckets) {
        return (int) (((of(delta) & 0xFFFF_FFFFL) * buckets) >>> 32);
    }

    /** 2^64 divided by the golden ratio, so that neighbouring addresses part. */
    private static long mix(long hash, long word) {
        long mixed = (hash ^ word) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 32);
    }
}
