package io.parallax.io;

import io.parallax.wire.SingleObjectCodec;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes records in Avro single-object encoding, under the key that names what they supersede. */
final class SingleObjectSerializationSchema<T extends SpecificRecordBase> implements KafkaRecordSerializationSchema<T> {

    private static final long serialVersionUID = 1L;

    private final String topic;
    private final Class<T> type;
    private final KeyRule<T> key;
    private transient @Nullable SingleObjectCodec<T> codec;

    SingleObjectSerializationSchema(String topic, Class<T> type, KeyRule<T> key) {
        this.topic = topic;
        this.type = type;
        this.key = key;
    }

    /** Gives the key of a record; travels with the job graph. */
    interface KeyRule<T> extends Function<T, String>, Serializable {}

    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sink) {
        codec = SingleObjectCodec.of(SpecificData.get().getSchema(type));
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(T row, KafkaSinkContext sink, Long timestamp) {
        byte[] value = Objects.requireNonNull(codec, "open() comes first").encode(row);
        return new ProducerRecord<>(topic, key.apply(row).getBytes(StandardCharsets.UTF_8), value);
    }
}
