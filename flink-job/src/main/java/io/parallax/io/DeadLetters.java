package io.parallax.io;

import io.parallax.model.RawRecord;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.WireFormatException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;

/** What becomes of input that cannot be used: a record that says why, and where the input stands. */
public final class DeadLetters {

    /** Enough to see what it is; a producer's batch of a megabyte does not belong into the topic of complaints. */
    static final int MOST_PAYLOAD_OCTETS = 4_096;

    private DeadLetters() {}

    /** The dead letter of a record that was refused for {@code cause}. */
    public static DeadLetter of(RawRecord refused, WireFormatException cause) {
        byte[] value = Objects.requireNonNullElseGet(refused.value(), () -> new byte[0]);
        DeadLetter letter = new DeadLetter();
        letter.setSourceTopic(refused.topic());
        letter.setSourcePartition(refused.partition());
        letter.setSourceOffset(refused.offset());
        letter.setSourceTime(Instant.ofEpochMilli(refused.timestampMillis()));
        letter.setReason(cause.reason().name());
        letter.setExplanation(String.valueOf(cause.getMessage()));
        letter.setPayloadOctets(value.length);
        letter.setPayload(ByteBuffer.wrap(value, 0, Math.min(value.length, MOST_PAYLOAD_OCTETS)));
        return letter;
    }
}
