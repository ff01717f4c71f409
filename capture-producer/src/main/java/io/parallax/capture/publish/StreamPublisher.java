package io.parallax.capture.publish;

import io.parallax.capture.account.Filtered;
import io.parallax.capture.account.Ledger;
import io.parallax.capture.account.Shed;
import io.parallax.capture.account.Tally;
import io.parallax.capture.decode.FloodedFrames;
import io.parallax.capture.decode.FragmentTable;
import io.parallax.capture.decode.HeaderDecoder;
import io.parallax.capture.decode.Outcome;
import io.parallax.capture.neighbour.Neighbours;
import io.parallax.capture.select.OwnTraffic;
import io.parallax.capture.select.Sampling;
import io.parallax.capture.select.Shedding;
import io.parallax.capture.source.Frame;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;

/**
 * One stream (sensor and interface) from frames to records: decode, select, mark repeats, join fragments, batch, account.
 *
 * <p>A batch goes out once it holds enough headers or octets; fragments that were held and leave together may exceed that
 * by as many as were held. A ledger row goes out behind the batch that holds the last header of its second. Not
 * thread-safe.
 */
public final class StreamPublisher {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final HeaderDecoder decoder;
    private final PacketHeader header = new PacketHeader();
    private final Ledger ledger = new Ledger();
    private final FloodedFrames floods = new FloodedFrames();
    private final FragmentTable fragments = new FragmentTable(this::add);
    private final Shedding shedding = new Shedding();
    private final Neighbours neighbours = new Neighbours();
    private final HeaderBatchWriter writer;
    private final LedgerRecords ledgerRecords;
    private final NeighbourRecords neighbourRecords;
    private final StreamSink sink;
    private final Sampling sampling;
    private final int batchHeaders;
    private final int batchOctets;
    private OwnTraffic ownTraffic = OwnTraffic.UNKNOWN;
    private boolean isBatchStuck;
    private long announcedNanos;
    private long latestNanos;
    private boolean isEnded;

    public StreamPublisher(String sensor, String interfaceName, int lane, StreamSettings settings, StreamSink sink) {
        this.sampling = settings.sampling().copy();
        this.decoder = new HeaderDecoder(settings.decode(), fragments::learn);
        this.writer = new HeaderBatchWriter(
                sensor,
                interfaceName,
                lane,
                settings.bootEpochMillis(),
                settings.snapLength(),
                sampling.probability(),
                sampling.method());
        this.ledgerRecords = new LedgerRecords(
                sensor, interfaceName, lane, settings.bootEpochMillis(), sampling.probability(), sink);
        this.neighbourRecords = new NeighbourRecords(sensor, interfaceName, lane, sink);
        this.sink = sink;
        this.batchHeaders = settings.batchHeaders();
        this.batchOctets = settings.batchOctets();
    }

    /**
     * Decodes and books one frame.
     *
     * @return true if the batch is full: the caller, who knows the source's low watermark, then publishes it
     */
    public boolean accept(Frame frame) {
        latestNanos = Math.max(latestNanos, frame.timeNanos);
        if (!sampling.selectsFrame()) {
            ledger.filtered(frame.timeNanos, Filtered.NOT_SAMPLED, 1);
            return false;
        }
        Outcome outcome = decoder.decode(frame, header);
        if (!outcome.publishesHeader()) {
            ledger.frame(frame.timeNanos, outcome, frame.originalOctets);
            return false;
        }
        if (header.mirrorDepth > 0) {
            ledger.mirrored(header);
        }
        if (header.mirrorDepth > 1) {
            ledger.filtered(frame.timeNanos, Filtered.MIRROR_OF_MIRROR, 1);
        } else if (ownTraffic.matches(header)) {
            ledger.filtered(frame.timeNanos, Filtered.OWN_TRAFFIC, 1);
        } else {
            ledger.frame(frame.timeNanos, outcome, frame.originalOctets);
            neighbours.hear(header);
            if (floods.isRepeat(frame, header)) {
                header.status |= PacketHeader.STATUS_REPEATED;
            }
            fragments.accept(header);
        }
        return isFull();
    }

    private boolean isFull() {
        return writer.count() >= batchHeaders || writer.octets() >= batchOctets;
    }

    private void add(PacketHeader complete) {
        if (!sampling.selectsFlow(complete)) {
            ledger.shed(complete, Shed.NOT_SAMPLED);
        } else if (shedding.sheds(complete)) {
            ledger.shed(complete, Shed.SPOOL_FULL);
        } else if (isBatchStuck && isFull()) {
            ledger.shed(complete, Shed.HAND_OFF_FULL);
        } else {
            ledger.published(complete);
            writer.add(complete);
        }
    }

    /** What is our own traffic from now on. */
    public void ownTraffic(OwnTraffic known) {
        ownTraffic = known;
    }

    /**
     * How full the way behind is.
     *
     * @param fill of the spool, 0 to 1: from 0.8 on whole flows are given up
     * @param isStuck true while the batch before has not been taken: the next one cannot leave, so it grows no further than
     *     full
     */
    public void backlog(double fill, boolean isStuck) {
        shedding.fill(fill);
        isBatchStuck = isStuck;
    }

    /** Lets fragments go whose first one has not come in time, though nothing else comes. */
    public void expire(long nowNanos) {
        fragments.expire(nowNanos);
    }

    /**
     * Publishes what there is, be it nothing: an empty batch announces a stream, or tells that it lives. A stream that has
     * nothing more to come ends here and now, or its silence would hold the others' windows open to the end of the file.
     */
    public void publishBatch(long sourceLowWatermarkNanos) throws PublishException {
        long lowWatermarkNanos = Math.min(sourceLowWatermarkNanos, fragments.earliestHeldNanos());
        if (lowWatermarkNanos == Long.MAX_VALUE) {
            publishEnd();
        } else {
            publishBatch(lowWatermarkNanos, false);
            ledgerRecords.publish(ledger.closeBefore(lowWatermarkNanos));
        }
    }

    /** Publishes what is left and the last ledger rows. */
    public void end(long unreadOctets) throws PublishException {
        if (unreadOctets > 0) {
            ledger.cutOff(unreadOctets);
        }
        fragments.release();
        publishEnd();
        ledgerRecords.publish(ledger.close());
    }

    private void publishEnd() throws PublishException {
        if (!isEnded) {
            isEnded = true;
            publishBatch(latestNanos, true);
        }
    }

    private void publishBatch(long lowWatermarkNanos, boolean endOfStream) throws PublishException {
        announcedNanos = Math.max(announcedNanos, lowWatermarkNanos);
        neighbourRecords.publish(neighbours.takeNews());
        byte[] batch = writer.finish(announcedNanos, endOfStream);
        sink.batch(writer.streamId(), batch, ledger.total(), latestNanos / NANOS_PER_SECOND);
    }

    /** The stream's accounts, for what the interface itself has to say. */
    public Ledger ledger() {
        return ledger;
    }

    public String streamId() {
        return writer.streamId();
    }

    /** Everything booked so far; a view. */
    public Tally total() {
        return ledger.total();
    }
}
