package io.parallax.local.scenario;

import io.parallax.model.StreamName;
import java.util.List;

/**
 * One stream as the job gets it.
 *
 * @param streamId as {@link io.parallax.wire.Topics#streamId} names it
 * @param batches records of topic packet-headers in their order; the first announces the stream, the last ends it
 */
public record EncodedStream(StreamName name, String streamId, List<byte[]> batches) {}
