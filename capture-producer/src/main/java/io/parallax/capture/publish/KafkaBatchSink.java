package io.parallax.capture.publish;

import io.parallax.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to Kafka: acknowledged by all replicas, idempotent, compressed.
 *
 * <p>A full buffer makes {@link #publish} wait for the broker, which is how a replay slows down to its pace. The first
 * record that is not delivered fails the next call; nothing is dropped in silence.
 */
public final class KafkaBatchSink implements BatchSink {

    private final KafkaOptions options;
    private final Map<String, Integer> partitions;
    private final Producer<byte[], byte[]> producer;
    private final LongSupplier wallNanos;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    private KafkaBatchSink(
            KafkaOptions options,
            Map<String, Integer> partitions,
            Producer<byte[], byte[]> producer,
            LongSupplier wallNanos) {
        this.options = options;
        this.partitions = partitions;
        this.producer = producer;
        this.wallNanos = wallNanos;
    }

    /**
     * Connects, and creates the topics that are missing.
     *
     * @throws PublishException if no broker answers within the timeout
     */
    public static KafkaBatchSink open(KafkaOptions options) throws PublishException {
        Map<String, Integer> partitions = KafkaTopics.ensure(options);
        return new KafkaBatchSink(
                options,
                partitions,
                new KafkaProducer<>(
                        KafkaSettings.producer(options), new ByteArraySerializer(), new ByteArraySerializer()),
                SentAtHeader::wallNanos);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of failures
    public void publish(String topic, String streamId, String key, byte[] value) throws PublishException {
        throwIfFailed();
        Integer count = partitions.get(topic);
        if (count == null) {
            throw new IllegalArgumentException("topic is " + topic + ", allowed are " + partitions.keySet());
        }
        try {
            producer.send(
                    new ProducerRecord<>(
                            topic,
                            Topics.partitionOf(streamId, count),
                            key.getBytes(StandardCharsets.UTF_8),
                            value,
                            SentAtHeader.of(wallNanos.getAsLong())),
                    (metadata, exception) -> {
                        if (exception != null) {
                            failure.compareAndSet(null, exception);
                        }
                    });
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    @Override
    public void flush() throws PublishException {
        try {
            producer.flush();
        } catch (KafkaException e) {
            throw failed(e);
        }
        throwIfFailed();
    }

    private void throwIfFailed() throws PublishException {
        Exception first = failure.get();
        if (first != null) {
            throw failed(first);
        }
    }

    private PublishException failed(Exception cause) {
        return new PublishException(
                "Kafka at " + options.bootstrapServers() + " did not take a record: " + cause.getMessage(), cause);
    }

    @Override
    public void close() throws PublishException {
        try {
            producer.close(options.timeout());
        } catch (KafkaException e) {
            throw failed(e);
        }
        throwIfFailed();
    }
}
