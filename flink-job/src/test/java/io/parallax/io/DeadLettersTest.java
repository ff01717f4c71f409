package io.parallax.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.RawRecord;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.WireFormatException;
import io.parallax.wire.WireFormatException.Reason;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class DeadLettersTest {

    private final WireFormatException cause = new WireFormatException(Reason.NO_MARKER, "no marker");

    @Test
    void aDeadLetterSaysWhyAndWhere() {
        DeadLetter letter = DeadLetters.of(new RawRecord("packet-headers", 3, 42, 1_500, new byte[] {1, 2}), cause);

        assertThat(letter.getSourceTopic()).isEqualTo("packet-headers");
        assertThat(letter.getSourcePartition()).isEqualTo(3);
        assertThat(letter.getSourceOffset()).isEqualTo(42);
        assertThat(letter.getSourceTime()).isEqualTo(Instant.ofEpochMilli(1_500));
        assertThat(letter.getReason()).isEqualTo("NO_MARKER");
        assertThat(letter.getExplanation()).isEqualTo("no marker");
        assertThat(letter.getPayloadOctets()).isEqualTo(2);
        assertThat(letter.getPayload().remaining()).isEqualTo(2);
    }

    @Test
    void ofALongValueTheBeginningIsKept() {
        DeadLetter letter = DeadLetters.of(new RawRecord("t", 0, 0, 0, new byte[5_000]), cause);
        assertThat(letter.getPayloadOctets()).isEqualTo(5_000);
        assertThat(letter.getPayload().remaining()).isEqualTo(4_096);
    }

    @Test
    void aTombstoneHasNoPayload() {
        DeadLetter letter = DeadLetters.of(new RawRecord("t", 0, 0, 0, null), cause);
        assertThat(letter.getPayloadOctets()).isZero();
        assertThat(letter.getPayload().remaining()).isZero();
    }
}
