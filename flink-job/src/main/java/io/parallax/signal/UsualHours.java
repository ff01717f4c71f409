package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a host usually sends in each hour of the day, on work days and at weekends: the mean of log2 of the octets of the
 * hour, and how far hours lie from it. Robust: what is far out counts as {@link #MOST_DEVIATIONS} only, so that an anomaly is
 * not learnt at once (Gelper, Fried, Croux: Robust forecasting with exponential and Holt-Winters smoothing, Journal of
 * Forecasting 29, 2010); how often hours are far out is learnt apart ({@link ExcessTail}), and so are jobs of the week
 * ({@link WeeklyPeaks}).
 */
final class UsualHours {

    /** Octets that don't matter: hours below are alike. */
    static final double FLOOR_OCTETS = 1 << 16;

    static final int HOURS_A_DAY = 24;

    private static final int BINS = 2 * HOURS_A_DAY;
    private static final int DAYS_A_WEEK = 7;

    /** The epoch began on a Thursday; weekends are the third and fourth day from there, UTC. */
    private static final int SATURDAY = 2;

    private static final int SUNDAY = 3;

    private static final double MOST_DEVIATIONS = 3;

    /** Of a new hour in the mean of its bin, at least: a fortnight's work days. */
    private static final double LEAST_SHARE = 0.1;

    /** Of a new hour in the variance of all, at least: about a week. */
    private static final double LEAST_VARIANCE_SHARE = 1.0 / 128;

    /** Of all hours in the variance of an hour of the day, in hours: a nightly job is as steady as it is by itself. */
    private static final double ALL_WEIGHT = 8;

    /** Before anything is known: a factor of two a standard deviation, weighing a day. */
    private static final float PRIOR_VARIANCE = 1;

    private static final int PRIOR_HOURS = 24;

    /** Nothing is steadier than by a fifth, for all that is known from a week. */
    private static final double LEAST_DEVIATION = 0.25;

    /** Of the last hour's deviation and of those before it, in what is expected next: a half and a quarter hang together. */
    private static final double DRIFT_SHARE = 0.4;

    private static final double DRIFT_KEPT = 0.5;

    /** Before that a deviation says more of the baseline than of the hour. */
    private static final int LEAST_TAIL_HOURS = 8;

    /** Standard deviations from which on an hour may be a job of the week. */
    private static final double PEAK = 3;

    private final float[] means = new float[BINS];
    private final byte[] heard = new byte[BINS];

    /** Sums of the squares of sudden residuals of each bin, of as many as were heard but one. */
    private final float[] suddenSquares = new float[BINS];

    private final ExcessTail tail = new ExcessTail();
    private final WeeklyPeaks peaks = new WeeklyPeaks();
    private float variance = PRIOR_VARIANCE;
    private float suddenVariance = PRIOR_VARIANCE;
    private float drift;
    private int hours;

    /** Hours that were learnt from. */
    int count() {
        return hours;
    }

    /** Three days, and the same hour twice: below, nothing is known. */
    boolean isKnown(long hour) {
        return hours >= 3 * HOURS_A_DAY && heard[bin(hour)] >= 2;
    }

    /** From what is usual for the whole hour, as a standard normal value. */
    double deviation(long hour, long sent) {
        int bin = bin(hour);
        return NormalTail.normalOf((level(sent) - means[bin]) / spread(variance, bin), hours);
    }

    /** The same from what the hours before and the week before lead to expect besides: a busy day is busy all day. */
    double suddenDeviation(long hour, long sent) {
        int bin = bin(hour);
        double expected = peaks.usual(hour, means[bin] + drift);
        return NormalTail.normalOf((level(sent) - expected) / spread(suddenVariance(bin), bin), hours);
    }

    /** How improbable that is, by what this host's hours are like: nats. */
    double suddenEvidence(long hour, long sent) {
        return tail.evidence(suddenDeviation(hour, sent));
    }

    private static double level(long sent) {
        return NormalTail.log2(sent, FLOOR_OCTETS);
    }

    /** Of this hour of the day, shrunk towards that of all. */
    private double suddenVariance(int bin) {
        return (ALL_WEIGHT * suddenVariance + suddenSquares[bin]) / (ALL_WEIGHT + Math.max(0, heard[bin] - 1));
    }

    private double spread(double squared, int bin) {
        return Math.max(LEAST_DEVIATION, Math.sqrt(squared)) * Math.sqrt(1 + 1.0 / heard[bin]);
    }

    /** Octets usual in this hour of the day. */
    double usual(long hour) {
        return Math.max(0, Math.pow(2, means[bin(hour)]) - FLOOR_OCTETS);
    }

    void learn(long hour, long sent) {
        int bin = bin(hour);
        if (heard[bin] == 0) {
            means[bin] = (float) level(sent);
            heard[bin] = 1;
            return;
        }
        if (hours >= LEAST_TAIL_HOURS) {
            learnTail(hour, sent);
        }
        learnMoments(bin, level(sent) - means[bin]);
        heard[bin] = (byte) Math.min(heard[bin] + 1, (int) Math.round(1 / LEAST_SHARE));
        hours = Math.min(hours + 1, 1 << 12);
    }

    private void learnTail(long hour, long sent) {
        tail.learn(suddenDeviation(hour, sent));
        if (deviation(hour, sent) > PEAK) {
            peaks.add(hour, level(sent));
        }
    }

    private void learnMoments(int bin, double far) {
        double weight = heard[bin] / (1.0 + heard[bin]);
        double residual = clip(far, spread(variance, bin));
        double sudden = clip(far - drift, spread(suddenVariance(bin), bin));
        double share = Math.max(LEAST_VARIANCE_SHARE, 1.0 / (PRIOR_HOURS + hours + 1));
        double kept = heard[bin] * LEAST_SHARE < 1 ? 1 : 1 - LEAST_SHARE;
        suddenSquares[bin] = (float) (kept * suddenSquares[bin] + weight * sudden * sudden);
        variance += (float) (share * (weight * residual * residual - variance));
        suddenVariance += (float) (share * (weight * sudden * sudden - suddenVariance));
        drift = (float) (DRIFT_KEPT * drift + DRIFT_SHARE * residual);
        means[bin] += (float) (Math.max(LEAST_SHARE, 1.0 / (heard[bin] + 1)) * residual);
    }

    private static double clip(double residual, double spread) {
        return Math.max(-MOST_DEVIATIONS * spread, Math.min(MOST_DEVIATIONS * spread, residual));
    }

    private static int bin(long hour) {
        int day = (int) Math.floorMod(Math.floorDiv(hour, (long) HOURS_A_DAY), (long) DAYS_A_WEEK);
        int hourOfDay = (int) Math.floorMod(hour, (long) HOURS_A_DAY);
        return day == SATURDAY || day == SUNDAY ? HOURS_A_DAY + hourOfDay : hourOfDay;
    }

    void writeTo(DataOutput out) throws IOException {
        for (int bin = 0; bin < BINS; bin++) {
            out.writeFloat(means[bin]);
            out.writeFloat(suddenSquares[bin]);
        }
        out.write(heard);
        tail.writeTo(out);
        peaks.writeTo(out);
        out.writeFloat(variance);
        out.writeFloat(suddenVariance);
        out.writeFloat(drift);
        out.writeShort(hours);
    }

    void readFrom(DataInput in) throws IOException {
        for (int bin = 0; bin < BINS; bin++) {
            means[bin] = in.readFloat();
            suddenSquares[bin] = in.readFloat();
        }
        in.readFully(heard);
        tail.readFrom(in);
        peaks.readFrom(in);
        variance = in.readFloat();
        suddenVariance = in.readFloat();
        drift = in.readFloat();
        hours = in.readShort();
    }
}
