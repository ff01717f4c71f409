package io.parallax.capture.publish;

import io.parallax.capture.decode.DecodeOptions;
import io.parallax.capture.select.Sampling;

/**
 * How a stream is made of frames.
 *
 * @param bootEpochMillis start of the process, milliseconds since the epoch; with the sequence it identifies a header
 * @param snapLength octets captured of a frame at most; {@link #SNAP_LENGTH_UNKNOWN} where the frames say so themselves
 * @param batchHeaders headers after which a batch is full
 * @param batchOctets encoded octets after which a batch is full
 */
public record StreamSettings(
        long bootEpochMillis,
        int snapLength,
        DecodeOptions decode,
        Sampling sampling,
        int batchHeaders,
        int batchOctets) {

    public static final int SNAP_LENGTH_UNKNOWN = 0;
}
