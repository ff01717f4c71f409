package io.parallax.signal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The beacon score of RITA v5 (activecm/rita, analysis/beacons.go, with the weights of its default_config.hjson), written
 * anew: a quarter each of how symmetric and narrow intervals are, the same of sizes, how long contact lasts, and how even the
 * hours of the day are. It drops internal traffic before and changes the score by prevalence and age afterwards; neither is
 * done here.
 */
final class RitaRule {

    private static final int HOURS = 24;
    private static final int LEAST_CONNECTIONS = 4;
    private static final int LEAST_HOURS = 6;
    private static final double IDEAL_HOURS = 12;
    private static final int BIMODAL_HOURS = 11;
    private static final double MODE_SENSITIVITY = 0.05;
    private static final double LEAST_QUARTILE_RANGE = 10;

    private RitaRule() {}

    /** 0 to 1; the configuration calls 0.5 its base, 0.7 low, 0.9 medium. */
    static double score(long[] millis, double[] sizes) {
        long[] seconds =
                Arrays.stream(millis).map(time -> time / 1_000).distinct().toArray();
        if (seconds.length < LEAST_CONNECTIONS) {
            return 0;
        }
        double[] gaps = new double[seconds.length - 1];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = seconds[i + 1] - seconds[i];
        }
        double[] hours = new double[HOURS];
        for (long time : seconds) {
            hours[(int) Math.min(HOURS - 1, time / 3_600)]++;
        }
        double span = seconds[seconds.length - 1] - seconds[0];
        return (regularity(gaps, 1) + regularity(sizes, 0) + evenness(hours) + duration(hours, span)) / 4;
    }

    private static double regularity(double[] values, double ofNoMedian) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        double low = median(sorted, 0, half);
        double middle = median(sorted, 0, sorted.length);
        double high = median(sorted, sorted.length - half, sorted.length);
        boolean isSkewed = high - low >= LEAST_QUARTILE_RANGE && middle != low && middle != high;
        double skew = isSkewed ? (low + high - 2 * middle) / (high - low) : 0;
        double[] deviations = Arrays.stream(sorted)
                .map(value -> Math.abs(value - middle))
                .sorted()
                .toArray();
        double narrow =
                middle < 1 ? ofNoMedian : Math.max(0, (middle - median(deviations, 0, deviations.length)) / middle);
        return (1 - Math.abs(skew) + narrow) / 2;
    }

    private static double median(double[] sorted, int from, int to) {
        int middle = (from + to) / 2;
        return (to - from) % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double evenness(double[] hours) {
        double mean = Arrays.stream(hours).average().orElse(0);
        double variance = Arrays.stream(hours)
                .map(count -> (count - mean) * (count - mean))
                .average()
                .orElse(0);
        return Math.max(Math.max(0, 1 - Math.sqrt(variance) / mean), bimodal(hours));
    }

    private static double bimodal(double[] hours) {
        double width = Math.ceil(Arrays.stream(hours).max().orElse(0) * MODE_SENSITIVITY);
        Map<Integer, Integer> modes = new LinkedHashMap<>();
        int seen = 0;
        for (double count : hours) {
            if (count > 0) {
                seen++;
                modes.merge((int) (count / width), 1, Integer::sum);
            }
        }
        if (seen < BIMODAL_HOURS) {
            return 0;
        }
        int[] sorted =
                modes.values().stream().mapToInt(Integer::intValue).sorted().toArray();
        int largest = sorted[sorted.length - 1] + (sorted.length > 1 ? sorted[sorted.length - 2] : 0);
        return Math.min(1, (double) largest / (seen - 1));
    }

    private static double duration(double[] hours, double spanSeconds) {
        int seen = 0;
        int run = 0;
        int longest = 0;
        for (int i = 0; i < 2 * HOURS; i++) {
            boolean isSeen = hours[i % HOURS] > 0;
            run = isSeen ? run + 1 : 0;
            longest = Math.max(longest, run);
            seen += isSeen && i < HOURS ? 1 : 0;
        }
        double covered = spanSeconds / (HOURS * 3_600);
        return seen < LEAST_HOURS ? 0 : Math.min(1, Math.max(covered, Math.min(longest, HOURS) / IDEAL_HOURS));
    }
}
