package io.parallax.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.SentAt;
import io.parallax.wire.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

final class ReceivedBatchDeserializerTest {

    @Test
    void aRecordKeepsWhenItWasAppendedAndWhenItWasSent() {
        ReceivedBatch received = read(new RecordHeaders().add(Topics.SENT_AT, SentAt.octets(1_234_567_891L)));
        assertThat(received.raw().timestampMillis()).isEqualTo(1_500);
        assertThat(received.raw().sentAtNanos()).isEqualTo(1_234_567_891L);
    }

    @Test
    void aRecordOfAnotherProducerDoesNotSayWhenItWasSent() {
        assertThat(read(new RecordHeaders()).raw().sentAtNanos()).isEqualTo(SentAt.UNKNOWN);
        assertThat(read(new RecordHeaders().add(Topics.SENT_AT, null)).raw().sentAtNanos())
                .isEqualTo(SentAt.UNKNOWN);
        assertThat(read(new RecordHeaders().add(Topics.SENT_AT, new byte[3]))
                        .raw()
                        .sentAtNanos())
                .isEqualTo(SentAt.UNKNOWN);
    }

    @SuppressWarnings("NullAway") // nothing is asked of the context
    private static ReceivedBatch read(Headers headers) {
        ReceivedBatchDeserializer deserializer = new ReceivedBatchDeserializer();
        deserializer.open(null);
        List<ReceivedBatch> received = new ArrayList<>();
        deserializer.deserialize(
                new ConsumerRecord<>(
                        Topics.PACKET_HEADERS,
                        0,
                        7,
                        1_500,
                        TimestampType.LOG_APPEND_TIME,
                        0,
                        1,
                        new byte[0],
                        new byte[] {1},
                        headers,
                        Optional.empty()),
                new ListCollector<>(received));
        return received.get(0);
    }
}
