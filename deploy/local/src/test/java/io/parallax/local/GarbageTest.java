package io.parallax.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.publish.ReplayListener;
import io.parallax.capture.source.OpenCaptures;
import io.parallax.job.ParallaxJob;
import io.parallax.local.cluster.LocalCluster;
import io.parallax.local.report.Conservation;
import io.parallax.local.report.Results;
import io.parallax.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GarbageTest {

    private static final ReplayListener NOBODY = more -> {};
    private static final int ONE_SLOT = 1;

    @TempDir
    Path folder;

    @Test
    void aRecordThatIsNoBatchBecomesADeadLetterAndNothingElseChanges() throws Exception {
        Path work = Files.createDirectory(folder.resolve("work"));
        Path tables = Files.createDirectory(folder.resolve("tables"));
        try (LocalRun run = LocalRun.start(work, ONE_SLOT)) {
            garbage(run, 0);
            try (OpenCaptures open = OpenCaptures.of(Samples.of(Samples.COMMITTED, Samples.SENSORS))) {
                run.publish(open.sources(), run.unpaced(), NOBODY);
            }
            try (LocalCluster cluster = LocalCluster.start(ONE_SLOT, work)) {
                StreamExecutionEnvironment environment = cluster.environment();
                ParallaxJob.build(environment, FlowJob.bounded(run.bootstrapServers(), Duration.ofSeconds(10), tables));
                cluster.await(cluster.submit(environment), () -> {});
            }
            Results results = run.results();
            assertThat(results.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.getSourceTopic()).isEqualTo(Topics.PACKET_HEADERS);
                assertThat(letter.getReason()).isEqualTo("NO_MARKER");
                assertThat(UTF_8.decode(letter.getPayload()).toString()).isEqualTo("this is no batch of headers");
            });
            assertThat(Truth.ofAllSensors(Samples.truth(Samples.COMMITTED)).differences(FlowSums.of(results.flows())))
                    .isEmpty();
            assertThat(Conservation.of(results, 0).holds()).isTrue();
        }
    }

    private static void garbage(LocalRun run, int partition) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", run.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] value = "this is no batch of headers".getBytes(UTF_8);
            producer.send(new ProducerRecord<>(Topics.PACKET_HEADERS, partition, null, value))
                    .get();
        }
    }
}
