package io.parallax.io;

import io.parallax.model.RawRecord;
import io.parallax.state.RawRecordSerializer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Hands records on as they stand in the topic. A deserializer cannot write dead letters; the operator chained behind it can.
 */
public final class RawRecordDeserializationSchema implements KafkaRecordDeserializationSchema<RawRecord> {

    private static final long serialVersionUID = 1L;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> found, Collector<RawRecord> out) {
        out.collect(new RawRecord(found.topic(), found.partition(), found.offset(), found.timestamp(), found.value()));
    }

    @Override
    public TypeInformation<RawRecord> getProducedType() {
        return RawRecordSerializer.TYPE;
    }
}
