package io.parallax.model;

import java.util.List;

/**
 * Facts about subjects of one bucket, in no order.
 *
 * @param bucket the key of the stream: {@link #bucketOf} of the subjects
 */
public record Facts<F extends Fact>(int bucket, List<F> facts) {

    /** Subjects are spread over as many keys. Part of the state's layout: another number loses what is known of them. */
    public static final int BUCKETS = 128;

    private static final int MIX = 0x9E37_79B9;
    private static final int HALF = 16;

    /** The bucket, 0 to {@value #BUCKETS} - 1, in which a subject is kept: the same in every process. */
    public static int bucketOf(String subject) {
        int hash = subject.hashCode();
        hash = (hash ^ (hash >>> HALF)) * MIX;
        hash ^= hash >>> HALF;
        return (int) (((hash & 0xFFFF_FFFFL) * BUCKETS) >>> Integer.SIZE);
    }
}
