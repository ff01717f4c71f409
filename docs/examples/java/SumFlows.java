import io.parallax.wire.Flow;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topic {@code flows} from its first record to the last one there is now, and adds up what counts.
 *
 * <pre>java -cp 'deploy/local/target/lib/*' docs/examples/java/SumFlows.java localhost:9092</pre>
 *
 * Needs kafka-clients and parallax-schemas with Avro. Any record may come again, and a row that was restated comes with a
 * greater revision: the greatest one per key counts.
 */
final class SumFlows {

    private record Counted(long revision, long packets, long octets) {}

    public static void main(String[] arguments) throws WireFormatException {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", arguments[0], "isolation.level", "read_committed", "enable.auto.commit", "false");
        SingleObjectCodec<Flow> codec = SingleObjectCodec.of(Flow.getClassSchema()); // reads every published version
        Map<String, Counted> latest = new HashMap<>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.FLOWS).stream()
                    .map(partition -> new TopicPartition(Topics.FLOWS, partition.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (record.value() != null) { // a tombstone deletes a row that nobody keeps any more
                        count(codec.decode(record.value()), latest);
                    }
                }
            }
        }
        System.out.printf(
                "%d rows, %d packets, %d octets%n",
                latest.size(),
                latest.values().stream().mapToLong(Counted::packets).sum(),
                latest.values().stream().mapToLong(Counted::octets).sum());
    }

    private static void count(Flow row, Map<String, Counted> latest) {
        Counted counted = new Counted(
                row.getRevision(),
                row.getPacketDeltaCount() + row.getReversePacketDeltaCount(),
                row.getOctetDeltaCount() + row.getReverseOctetDeltaCount());
        latest.merge(
                Topics.flowKey(row), counted, (one, other) -> other.revision() >= one.revision() ? other : one);
    }
}
