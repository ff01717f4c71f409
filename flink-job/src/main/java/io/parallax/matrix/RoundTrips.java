package io.parallax.matrix;

import io.parallax.sketch.LogBuckets;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Histogram of round trips over {@link LogBuckets}, buckets in order. What was added can be taken back, before it comes too:
 * differences hold negative counts. Not thread-safe.
 */
public final class RoundTrips {

    private static final int FIRST_BUCKETS = 2;

    private int[] buckets = new int[FIRST_BUCKETS];
    private long[] counts = new long[FIRST_BUCKETS];
    private int size;

    /** Adds {@code count} round trips, or takes back if it is negative. */
    void add(int bucket, long count) {
        int at = Arrays.binarySearch(buckets, 0, size, bucket);
        if (at < 0) {
            at = -1 - at;
            insert(at, bucket);
        }
        counts[at] += count;
    }

    private void insert(int at, int bucket) {
        if (size == buckets.length) {
            buckets = Arrays.copyOf(buckets, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        System.arraycopy(buckets, at, buckets, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        buckets[at] = bucket;
        counts[at] = 0;
        size++;
    }

    void add(RoundTrips other) {
        for (int i = 0; i < other.size; i++) {
            add(other.buckets[i], other.counts[i]);
        }
    }

    /** Round trips in it. */
    public long count() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /**
     * Value that {@code share} of the round trips do not exceed, within 2 %, microseconds.
     *
     * @param share above 0, at most 1
     */
    public long quantile(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count()));
        long below = 0;
        for (int i = 0; i < size; i++) {
            below += counts[i];
            if (below >= rank) {
                return LogBuckets.valueOf(buckets[i]);
            }
        }
        throw new IllegalStateException("quantile of no round trips");
    }

    RoundTrips copy() {
        RoundTrips copy = new RoundTrips();
        copy.add(this);
        return copy;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeInt(size);
        for (int i = 0; i < size; i++) {
            out.writeInt(buckets[i]);
            out.writeLong(counts[i]);
        }
    }

    static RoundTrips readFrom(DataInput in) throws IOException {
        RoundTrips read = new RoundTrips();
        for (int left = in.readInt(); left > 0; left--) {
            read.add(in.readInt(), in.readLong());
        }
        return read;
    }
}
