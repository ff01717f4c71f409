package io.parallax.local.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.io.JobTopics;
import io.parallax.wire.Topics;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

class EmbeddedBrokerTest {

    private static final long TEN_SECONDS_MILLIS = 10_000;

    @TempDir
    Path parent;

    @Test
    void keepsARecordAndLeavesNothingBehind() throws Exception {
        Set<Thread> before = nonDaemonThreads();
        Path folder;
        try (EmbeddedBroker broker = EmbeddedBroker.start(parent)) {
            folder = broker.folder();
            JobTopics.ensure(broker.bootstrapServers(), 2, (short) 1);
            send(broker, Topics.PACKET_HEADERS, "hello");

            var records = new TopicReader(broker.bootstrapServers()).records(Topics.PACKET_HEADERS);
            assertThat(records).singleElement().satisfies(record -> {
                assertThat(new String(record.value(), UTF_8)).isEqualTo("hello");
                assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
            });
        }
        assertThat(folder).doesNotExist();
        assertThat(parent).isEmptyDirectory();
        for (Thread thread : nonDaemonThreads()) {
            if (!before.contains(thread)) {
                thread.join(TEN_SECONDS_MILLIS);
                assertThat(thread.isAlive()).as("%s still runs", thread).isFalse();
            }
        }
    }

    @Test
    void refusesATopicThatNobodyCreated() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(parent)) {
            assertThatThrownBy(() -> send(broker, "flwos", "hello")).hasMessageContaining("flwos");
        }
    }

    @Test
    void twoBrokersLiveSideBySide() {
        try (EmbeddedBroker one = EmbeddedBroker.start(parent);
                EmbeddedBroker other = EmbeddedBroker.start(parent)) {
            assertThat(one.bootstrapServers()).isNotEqualTo(other.bootstrapServers());
        }
    }

    /** The connector calls what later clients no longer have, and fails at its first checkpoint, over and over. */
    @Test
    void theClassPathHoldsTheClientsThatTheConnectorNeeds() {
        assertThat(AppInfoParser.getVersion()).isEqualTo("4.2.0");
    }

    @Test
    void logLinesGoSomewhere() {
        assertThat(LoggerFactory.getILoggerFactory()).isNotInstanceOf(NOPLoggerFactory.class);
    }

    private static void send(EmbeddedBroker broker, String topic, String value)
            throws ExecutionException, InterruptedException {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers(), "max.block.ms", 3_000);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, value.getBytes(UTF_8))).get();
        }
    }

    private static Set<Thread> nonDaemonThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon())
                .collect(Collectors.toSet());
    }
}
