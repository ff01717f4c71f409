package io.parallax.io;

import io.parallax.io.SingleObjectSerializationSchema.KeyRule;
import io.parallax.wire.Completeness;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.Dependency;
import io.parallax.wire.DependencyChange;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.Segment;
import io.parallax.wire.Signal;
import io.parallax.wire.Topics;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The topics that the job writes. Records are repeated after a failover, never lost: keys are idempotent and the greatest
 * revision wins, so the result is exact without transactions, which lose data when an outage outlasts their timeout.
 */
public final class KafkaSinks {

    /**
     * Unless the settings say otherwise. When a window closes, rows come by the hundred thousand: Kafka's own 16 KiB and 5 ms
     * would make ten thousands of requests of them, which cost producer and broker more than the rows do. lz4, since zstd
     * takes longer to compress a row than the meter takes to state it.
     */
    private static final Map<String, String> DEFAULTS = Map.of(
            ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4",
            ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(512 * 1024),
            ProducerConfig.LINGER_MS_CONFIG, "50");

    private final Properties producer;

    /** @param producer settings of the Kafka producer, {@code bootstrap.servers} among them */
    public KafkaSinks(Properties producer) {
        if (producer.getProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG) == null) {
            throw new IllegalArgumentException("producer settings lack " + ProducerConfig.BOOTSTRAP_SERVERS_CONFIG);
        }
        this.producer = new Properties();
        DEFAULTS.forEach(this.producer::setProperty);
        producer.stringPropertyNames().forEach(name -> this.producer.setProperty(name, producer.getProperty(name)));
    }

    /** Sinks with the producer's own defaults. */
    public static KafkaSinks to(String bootstrapServers) {
        Properties producer = new Properties();
        producer.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return new KafkaSinks(producer);
    }

    public KafkaSink<Flow> flows() {
        return upserting(Topics.FLOWS, Flow.class, Topics::flowKey);
    }

    public KafkaSink<MatrixCell> matrix() {
        return upserting(Topics.MATRIX, MatrixCell.class, Topics::matrixKey);
    }

    public KafkaSink<MatrixCell> matrixHourly() {
        return upserting(Topics.MATRIX_HOURLY, MatrixCell.class, Topics::matrixKey);
    }

    public KafkaSink<Completeness> completeness() {
        return upserting(Topics.COMPLETENESS, Completeness.class, Topics::completenessKey);
    }

    public KafkaSink<Segment> segments() {
        return upserting(Topics.SEGMENTS, Segment.class, Topics::segmentKey);
    }

    public KafkaSink<Dependency> dependencies() {
        return upserting(Topics.DEPENDENCIES, Dependency.class, Topics::dependencyKey);
    }

    public KafkaSink<DependencyChange> dependencyChanges() {
        return upserting(Topics.DEPENDENCY_CHANGES, DependencyChange.class, Topics::dependencyChangeKey);
    }

    public KafkaSink<Signal> signals() {
        return upserting(Topics.SIGNALS, Signal.class, Topics::signalKey);
    }

    public KafkaSink<DeadLetter> deadLetters() {
        return upserting(Topics.DEAD_LETTERS, DeadLetter.class, Topics::deadLetterKey);
    }

    private <T extends SpecificRecordBase> KafkaSink<T> upserting(String topic, Class<T> type, KeyRule<T> key) {
        return KafkaSink.<T>builder()
                .setKafkaProducerConfig(producer)
                .setRecordSerializer(new SingleObjectSerializationSchema<>(topic, type, key))
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build();
    }
}
