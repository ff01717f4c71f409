package io.parallax.signal;

import io.parallax.model.SegmentFact.Way;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Shares of packets that one place counted and the other one lacks, and the sums of the counts. A share is that of a batch:
 * as many windows as it takes for enough packets, so that no share is of a few.
 */
final class SegmentLoss {

    /** Sums are halved beyond so many packets: what is usual follows the last ones, and never overflows. */
    private static final long MOST_PACKETS = 1L << 40;

    private LevelShift shares = new LevelShift();

    /** Of the windows that are usual, and of those of the run. */
    private Way usual = Way.NOTHING;

    private Way run = Way.NOTHING;

    /** Of the batch that is not full yet, and when it began. */
    private Way batch = Way.NOTHING;

    private long batchStart;

    /**
     * Takes a window in.
     *
     * @param leastPackets that make a batch
     * @return whether it has filled a batch that lacks more than any before
     */
    boolean offer(Way way, long start, double leastPackets) {
        batchStart = batch.sentPackets() == 0 ? start : batchStart;
        batch = sum(batch, way);
        if (batch.sentPackets() < leastPackets) {
            return false;
        }
        Way full = batch;
        batch = Way.NOTHING;
        return fill(full);
    }

    private boolean fill(Way full) {
        boolean isAbove = shares.offer(1 - (double) full.arrivedPackets() / full.sentPackets(), batchStart);
        if (shares.run() > 0) {
            run = sum(run, full);
            return isAbove;
        }
        usual = sum(sum(usual, run), full);
        run = Way.NOTHING;
        if (usual.sentPackets() > MOST_PACKETS) {
            usual = new Way(
                    usual.sentPackets() / 2,
                    usual.arrivedPackets() / 2,
                    usual.sentOctets() / 2,
                    usual.arrivedOctets() / 2);
        }
        return false;
    }

    private static Way sum(Way one, Way two) {
        return new Way(
                one.sentPackets() + two.sentPackets(),
                one.arrivedPackets() + two.arrivedPackets(),
                one.sentOctets() + two.sentOctets(),
                one.arrivedOctets() + two.arrivedOctets());
    }

    LevelShift shares() {
        return shares;
    }

    Way run() {
        return run;
    }

    /** Share of packets that are lacking usually, 0 to 1; never quite 0, as of a uniform prior (Laplace). */
    double usualShare() {
        long lacking = Math.max(0, usual.sentPackets() - usual.arrivedPackets());
        return (lacking + 1.0) / (usual.sentPackets() + 2.0);
    }

    /** Share of the run's packets that are lacking, beyond what is usual. */
    double excess() {
        return share(run.sentPackets(), run.arrivedPackets()) - share(usual.sentPackets(), usual.arrivedPackets());
    }

    /** As {@link #excess}, of octets: what TCP sends again counts once, so that they lack only where nobody saw them. */
    double excessOfOctets() {
        return share(run.sentOctets(), run.arrivedOctets()) - share(usual.sentOctets(), usual.arrivedOctets());
    }

    private static double share(long sent, long arrived) {
        return sent <= 0 ? 0 : 1 - (double) arrived / sent;
    }

    /** Of the run against what is usual: the lesser of the test by records and of the binomial likelihood ratio. */
    double evidence() {
        long lacking = Math.max(0, run.sentPackets() - run.arrivedPackets());
        return Math.min(
                shares.evidence(), BinomialTail.evidence(lacking, run.sentPackets(), Math.min(0.999, usualShare())));
    }

    void writeTo(DataOutput out) throws IOException {
        shares.writeTo(out);
        write(usual, out);
        write(run, out);
        write(batch, out);
        out.writeLong(batchStart);
    }

    private static void write(Way way, DataOutput out) throws IOException {
        out.writeLong(way.sentPackets());
        out.writeLong(way.arrivedPackets());
        out.writeLong(way.sentOctets());
        out.writeLong(way.arrivedOctets());
    }

    static SegmentLoss read(DataInput in) throws IOException {
        SegmentLoss loss = new SegmentLoss();
        loss.shares = LevelShift.read(in);
        loss.usual = readWay(in);
        loss.run = readWay(in);
        loss.batch = readWay(in);
        loss.batchStart = in.readLong();
        return loss;
    }

    private static Way readWay(DataInput in) throws IOException {
        return new Way(in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }
}
