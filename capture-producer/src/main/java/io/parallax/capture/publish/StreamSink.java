package io.parallax.capture.publish;

import io.parallax.capture.account.LedgerRow;
import io.parallax.capture.account.Tally;
import io.parallax.wire.Topics;

/** Where the encoded records of one stream go. */
public interface StreamSink {

    /**
     * Takes a batch.
     *
     * @param total everything the stream has booked up to and with this batch; a view, copied where it is kept
     */
    void batch(String streamId, byte[] value, Tally total, long second) throws PublishException;

    /** Takes a ledger row, and the same as a record. */
    void row(LedgerRow row, long bootEpochMillis, String streamId, String key, byte[] value) throws PublishException;

    /** Takes what an interface claimed, as a record. */
    void claim(String streamId, String key, byte[] value) throws PublishException;

    /** Straight to Kafka, or whatever takes records. */
    static StreamSink to(BatchSink sink) {
        return new StreamSink() {
            @Override
            public void batch(String streamId, byte[] value, Tally total, long second) throws PublishException {
                sink.publish(Topics.PACKET_HEADERS, streamId, streamId, value);
            }

            @Override
            public void row(LedgerRow row, long bootEpochMillis, String streamId, String key, byte[] value)
                    throws PublishException {
                sink.publish(Topics.CAPTURE_LEDGER, streamId, key, value);
            }

            @Override
            public void claim(String streamId, String key, byte[] value) throws PublishException {
                sink.publish(Topics.NEIGHBOURS, streamId, key, value);
            }
        };
    }
}
