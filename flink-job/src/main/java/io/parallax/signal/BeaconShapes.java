package io.parallax.signal;

/**
 * How intervals are spread if a program checks in: period times uniform jitter, of which some check-ins were missed. A missed
 * one joins two intervals, so an observed interval is the sum of k of them with probability (1 - m) m^(k-1).
 *
 * <p>A few in a hundred intervals may be anything: a host that was off, an operator at work.
 */
final class BeaconShapes {

    private static final double[] JITTERS = {0.1, 0.25, 0.5, 0.8};

    /** Periods an octave: with little jitter they must lie closer to be hit. */
    private static final int[] PERIODS_PER_OCTAVE = {8, 4, 4, 4};

    private static final double[] MISSED = {0.03, 0.3};

    /** Share of intervals that may be anything. */
    private static final double STRAY = 0.02;

    private static final double LEAST_PERIOD_SECONDS = 5;
    private static final double MOST_PERIOD_SECONDS = 3_600;
    private static final int MOST_JOINED = 6;

    private static final int SHAPES = shapes();
    private static final float[][] LOGS = new float[GapBins.COUNT][SHAPES];
    private static final double[] PRIORS = new double[SHAPES];
    private static final float[] PERIODS = new float[SHAPES];
    private static final float[] SPREADS = new float[SHAPES];
    private static final float[] LOSSES = new float[SHAPES];

    static {
        int shape = 0;
        for (int i = 0; i < JITTERS.length; i++) {
            int periods = periods(i);
            for (int number = 0; number < periods; number++) {
                double period = LEAST_PERIOD_SECONDS * StrictMath.pow(2, (double) number / PERIODS_PER_OCTAVE[i]);
                for (double missed : MISSED) {
                    PERIODS[shape] = (float) period;
                    SPREADS[shape] = (float) JITTERS[i];
                    LOSSES[shape] = (float) missed;
                    PRIORS[shape] = -StrictMath.log((double) JITTERS.length * MISSED.length * periods);
                    fill(shape, period, JITTERS[i], missed);
                    shape++;
                }
            }
        }
    }

    private BeaconShapes() {}

    private static int periods(int jitter) {
        double octaves = StrictMath.log(MOST_PERIOD_SECONDS / LEAST_PERIOD_SECONDS) / StrictMath.log(2);
        return (int) (octaves * PERIODS_PER_OCTAVE[jitter]) + 1;
    }

    private static int shapes() {
        int all = 0;
        for (int i = 0; i < JITTERS.length; i++) {
            all += periods(i) * MISSED.length;
        }
        return all;
    }

    private static void fill(int shape, double period, double jitter, double missed) {
        double before = below(GapBins.lower(0) / period, jitter, missed);
        for (int bin = 0; bin < GapBins.COUNT; bin++) {
            double after = below(GapBins.lower(bin + 1) / period, jitter, missed);
            double share = (1 - STRAY) * Math.max(0, after - before) + STRAY / GapBins.COUNT;
            LOGS[bin][shape] = (float) StrictMath.log(share);
            before = after;
        }
    }

    /** Probability of an interval of less than {@code x} periods. */
    private static double below(double x, double jitter, double missed) {
        double sum = 0;
        double weight = 1 - missed;
        double left = 1;
        for (int joined = 1; joined <= MOST_JOINED; joined++) {
            double share = joined == MOST_JOINED ? left : weight;
            sum += share * belowJoined(x, joined, jitter);
            left -= weight;
            weight *= missed;
        }
        return sum;
    }

    /** The same of the sum of some intervals without a miss: exact for one and two, by the central limit beyond. */
    private static double belowJoined(double x, int joined, double jitter) {
        double least = joined * (1 - jitter);
        double most = joined * (1 + jitter);
        double at = Math.min(1, Math.max(0, (x - least) / (most - least)));
        if (joined == 1) {
            return at;
        }
        if (joined == 2) {
            return at < 0.5 ? 2 * at * at : 1 - 2 * (1 - at) * (1 - at);
        }
        return Gaussian.below((x - joined) / (jitter * StrictMath.sqrt(joined / 3.0)));
    }

    static float period(int shape) {
        return PERIODS[shape];
    }

    static float jitter(int shape) {
        return SPREADS[shape];
    }

    static float missed(int shape) {
        return LOSSES[shape];
    }

    /** Logarithm of prior times likelihood of each shape. */
    static double[] logLikelihoods(int[] counts) {
        double[] logs = PRIORS.clone();
        for (int bin = 0; bin < GapBins.COUNT; bin++) {
            int count = counts[bin];
            if (count > 0) {
                float[] of = LOGS[bin];
                for (int shape = 0; shape < SHAPES; shape++) {
                    logs[shape] += count * of[shape];
                }
            }
        }
        return logs;
    }
}
