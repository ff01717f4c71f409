package io.parallax.local;

import io.parallax.capture.publish.BatchSink;
import io.parallax.capture.publish.Pacer;
import io.parallax.capture.publish.Replay;
import io.parallax.capture.publish.ReplayOptions;
import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.OpenCaptures;
import io.parallax.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** What a producer publishes of captures, kept, so that it can be published again exactly so, and among other things. */
final class PublishedRecords {

    /** One record of a topic of {@link Topics#INPUTS}; the value of a tombstone is null. */
    static final class Published {

        final String topic;
        final String streamId;
        final String key;
        final byte @Nullable [] value;

        Published(String topic, String streamId, String key, byte @Nullable [] value) {
            this.topic = topic;
            this.streamId = streamId;
            this.key = key;
            this.value = value;
        }

        Published with(byte @Nullable [] other) {
            return new Published(topic, streamId, key, other);
        }
    }

    private PublishedRecords() {}

    static List<Published> of(List<CaptureFile> captures, int headersPerBatch) throws IOException {
        List<Published> records = new ArrayList<>();
        ReplayOptions usual = ReplayOptions.unpaced(1);
        ReplayOptions options =
                new ReplayOptions(1, 1, usual.speed(), headersPerBatch, usual.batchOctets(), usual.linger());
        BatchSink sink = new BatchSink() {
            @Override
            public void publish(String topic, String streamId, String key, byte[] value) {
                records.add(new Published(topic, streamId, key, value));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        try (OpenCaptures open = OpenCaptures.of(captures)) {
            new Replay(options, Pacer.ofSystem(), sink, more -> {}).run(open.sources());
        }
        return records;
    }

    /** Sends {@code records} in their order; returns where each of them lies. */
    static List<RecordMetadata> send(LocalRun run, List<Published> records) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", run.bootstrapServers(), "acks", "all");
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (Published published : records) {
                int partitions = producer.partitionsFor(published.topic).size();
                sent.add(producer.send(new ProducerRecord<>(
                        published.topic,
                        Topics.partitionOf(published.streamId, partitions),
                        published.key.getBytes(StandardCharsets.UTF_8),
                        published.value)));
            }
            List<RecordMetadata> places = new ArrayList<>();
            for (Future<RecordMetadata> each : sent) {
                places.add(each.get());
            }
            return places;
        }
    }
}
