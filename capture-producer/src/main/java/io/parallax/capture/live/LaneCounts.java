package io.parallax.capture.live;

import io.parallax.capture.account.Filtered;
import io.parallax.capture.account.Tally;
import io.parallax.capture.nic.KernelCounters;
import io.parallax.capture.select.Sampling;
import io.parallax.capture.watch.LaneState;
import io.parallax.capture.watch.LaneStatus;
import io.parallax.capture.watch.LaneTotals;

/** What a lane shows of itself, once a second. */
final class LaneCounts {

    private final String name;
    private final Sampling sampling;
    private final Tally total;
    private final LaneSink sink;
    private long kernelReceived;
    private long kernelReceivedBefore;
    private long lastFrameNanos;
    private long ownFrames;
    private long readFrames;

    LaneCounts(String name, Sampling sampling, Tally total, LaneSink sink) {
        this.name = name;
        this.sampling = sampling;
        this.total = total;
        this.sink = sink;
    }

    void kernelSaid(KernelCounters kernel, long latestNanos) {
        if (kernel.received() < kernelReceived) {
            // Opened anew, and counted from 0.
            kernelReceivedBefore += kernelReceived;
        }
        kernelReceived = kernel.received();
        lastFrameNanos = latestNanos;
    }

    LaneStatus status(LaneState state, String detail) {
        long own = total.filtered(Filtered.OWN_TRAFFIC);
        long read = total.frames() + own + total.filtered(Filtered.MIRROR_OF_MIRROR);
        double ownShare = read > readFrames ? (double) (own - ownFrames) / (read - readFrames) : 0;
        ownFrames = own;
        readFrames = read;
        LaneTotals totals = new LaneTotals(
                total.interfaceFrames(),
                kernelReceivedBefore + kernelReceived,
                total.kernelDropped(),
                total.lost(),
                total.filteredByCause(),
                total.outcomes(),
                total.shedByCause(),
                total.published(),
                total.octets(),
                sink.batches());
        return new LaneStatus(
                name,
                state,
                detail,
                totals,
                sink.longestNanos(),
                lastFrameNanos,
                sampling.probability(),
                ownShare,
                sink.sessions());
    }
}
