package io.parallax.local.inventory;

import io.parallax.local.cluster.TopicReader;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The topic {@code inventory}: what it says now, and how that is changed. */
public final class InventoryTopic {

    /** What a load did. */
    public record Changes(int written, int unchanged, int takenBack) {}

    private final String bootstrapServers;
    private final SingleObjectCodec<InventoryEntry> codec = SingleObjectCodec.of(InventoryEntry.getClassSchema());

    public InventoryTopic(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Entries by key. What is no entry is passed over: the job has made a dead letter of it. */
    public Map<String, InventoryEntry> read() {
        Map<String, InventoryEntry> entries = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : new TopicReader(bootstrapServers).records(Topics.INVENTORY)) {
            byte[] key = record.key();
            if (key == null) {
                continue;
            }
            if (record.value() == null) {
                entries.remove(text(key));
                continue;
            }
            try {
                entries.put(text(key), codec.decode(record.value()));
            } catch (WireFormatException e) {
                // what was known by the key stays, as it does in the job
            }
        }
        return entries;
    }

    /**
     * Makes the topic say what {@code wanted} says, and acknowledged by all replicas on return.
     *
     * @param origin whose entries are taken back when they are not wanted any more; null: none are
     */
    public Changes write(Collection<InventoryEntry> wanted, @Nullable String origin) throws InterruptedException {
        Map<String, InventoryEntry> known = read();
        Map<String, byte @Nullable []> changes = new TreeMap<>();
        int unchanged = 0;
        for (InventoryEntry entry : wanted) {
            String key = Topics.inventoryKey(entry);
            InventoryEntry before = known.remove(key);
            if (before != null && before.equals(entry)) {
                unchanged++;
            } else {
                changes.put(key, codec.encode(entry));
            }
        }
        int written = changes.size();
        known.forEach((key, entry) -> {
            if (entry.getOrigin().equals(origin)) {
                changes.put(key, null);
            }
        });
        send(changes);
        return new Changes(written, unchanged, changes.size() - written);
    }

    /**
     * Adds what was seen at one moment to what was seen before.
     *
     * @throws InventoryException if it contradicts what the topic says
     */
    Observation observe(List<InventoryEntry> seen, Instant at) throws InventoryException, InterruptedException {
        Observation observation = Observation.of(read(), seen, at);
        Map<String, byte @Nullable []> changes = new TreeMap<>();
        observation.puts().forEach((key, entry) -> changes.put(key, codec.encode(entry)));
        observation.removals().forEach(key -> changes.put(key, null));
        send(changes);
        return observation;
    }

    private void send(Map<String, byte @Nullable []> changes) throws InterruptedException {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "enable.idempotence", "true");
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            changes.forEach((key, value) -> sent.add(producer.send(
                    new ProducerRecord<>(Topics.INVENTORY, key.getBytes(StandardCharsets.UTF_8), value))));
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "topic inventory: "
                            + Objects.requireNonNullElse(e.getCause(), e).getMessage(),
                    e);
        }
    }

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }
}
