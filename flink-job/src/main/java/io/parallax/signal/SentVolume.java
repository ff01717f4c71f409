package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What a host usually sends in each hour of the day, on work days and at weekends: the mean of log2 of the octets of the
 * hour, and one deviation for all. Robust: what is far out counts as {@link #MOST_DEVIATIONS} only, so that an anomaly is
 * not learnt at once (Gelper, Fried, Croux: Robust forecasting with exponential and Holt-Winters smoothing, Journal of
 * Forecasting 29, 2010).
 */
final class SentVolume implements Memory {

    static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

    /** Octets that don't matter: hours below are alike. */
    static final double FLOOR_OCTETS = 1 << 16;

    private static final int VERSION = 1;
    private static final int HOURS_A_DAY = 24;
    private static final int BINS = 2 * HOURS_A_DAY;
    private static final int DAYS_A_WEEK = 7;

    /** The epoch began on a Thursday; weekends are the third and fourth day from there, UTC. */
    private static final int SATURDAY = 2;

    private static final int SUNDAY = 3;

    private static final double MOST_DEVIATIONS = 3;

    /** Of an hour in the cumulative sum: what lasts one hour only is found by itself. */
    private static final double MOST_COUNTED = 4;

    /** Twice the sum that is told: what is over is forgotten within hours. */
    private static final double MOST_EXCESS = 12;

    /** Of a new hour in the mean of its bin, at least: a fortnight's work days. */
    private static final double LEAST_SHARE = 0.1;

    /** Of a new hour in the variance, at least: about a week. */
    private static final double LEAST_VARIANCE_SHARE = 1.0 / 128;

    /** Before anything is known: a factor of two a standard deviation, weighing a day. */
    private static final float PRIOR_VARIANCE = 1;

    private static final int PRIOR_HOURS = 24;

    /** Nothing is steadier than by a fifth, for all that is known from a week. */
    private static final double LEAST_DEVIATION = 0.25;

    /** Of the last hour's deviation and of those before it, in what is expected next: a half and a quarter hang together. */
    private static final double DRIFT_SHARE = 0.4;

    private static final double DRIFT_KEPT = 0.5;
    private static final double PCR_SHARE = 1.0 / 64;
    private static final long STRANGER_NANOS = TimeUnit.HOURS.toNanos(2);
    private static final long KNOWN_NANOS = TimeUnit.DAYS.toNanos(15);

    private final float[] means = new float[BINS];
    private final byte[] heard = new byte[BINS];
    private float variance = PRIOR_VARIANCE;
    private float suddenVariance = PRIOR_VARIANCE;
    private float drift;
    private int hours;
    private boolean isWhole;
    private boolean isLearnt;
    long hour = Long.MIN_VALUE;
    long last = Long.MIN_VALUE;
    long sent;
    long received;
    float usualRatio;
    float ratioDeviation;
    float excess;
    long excessSince;
    long excessSent;
    long excessReceived;

    /** The peer that got more than half of it, if one did (Boyer and Moore's vote, by octets). */
    private String peer = "";

    String peerFlow = "";
    private long vote;

    /** Turns to the hour; hours between that nobody heard of were silent, unless it was a day. */
    void turnTo(long next, double leastExcess, double allowance) {
        if (hour == Long.MIN_VALUE || next - hour > HOURS_A_DAY) {
            isWhole = false;
            excess = 0;
            clear(next);
            return;
        }
        while (hour < next) {
            if (isWhole) {
                accumulate(leastExcess, allowance);
                learn();
            }
            isWhole = true;
            clear(hour + 1);
        }
    }

    /** Page's cumulative sum of the deviations of whole hours, none of which counts for too much. */
    private void accumulate(double leastExcess, double allowance) {
        if (!isJudged()) {
            return;
        }
        double deviation = Math.min(MOST_COUNTED, deviation());
        double counted = sent - usual() < leastExcess ? Math.min(0, deviation) : deviation;
        if (excess == 0) {
            excessSince = hour * HOUR_NANOS;
            excessSent = 0;
            excessReceived = 0;
        }
        excessSent += sent;
        excessReceived += received;
        excess = (float) Math.max(0, Math.min(MOST_EXCESS, excess + counted - allowance));
    }

    private void clear(long next) {
        hour = next;
        sent = 0;
        received = 0;
        peer = "";
        peerFlow = "";
        vote = 0;
    }

    void add(long out, long in, String toward, String flow) {
        sent += out;
        received += in;
        if (toward.equals(peer)) {
            vote += out;
        } else if (out > vote) {
            peer = toward;
            peerFlow = flow;
            vote = out - vote;
        } else {
            vote -= out;
        }
    }

    /** Who may have got more than half of the hour so far: nobody else has. */
    String majorityPeer() {
        return vote > 0 ? peer : "";
    }

    /** Three days, and the same hour twice: below, nothing is known. */
    boolean isJudged() {
        return hours >= 3 * HOURS_A_DAY && heard[bin()] >= 2;
    }

    /** Of this hour so far from what is usual for the whole hour, as a standard normal value. */
    private double deviation() {
        double residual = NormalTail.log2(sent, FLOOR_OCTETS) - means[bin()];
        return NormalTail.normalOf(residual / spread(variance), hours);
    }

    /** The same from what the hours before lead to expect besides: a busy day is busy all day. */
    double suddenDeviation() {
        double residual = NormalTail.log2(sent, FLOOR_OCTETS) - means[bin()] - drift;
        return NormalTail.normalOf(residual / spread(suddenVariance), hours);
    }

    private double spread(double squared) {
        return Math.max(LEAST_DEVIATION, Math.sqrt(squared)) * Math.sqrt(1 + 1.0 / heard[bin()]);
    }

    /** Octets usual in this hour of the day. */
    double usual() {
        return Math.max(0, Math.pow(2, means[bin()]) - FLOOR_OCTETS);
    }

    /** Of the hour so far, between 1 (all out) and -1 (all in). */
    double ratio() {
        return ratio(sent, received);
    }

    /** The same of the hours that make up the cumulative sum. */
    double excessRatio() {
        return ratio(excessSent, excessReceived);
    }

    private static double ratio(long sent, long received) {
        return (double) (sent - received) / Math.max(1, sent + received);
    }

    private void learn() {
        isLearnt = true;
        int bin = bin();
        double value = NormalTail.log2(sent, FLOOR_OCTETS);
        if (heard[bin] == 0) {
            means[bin] = (float) value;
            heard[bin] = 1;
        } else {
            double residual = clip(value - means[bin], spread(variance));
            double sudden = clip(value - means[bin] - drift, spread(suddenVariance));
            double weight = heard[bin] / (1.0 + heard[bin]);
            double share = Math.max(LEAST_VARIANCE_SHARE, 1.0 / (PRIOR_HOURS + hours + 1));
            variance += (float) (share * (weight * residual * residual - variance));
            suddenVariance += (float) (share * (weight * sudden * sudden - suddenVariance));
            drift = (float) (DRIFT_KEPT * drift + DRIFT_SHARE * residual);
            means[bin] += (float) (Math.max(LEAST_SHARE, 1.0 / (heard[bin] + 1)) * residual);
            heard[bin] = (byte) Math.min(heard[bin] + 1, (int) Math.round(1 / LEAST_SHARE));
            hours = Math.min(hours + 1, 1 << 12);
        }
        learnRatio();
    }

    private static double clip(double residual, double spread) {
        return Math.max(-MOST_DEVIATIONS * spread, Math.min(MOST_DEVIATIONS * spread, residual));
    }

    private void learnRatio() {
        if (sent + received > FLOOR_OCTETS) {
            double share = Math.max(PCR_SHARE, 1.0 / (hours + 1));
            double residual = ratio() - usualRatio;
            usualRatio += (float) (share * residual);
            ratioDeviation += (float) (share * (Math.abs(residual) - ratioDeviation));
        }
    }

    private int bin() {
        int day = (int) Math.floorMod(Math.floorDiv(hour, (long) HOURS_A_DAY), (long) DAYS_A_WEEK);
        int hourOfDay = (int) Math.floorMod(hour, (long) HOURS_A_DAY);
        return day == SATURDAY || day == SUNDAY ? HOURS_A_DAY + hourOfDay : hourOfDay;
    }

    @Override
    public long due() {
        return NEVER;
    }

    @Override
    public long expires() {
        return last + (isLearnt ? KNOWN_NANOS : STRANGER_NANOS);
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(hour);
        out.writeLong(last);
        out.writeLong(sent);
        out.writeLong(received);
        out.writeLong(vote);
        out.writeUTF(peer);
        out.writeUTF(peerFlow);
        out.writeBoolean(isWhole);
        out.writeBoolean(isLearnt);
        if (!isLearnt) {
            return;
        }
        for (float mean : means) {
            out.writeFloat(mean);
        }
        out.write(heard);
        out.writeFloat(variance);
        out.writeFloat(suddenVariance);
        out.writeFloat(drift);
        out.writeShort(hours);
        out.writeFloat(usualRatio);
        out.writeFloat(ratioDeviation);
        out.writeFloat(excess);
        out.writeLong(excessSince);
        out.writeLong(excessSent);
        out.writeLong(excessReceived);
    }

    static SentVolume readFrom(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("volumes of version " + version + ", not " + VERSION);
        }
        SentVolume volume = new SentVolume();
        volume.hour = in.readLong();
        volume.last = in.readLong();
        volume.sent = in.readLong();
        volume.received = in.readLong();
        volume.vote = in.readLong();
        volume.peer = in.readUTF();
        volume.peerFlow = in.readUTF();
        volume.isWhole = in.readBoolean();
        volume.isLearnt = in.readBoolean();
        if (volume.isLearnt) {
            volume.readLearnt(in);
        }
        return volume;
    }

    private void readLearnt(DataInput in) throws IOException {
        for (int i = 0; i < BINS; i++) {
            means[i] = in.readFloat();
        }
        in.readFully(heard);
        variance = in.readFloat();
        suddenVariance = in.readFloat();
        drift = in.readFloat();
        hours = in.readShort();
        usualRatio = in.readFloat();
        ratioDeviation = in.readFloat();
        excess = in.readFloat();
        excessSince = in.readLong();
        excessSent = in.readLong();
        excessReceived = in.readLong();
    }
}
