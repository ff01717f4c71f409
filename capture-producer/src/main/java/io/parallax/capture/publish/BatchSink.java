package io.parallax.capture.publish;

/**
 * Where encoded records go. Thread-safe; the records of one stream keep the order in which they were given.
 *
 * <p>Giving is not delivering: a failure may surface at a later call, at {@link #flush} at the latest.
 */
public interface BatchSink extends AutoCloseable {

    /**
     * Takes a record.
     *
     * @param topic one of {@link io.parallax.wire.Topics#INPUTS}
     * @param streamId whose record it is; all of a stream's records go to one partition
     * @param value not changed afterwards by the caller
     */
    void publish(String topic, String streamId, String key, byte[] value) throws PublishException;

    /** Returns once everything given so far is delivered. */
    void flush() throws PublishException;

    @Override
    void close() throws PublishException;
}
