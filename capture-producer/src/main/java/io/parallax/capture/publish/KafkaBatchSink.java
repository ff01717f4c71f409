package io.parallax.capture.publish;

import io.parallax.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
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

    /** Columns of like numbers compress at the lowest level nearly as well as at higher ones, at a fraction of the time. */
    private static final int ZSTD_LEVEL = 1;

    /** Checked before compression, when a batch of 8,000 headers of as many flows may have more than the default 1 MiB. */
    private static final int MAX_REQUEST_OCTETS = 4 * 1024 * 1024;

    private static final int LINGER_MILLIS = 5;

    private final KafkaOptions options;
    private final Map<String, Integer> partitions;
    private final Producer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    private KafkaBatchSink(KafkaOptions options, Map<String, Integer> partitions, Producer<byte[], byte[]> producer) {
        this.options = options;
        this.partitions = partitions;
        this.producer = producer;
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
                new KafkaProducer<>(settings(options), new ByteArraySerializer(), new ByteArraySerializer()));
    }

    private static Map<String, Object> settings(KafkaOptions options) {
        int timeoutMillis = (int) options.timeout().toMillis();
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        settings.put(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG, ZSTD_LEVEL);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_OCTETS);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMillis);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis + LINGER_MILLIS);
        return settings;
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
                            topic, Topics.partitionOf(streamId, count), key.getBytes(StandardCharsets.UTF_8), value),
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
