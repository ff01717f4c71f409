package io.parallax.io;

import io.parallax.model.RawRecord;
import io.parallax.wire.Topics;
import java.util.List;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;

/** The topics that the job reads. */
public final class KafkaSources {

    /** New partitions are found within this time, unbounded input only. */
    private static final String DISCOVERY_INTERVAL_MILLIS = "10000";

    private final String bootstrapServers;
    private final String groupId;
    private final boolean isBounded;
    private final boolean isFromLatest;

    /**
     * @param isBounded stop at the end that the topics have when the job starts
     * @param isFromLatest begin at the end, without a checkpoint; otherwise at the earliest record that is left
     */
    public KafkaSources(String bootstrapServers, String groupId, boolean isBounded, boolean isFromLatest) {
        this.bootstrapServers = bootstrapServers;
        this.groupId = groupId;
        this.isBounded = isBounded;
        this.isFromLatest = isFromLatest;
    }

    public KafkaSource<ReceivedBatch> packetHeaders() {
        return source(List.of(Topics.PACKET_HEADERS), new ReceivedBatchDeserializer(), start());
    }

    public KafkaSource<RawRecord> captureLedger() {
        return source(List.of(Topics.CAPTURE_LEDGER), new RawRecordDeserializationSchema(), start());
    }

    /** From the first record whatever is said of the others: it is what holds now, not what happened. */
    public KafkaSource<RawRecord> inventory() {
        return source(
                List.of(Topics.INVENTORY, Topics.NEIGHBOURS),
                new RawRecordDeserializationSchema(),
                OffsetsInitializer.earliest());
    }

    private OffsetsInitializer start() {
        return isFromLatest ? OffsetsInitializer.latest() : OffsetsInitializer.earliest();
    }

    private <T> KafkaSource<T> source(
            List<String> topics, KafkaRecordDeserializationSchema<T> deserializer, OffsetsInitializer start) {
        KafkaSourceBuilder<T> builder = KafkaSource.<T>builder()
                .setBootstrapServers(bootstrapServers)
                .setGroupId(groupId)
                .setClientIdPrefix(groupId + "-" + topics.get(0))
                .setTopics(topics)
                .setStartingOffsets(start)
                .setDeserializer(deserializer);
        if (isBounded) {
            return builder.setBounded(OffsetsInitializer.latest()).build();
        }
        return builder.setProperty("partition.discovery.interval.ms", DISCOVERY_INTERVAL_MILLIS)
                .build();
    }
}
