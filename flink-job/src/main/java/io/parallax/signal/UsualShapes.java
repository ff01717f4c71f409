package io.parallax.signal;

import java.util.Arrays;

/**
 * How intervals are spread if nothing checks in: any mixture of exponentials (arrivals at random whose rate changes with the
 * hour, the user, the load; Weibull and gamma of shape below one and Lomax are such mixtures, too: Feldmann and Whitt 1998),
 * of log-normals of deviation {@value #LOG_DEVIATION} and more (time to think; exponentials have 1.28), and of Pareto that
 * begin within a few seconds (silences of web users: Barford and Crovella 1998, tail {@value #TAIL} or heavier). All of them
 * are wide; no mixture of them is narrow.
 *
 * <p>The likeliest mixture is searched by expectation-maximisation, which only climbs: where a step of the search already
 * explains the intervals well enough, there is no need to go on.
 */
final class UsualShapes {

    private static final double LOG_DEVIATION = 1;
    private static final double TAIL = 1.5;

    /** What the search may still miss after its last step, nats an interval (a test measures it). */
    static final double SLACK = 0.01;

    static final int STEPS = 120;

    /** The search ends when no more than this share of the evidence beyond the threshold can be lost. */
    private static final double CLOSE = 0.1;

    private static final int CENTRES = 30;
    private static final double CENTRES_PER_OCTAVE = 2;

    /** Pareto begin at the lower edges of the first bins: at most at 6.7 s. */
    private static final int SOON = 5;

    private static final double LEAST_SHARE = 1e-12;
    private static final int SHAPES = 2 * CENTRES + SOON;
    private static final double[][] SHARES = new double[SHAPES][GapBins.COUNT];

    private interface Survival {
        double above(double seconds);
    }

    static {
        for (int i = 0; i < CENTRES; i++) {
            double centre = StrictMath.pow(2, i / CENTRES_PER_OCTAVE);
            fill(SHARES[i], x -> StrictMath.exp(-x / centre));
            fill(SHARES[CENTRES + i], x -> Gaussian.below(-StrictMath.log(x / centre) / LOG_DEVIATION));
        }
        for (int i = 0; i < SOON; i++) {
            double least = GapBins.lower(i);
            fill(SHARES[2 * CENTRES + i], x -> x <= least ? 1 : StrictMath.pow(x / least, -TAIL));
        }
    }

    private UsualShapes() {}

    /** Given that an interval is long enough to be one. */
    private static void fill(double[] shares, Survival survival) {
        double all = survival.above(GapBins.lower(0));
        for (int bin = 0; bin < shares.length; bin++) {
            double after = bin == shares.length - 1 ? 0 : survival.above(GapBins.lower(bin + 1));
            shares[bin] = Math.max(LEAST_SHARE, (survival.above(GapBins.lower(bin)) - after) / all);
        }
    }

    /**
     * Logarithm of the greatest likelihood of the counts among all mixtures, at most a tenth of what the evidence exceeds
     * {@code least} too large; something smaller where the evidence is below it.
     *
     * <p>The greatest gain of a shape bounds what all further steps can gain (Lindsay 1983): no need to go on for the rest.
     *
     * @param beacon logarithm of the likelihood under the alternative
     * @param least evidence that matters
     */
    static double logLikelihood(int[] counts, double beacon, double least) {
        int all = Arrays.stream(counts).sum();
        double slack = SLACK * all;
        double[] weights = even();
        double[] mixture = new double[GapBins.COUNT];
        double reached = mix(counts, weights, mixture);
        for (int step = 0; step < STEPS && beacon - reached - slack > least; step++) {
            double left = all * StrictMath.log(climb(counts, all, weights, mixture));
            if (left <= CLOSE * (beacon - reached - least)) {
                return reached + left;
            }
            reached = mix(counts, weights, mixture);
        }
        return reached + slack;
    }

    /** The same after so many steps, whatever it is good for. */
    static double reached(int[] counts, int steps) {
        int all = Arrays.stream(counts).sum();
        double[] weights = even();
        double[] mixture = new double[GapBins.COUNT];
        double reached = mix(counts, weights, mixture);
        for (int step = 0; step < steps; step++) {
            climb(counts, all, weights, mixture);
            reached = mix(counts, weights, mixture);
        }
        return reached;
    }

    private static double[] even() {
        double[] weights = new double[SHAPES];
        Arrays.fill(weights, 1.0 / SHAPES);
        return weights;
    }

    private static double mix(int[] counts, double[] weights, double[] mixture) {
        double log = 0;
        for (int bin = 0; bin < GapBins.COUNT; bin++) {
            if (counts[bin] > 0) {
                double share = 0;
                for (int shape = 0; shape < SHAPES; shape++) {
                    share += weights[shape] * SHARES[shape][bin];
                }
                mixture[bin] = share;
                log += counts[bin] * StrictMath.log(share);
            }
        }
        return log;
    }

    /** A step; the greatest gain of a shape before it. */
    private static double climb(int[] counts, int all, double[] weights, double[] mixture) {
        double greatest = 0;
        for (int shape = 0; shape < SHAPES; shape++) {
            double gain = 0;
            for (int bin = 0; bin < GapBins.COUNT; bin++) {
                if (counts[bin] > 0) {
                    gain += counts[bin] * SHARES[shape][bin] / mixture[bin];
                }
            }
            weights[shape] *= gain / all;
            greatest = Math.max(greatest, gain / all);
        }
        return greatest;
    }
}
