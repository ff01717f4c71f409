package io.parallax.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parallax.model.RawRecord;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import io.parallax.wire.WireFormatException.Reason;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

final class KafkaSinksTest {

    @Test
    void settingsWithoutABrokerAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KafkaSinks(new Properties()))
                .withMessage("producer settings lack bootstrap.servers");
    }

    @Test
    void sinksTravelWithTheJobGraph() throws Exception {
        Properties producer = new Properties();
        producer.setProperty("bootstrap.servers", "broker.invalid:9092");
        KafkaSinks sinks = new KafkaSinks(producer);
        for (Serializable sink : new Serializable[] {
            sinks.flows(),
            sinks.matrix(),
            sinks.matrixHourly(),
            sinks.segments(),
            sinks.completeness(),
            sinks.deadLetters()
        }) {
            assertThat(InstantiationUtil.clone(sink)).isNotNull();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // neither context is looked at
    void aRecordIsWrittenUnderItsUpsertKey() throws Exception {
        SingleObjectSerializationSchema<DeadLetter> schema =
                new SingleObjectSerializationSchema<>(Topics.DEAD_LETTERS, DeadLetter.class, Topics::deadLetterKey);
        SingleObjectSerializationSchema<DeadLetter> travelled = InstantiationUtil.clone(schema);
        travelled.open(null, null);
        DeadLetter letter = DeadLetters.of(
                new RawRecord("packet-headers", 2, 17, 0, new byte[] {1}),
                new WireFormatException(Reason.EMPTY, "nothing"));
        ProducerRecord<byte[], byte[]> written = travelled.serialize(letter, null, 5L);

        assertThat(written.topic()).isEqualTo("dead-letters");
        assertThat(new String(written.key(), StandardCharsets.UTF_8)).isEqualTo("packet-headers/2/17");
        assertThat(written.timestamp()).as("LogAppendTime").isNull();
        assertThat(SingleObjectCodec.<DeadLetter>of(DeadLetter.getClassSchema()).decode(written.value()))
                .isEqualTo(letter);
    }
}
