package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What {@link VolumeDetector} remembers of a host: the hour so far, what is usual, and the cumulative sum of deviations. */
final class SentVolume implements Memory {

    static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final int VERSION = 2;

    /** Of an hour in the cumulative sum: what lasts one hour only is found by itself. */
    private static final double MOST_COUNTED = 4;

    /** Twice the sum that is told: what is over is forgotten within hours. */
    private static final double MOST_EXCESS = 12;

    private static final double PCR_SHARE = 1.0 / 64;
    private static final long STRANGER_NANOS = TimeUnit.HOURS.toNanos(2);
    private static final long KNOWN_NANOS = TimeUnit.DAYS.toNanos(15);

    private final UsualHours usual = new UsualHours();
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
        if (hour == Long.MIN_VALUE || next - hour > UsualHours.HOURS_A_DAY) {
            isWhole = false;
            excess = 0;
            clear(next);
            return;
        }
        while (hour < next) {
            if (isWhole) {
                accumulate(leastExcess, allowance);
                isLearnt = true;
                usual.learn(hour, sent);
                learnRatio();
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
        double deviation = Math.min(MOST_COUNTED, usual.deviation(hour, sent));
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

    boolean isJudged() {
        return usual.isKnown(hour);
    }

    /** Of this hour so far from what is to be expected of the whole hour, standard deviations of the logarithm. */
    double suddenDeviation() {
        return usual.suddenDeviation(hour, sent);
    }

    /** How improbable that is, nats. */
    double suddenEvidence() {
        return usual.suddenEvidence(hour, sent);
    }

    /** Octets usual in this hour of the day. */
    double usual() {
        return usual.usual(hour);
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

    private void learnRatio() {
        if (sent + received > UsualHours.FLOOR_OCTETS) {
            double share = Math.max(PCR_SHARE, 1.0 / (usual.count() + 1));
            double residual = ratio() - usualRatio;
            usualRatio += (float) (share * residual);
            ratioDeviation += (float) (share * (Math.abs(residual) - ratioDeviation));
        }
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
        usual.writeTo(out);
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
        usual.readFrom(in);
        usualRatio = in.readFloat();
        ratioDeviation = in.readFloat();
        excess = in.readFloat();
        excessSince = in.readLong();
        excessSent = in.readLong();
        excessReceived = in.readLong();
    }
}
