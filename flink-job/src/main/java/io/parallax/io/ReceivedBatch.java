package io.parallax.io;

import io.parallax.model.RawRecord;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.WireFormatException;
import org.jspecify.annotations.Nullable;

/**
 * A record of topic packet-headers, decoded as far as its Avro frame: the watermark generator needs the batch's low
 * watermark before the columns are read. Either {@link #batch} or {@link #failure} is there.
 */
public record ReceivedBatch(
        RawRecord raw,
        @Nullable HeaderBatch batch,
        @Nullable WireFormatException failure) {

    /** Decodes; what can't be decoded is kept with the reason. */
    static ReceivedBatch of(RawRecord raw, SingleObjectCodec<HeaderBatch> codec) {
        try {
            return new ReceivedBatch(raw, codec.decode(raw.value()), null);
        } catch (WireFormatException e) {
            return new ReceivedBatch(raw, null, e);
        }
    }
}
