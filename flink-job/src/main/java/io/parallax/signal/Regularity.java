package io.parallax.signal;

/**
 * How much likelier intervals are if a program checks in than under the usual process that explains them best.
 *
 * @param evidence natural logarithm of the likelihood ratio, nats: all shapes of a beacon weighted beforehand, against the
 *     best of all usual ones
 * @param periodSeconds of the likeliest shape of a beacon
 * @param jitter of that shape, as a share of the period
 * @param missed of that shape: share of check-ins that were not seen
 */
record Regularity(double evidence, double periodSeconds, double jitter, double missed) {

    static final Regularity NONE = new Regularity(Double.NEGATIVE_INFINITY, 0, 0, 0);

    /** Bins of two octaves. */
    static final int WIDTH = 8;

    /** At random at most 47 % of intervals lie within two octaves; of a beacon with 80 % jitter and 30 % missed 68 %. */
    private static final double LEAST_DENSE = 0.55;

    /** @param least evidence below it need not be exact */
    static Regularity of(int[] counts, double least) {
        if (densest(counts) < LEAST_DENSE) {
            return NONE;
        }
        double[] logs = BeaconShapes.logLikelihoods(counts);
        int best = 0;
        for (int shape = 1; shape < logs.length; shape++) {
            best = logs[shape] > logs[best] ? shape : best;
        }
        double sum = 0;
        for (double log : logs) {
            sum += StrictMath.exp(log - logs[best]);
        }
        double beacon = logs[best] + StrictMath.log(sum);
        double usual = UsualShapes.logLikelihood(counts, beacon, least);
        return new Regularity(
                beacon - usual, BeaconShapes.period(best), BeaconShapes.jitter(best), BeaconShapes.missed(best));
    }

    /** Greatest share of intervals within two octaves. */
    private static double densest(int[] counts) {
        int all = 0;
        int within = 0;
        int most = 0;
        for (int bin = 0; bin < counts.length; bin++) {
            all += counts[bin];
            within += counts[bin] - (bin >= WIDTH ? counts[bin - WIDTH] : 0);
            most = Math.max(most, within);
        }
        return all == 0 ? 0 : (double) most / all;
    }
}
