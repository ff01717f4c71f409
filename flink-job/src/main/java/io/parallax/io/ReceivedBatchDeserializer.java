package io.parallax.io;

import io.parallax.model.RawRecord;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.SentAt;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import java.util.Objects;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Hands on every record of topic packet-headers, decodable or not. */
public final class ReceivedBatchDeserializer implements KafkaRecordDeserializationSchema<ReceivedBatch> {

    private static final long serialVersionUID = 1L;

    private transient @Nullable SingleObjectCodec<HeaderBatch> codec;

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        codec = SingleObjectCodec.of(HeaderBatch.getClassSchema());
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> found, Collector<ReceivedBatch> out) {
        Header sentAt = found.headers().lastHeader(Topics.SENT_AT);
        RawRecord raw = new RawRecord(
                found.topic(),
                found.partition(),
                found.offset(),
                found.timestamp(),
                SentAt.nanos(sentAt == null ? null : sentAt.value()),
                "",
                found.value());
        out.collect(ReceivedBatch.of(raw, Objects.requireNonNull(codec, "open() was not called")));
    }

    @Override
    public TypeInformation<ReceivedBatch> getProducedType() {
        return ReceivedBatchSerializer.TYPE;
    }
}
