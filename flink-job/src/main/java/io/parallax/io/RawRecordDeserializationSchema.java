package io.parallax.io;

import io.parallax.model.RawRecord;
import io.parallax.state.RawRecordSerializer;
import io.parallax.wire.SentAt;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Hands records on as they stand in the topic. A deserializer cannot write dead letters; the operator chained behind it can.
 */
public final class RawRecordDeserializationSchema implements KafkaRecordDeserializationSchema<RawRecord> {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_KEY = 4_096;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> found, Collector<RawRecord> out) {
        out.collect(new RawRecord(
                found.topic(),
                found.partition(),
                found.offset(),
                found.timestamp(),
                SentAt.UNKNOWN,
                key(found.key()),
                found.value()));
    }

    /** The text of a key; a key that is too long to be one of ours is none. */
    private static String key(byte @Nullable [] key) {
        return key == null || key.length > LONGEST_KEY ? "" : new String(key, StandardCharsets.UTF_8);
    }

    @Override
    public TypeInformation<RawRecord> getProducedType() {
        return RawRecordSerializer.TYPE;
    }
}
