package io.parallax.signal;

import java.util.Arrays;

/**
 * What the transform of Elastic's package Network Beaconing Identification (elastic/integrations, packages/beaconing) says of
 * times, with its parameters, written anew: in the last six hours, each hour, counts a minute vary little or repeat. What it
 * says of sizes, its lists of processes and of addresses are left out.
 */
final class ElasticRule {

    private static final int BUCKETS = 360;
    private static final long BUCKET_MILLIS = 60_000;
    private static final int BUCKETS_AN_HOUR = 60;
    private static final int LEAST_PERIODS = 6;
    private static final double LEAST_FULL = 0.5;
    private static final double MOST_VARIATION = 0.1;
    private static final double LEAST_CORRELATION = 0.7;
    private static final double TRUNCATE_BELOW = 0.1;
    private static final double TRUNCATE_ABOVE = 0.8;

    private ElasticRule() {}

    static boolean fires(long[] millis) {
        int all = (int) (BeaconTraffic.DAY_MILLIS / BUCKET_MILLIS);
        double[] counts = new double[all];
        for (long time : millis) {
            counts[(int) (time / BUCKET_MILLIS)]++;
        }
        for (int from = 0; from + BUCKETS <= all; from += BUCKETS_AN_HOUR) {
            if (isBeaconing(Arrays.copyOfRange(counts, from, from + BUCKETS))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBeaconing(double[] window) {
        int first = 0;
        int end = window.length;
        while (first < end && window[first] == 0) {
            first++;
        }
        while (end > first && window[end - 1] == 0) {
            end--;
        }
        double[] counts = Arrays.copyOfRange(window, first, end);
        long full = Arrays.stream(counts).filter(count -> count > 0).count();
        if (counts.length < 2 * LEAST_PERIODS || full < LEAST_PERIODS + 1) {
            return false;
        }
        return (full > (int) (LEAST_FULL * counts.length) && isEven(counts)) || repeats(counts);
    }

    private static boolean isEven(double[] counts) {
        double[] full =
                Arrays.stream(counts).filter(count -> count > 0).sorted().toArray();
        double least = full[Math.min((int) (TRUNCATE_BELOW * full.length + 0.5), full.length - 1)];
        double most = full[Math.min((int) (TRUNCATE_ABOVE * full.length + 0.5), full.length - 1)];
        double[] kept = Arrays.stream(counts)
                .filter(count -> count >= least && count <= most)
                .toArray();
        double mean = Arrays.stream(kept).average().orElse(0);
        double variance = Arrays.stream(kept)
                .map(count -> (count - mean) * (count - mean))
                .average()
                .orElse(0);
        return Math.sqrt(variance) <= MOST_VARIATION * mean;
    }

    /** Correlation with itself a period later, averaged with that three and more periods later. */
    private static boolean repeats(double[] counts) {
        int most = counts.length / LEAST_PERIODS;
        double[] correlations = new double[most + 1];
        for (int lag = 2; lag <= most; lag++) {
            correlations[lag] = correlation(counts, lag);
        }
        for (int lag = 2; lag <= most; lag++) {
            double sum = correlations[lag];
            int number = 1;
            for (int multiple = 3 * lag; multiple <= most; multiple += lag) {
                sum += correlations[multiple];
                number++;
            }
            if (sum / number >= LEAST_CORRELATION) {
                return true;
            }
        }
        return false;
    }

    private static double correlation(double[] counts, int lag) {
        int end = counts.length / lag * lag;
        double mean = Arrays.stream(counts, lag, end).average().orElse(0);
        double product = 0;
        double now = 0;
        double before = 0;
        for (int i = lag; i < end; i++) {
            product += (counts[i] - mean) * (counts[i - lag] - mean);
            now += (counts[i] - mean) * (counts[i] - mean);
            before += (counts[i - lag] - mean) * (counts[i - lag] - mean);
        }
        double scale = Math.sqrt(now * before);
        return scale == 0 ? 1 : product / scale;
    }
}
