package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How often the hours of a host lie far out, and how far: peaks over a threshold (Pickands, Annals of Statistics 3, 1975;
 * Siffer, Fouque, Termier, Largouet: Anomaly detection in streams with extreme value theory, KDD 2017). Deviations are
 * logarithms of octets, so an exponential excess is a Pareto of octets: heavier than log-normal, and what sums of few large
 * transfers are like.
 *
 * <p>Both the rate of peaks and their mean excess are learnt under Gamma priors that say "normal distribution", and the chance
 * of a greater one is that of the prediction, so that what is not known yet counts against telling:
 *
 * <pre>
 *  P(deviation &gt; u + y) = (peaks + 1) / (hours + 44) * (s / (s + y)) ^ (peaks + 12),   s = sum of excesses + 12 * 0.373
 * </pre>
 */
final class ExcessTail {

    /** u, standard deviations: of normal values 2.3 % lie beyond, one in 44, by 0.373 on average. */
    private static final double FROM = 2;

    private static final double PRIOR_HOURS = 44;
    private static final double PRIOR_PEAKS = 1;
    private static final double PRIOR_MEAN = 0.373;

    /** What the prior weighs, in peaks: three weeks of a normal distribution have as many. */
    private static final double PRIOR_WEIGHT = 12;

    /** One anomaly does not teach that anything may happen. */
    private static final double MOST_EXCESS = 8;

    /** Hours that are remembered, in the mean: eight weeks, for what recurs by month's end to be known. */
    private static final double KEPT = 1 - 1.0 / (56 * 24);

    private float hours;
    private float peaks;
    private float sum;

    /** @param deviation of a whole hour, standard deviations */
    void learn(double deviation) {
        hours = (float) (KEPT * hours + 1);
        peaks *= (float) KEPT;
        sum *= (float) KEPT;
        if (deviation > FROM) {
            peaks++;
            sum += (float) Math.min(MOST_EXCESS, deviation - FROM);
        }
    }

    /** Natural logarithm of 1/p of an hour that far out; at most what it were for a normal distribution. */
    double evidence(double deviation) {
        double excess = deviation - FROM;
        if (excess <= 0) {
            return 0;
        }
        double scale = sum + PRIOR_WEIGHT * PRIOR_MEAN;
        double rate = (peaks + PRIOR_PEAKS) / (hours + PRIOR_HOURS);
        double beyond = (peaks + PRIOR_WEIGHT) * Math.log1p(excess / scale);
        return Math.min(NormalTail.evidence(deviation), Math.max(0, beyond - Math.log(rate)));
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeFloat(hours);
        out.writeFloat(peaks);
        out.writeFloat(sum);
    }

    void readFrom(DataInput in) throws IOException {
        hours = in.readFloat();
        peaks = in.readFloat();
        sum = in.readFloat();
    }
}
