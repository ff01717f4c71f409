package io.parallax.capture.publish;

import io.parallax.capture.account.Ledger;
import io.parallax.capture.account.Tally;
import io.parallax.capture.decode.FragmentTable;
import io.parallax.capture.decode.HeaderDecoder;
import io.parallax.capture.decode.Outcome;
import io.parallax.capture.source.Frame;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.Topics;

/**
 * One stream (sensor and interface) from frames to records: decode, join fragments, batch, account.
 *
 * <p>A batch goes out once it holds enough headers or octets; fragments that were held and leave together may exceed that
 * by as many as were held. A ledger row goes out behind the batch that holds the last header of its second. Not
 * thread-safe.
 */
final class StreamPublisher {

    private static final int SNAP_LENGTH_UNKNOWN = 0;
    private static final double EVERY_PACKET = 1.0;

    private final HeaderDecoder decoder = new HeaderDecoder();
    private final PacketHeader header = new PacketHeader();
    private final Ledger ledger = new Ledger();
    private final FragmentTable fragments = new FragmentTable(this::add);
    private final HeaderBatchWriter writer;
    private final LedgerRecords ledgerRecords;
    private final BatchSink sink;
    private final int batchHeaders;
    private final int batchOctets;
    private long announcedNanos;
    private long latestNanos;
    private boolean isEnded;

    StreamPublisher(String sensor, String interfaceName, int lane, ReplayOptions options, BatchSink sink) {
        this.writer = new HeaderBatchWriter(
                sensor,
                interfaceName,
                lane,
                options.bootEpochMillis(),
                SNAP_LENGTH_UNKNOWN,
                EVERY_PACKET,
                HeaderBatchWriter.SAMPLING_NONE);
        this.ledgerRecords = new LedgerRecords(sensor, interfaceName, lane, options.bootEpochMillis(), sink);
        this.sink = sink;
        this.batchHeaders = options.batchHeaders();
        this.batchOctets = options.batchOctets();
    }

    /**
     * Decodes and books one frame.
     *
     * @return true if the batch is full: the caller, who knows the source's low watermark, then publishes it
     */
    boolean accept(Frame frame) {
        latestNanos = Math.max(latestNanos, frame.timeNanos);
        Outcome outcome = decoder.decode(frame, header);
        ledger.frame(frame.timeNanos, outcome, frame.originalOctets);
        if (outcome.publishesHeader()) {
            fragments.accept(header);
        }
        return writer.count() >= batchHeaders || writer.octets() >= batchOctets;
    }

    private void add(PacketHeader complete) {
        ledger.published(complete);
        writer.add(complete);
    }

    /**
     * Publishes what there is, be it nothing: an empty batch announces a stream, or tells that it lives. A stream that has
     * nothing more to come ends here and now, or its silence would hold the others' windows open to the end of the file.
     */
    void publishBatch(long sourceLowWatermarkNanos) throws PublishException {
        long lowWatermarkNanos = Math.min(sourceLowWatermarkNanos, fragments.earliestHeldNanos());
        if (lowWatermarkNanos == Long.MAX_VALUE) {
            publishEnd();
        } else {
            publishBatch(lowWatermarkNanos, false);
            ledgerRecords.publish(ledger.closeBefore(lowWatermarkNanos));
        }
    }

    /** Publishes what is left and the last ledger rows. */
    void end(long unreadOctets) throws PublishException {
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
        sink.publish(
                Topics.PACKET_HEADERS,
                writer.streamId(),
                writer.streamId(),
                writer.finish(announcedNanos, endOfStream));
    }

    String streamId() {
        return writer.streamId();
    }

    Tally total() {
        return ledger.total();
    }
}
