package io.parallax.sketch;

/**
 * Buckets of a histogram whose bounds grow by a factor, so that a bucket's middle is within 2 % of every value in it.
 *
 * <p>The buckets are those of DDSketch (Masson, Rim, Lee: DDSketch, a fast and fully-mergeable quantile sketch with
 * relative-error guarantees, PVLDB 12(12), 2019, section 2.1); counts are kept by whoever uses them. Counts and not a sketch
 * from a library: a cell of the matrix takes back what a superseded revision said, and sketches only add.
 */
public final class LogBuckets {

    /** Stands for "no value". */
    public static final int NONE = 0;

    private static final double RELATIVE_ERROR = 0.02;
    private static final double GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
    private static final double LOG_GROWTH = Math.log(GROWTH);

    /** Of the greatest value, 2^40: a little more than 12 days in microseconds. */
    public static final int GREATEST = bucketOf(1L << 40);

    private LogBuckets() {}

    /** Bucket, from 1 on, of a value; values below 1 count as 1, those above 2^40 as that. */
    public static int bucketOf(long value) {
        long within = Math.min(Math.max(value, 1), 1L << 40);
        return 1 + (int) Math.ceil(Math.log((double) within) / LOG_GROWTH - 1e-9);
    }

    /** The value that stands for all of a bucket, within 2 % of each. */
    public static long valueOf(int bucket) {
        return Math.round(2 * Math.pow(GROWTH, bucket - 1) / (GROWTH + 1));
    }
}
