package io.parallax.signal;

import java.util.Arrays;

/**
 * Intervals between connections by their length: a quarter of an octave a bin between 4 s and 8192 s, one bin below and one
 * above. Fine enough to tell a period with little jitter, and few enough to be kept for every edge.
 */
final class GapBins {

    static final int COUNT = 46;

    /** Connections closer than this are one visit: parallel connections of one check-in, redirects. */
    static final long LEAST_GAP_MILLIS = 1_000;

    private static final double FINE_FROM_SECONDS = 4;
    private static final double BINS_PER_OCTAVE = 4;
    private static final double MILLIS = 1_000;

    /** Lower edges in seconds; that after the last is infinite. */
    private static final double[] EDGES = new double[COUNT + 1];

    private static final long[] EDGES_MILLIS = new long[COUNT];

    static {
        for (int bin = 0; bin < COUNT; bin++) {
            EDGES[bin] = bin == 0 ? LEAST_GAP_MILLIS / MILLIS : edge(bin - 1);
            EDGES_MILLIS[bin] = (long) StrictMath.ceil(EDGES[bin] * MILLIS);
        }
        EDGES[COUNT] = Double.POSITIVE_INFINITY;
    }

    private GapBins() {}

    private static double edge(double number) {
        return FINE_FROM_SECONDS * StrictMath.pow(2, number / BINS_PER_OCTAVE);
    }

    /** The bin of an interval of at least {@link #LEAST_GAP_MILLIS}. */
    static int of(long millis) {
        int found = Arrays.binarySearch(EDGES_MILLIS, millis);
        return found >= 0 ? found : -found - 2;
    }

    /** Seconds, infinite for {@link #COUNT}. */
    static double lower(int bin) {
        return EDGES[bin];
    }

    /** Something typical of the bin, seconds. */
    static double middle(int bin) {
        return bin == COUNT - 1 ? EDGES[bin] : StrictMath.sqrt(EDGES[bin] * EDGES[bin + 1]);
    }
}
