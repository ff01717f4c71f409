package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.job.JobOptions;
import io.parallax.job.ParallaxJob;
import io.parallax.local.PublishedRecords.Published;
import io.parallax.local.cluster.LocalCluster;
import io.parallax.local.cluster.TopicReader;
import io.parallax.local.report.Results;
import io.parallax.local.scenario.MeteredRows;
import io.parallax.wire.Completeness;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.Topics;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Poison among good records: dead letters hold exactly the poison, and the results are those of the good records alone. */
class PoisonTest {

    private static final int TWO_SLOTS = 2;
    private static final long SEED = Long.getLong("parallax.seed", 1);

    /** About 700 batches; with every kind of poison that is 1 in 50 records. */
    private static final int HEADERS_PER_BATCH = 20;

    /** Of a record, as many octets as a dead letter keeps. */
    private static final int KEPT_OCTETS = 4_096;

    @TempDir
    Path folder;

    @Test
    void deadLettersHoldExactlyThePoisonAndResultsAreThoseOfTheCleanRun() throws Exception {
        List<Published> clean = PublishedRecords.of(Samples.of(Samples.COMMITTED, Samples.SENSORS), HEADERS_PER_BATCH);
        Map<Integer, Published> poison = new HashMap<>();
        List<Published> poisoned = poisoned(clean, poison);

        Results expected = analyzed("clean", clean, new ArrayList<>());
        List<RecordMetadata> places = new ArrayList<>();
        Results results = analyzed("poisoned", poisoned, places);

        TreeSet<String> letters = new TreeSet<>();
        results.deadLetters().forEach(letter -> letters.add(text(letter)));
        TreeSet<String> sent = new TreeSet<>();
        poison.forEach((index, published) -> sent.add(text(places.get(index), published)));
        assertThat(expected.deadLetters()).isEmpty();
        assertThat(letters).as("seed %d", SEED).isEqualTo(sent);
        assertThat(MeteredRows.of(results.flows()).differences(MeteredRows.of(expected.flows())))
                .as("seed %d", SEED)
                .isEmpty();
        assertThat(Set.copyOf(results.completeness())).isEqualTo(Set.copyOf(expected.completeness()));
        assertThat(Set.copyOf(results.cells())).isEqualTo(Set.copyOf(expected.cells()));
    }

    /** Every kind at a place of its own, before a good record with headers; {@code poison} gets their indexes. */
    private static List<Published> poisoned(List<Published> clean, Map<Integer, Published> poison) throws Exception {
        Random random = new Random(SEED);
        Map<Integer, Poison> before = new HashMap<>();
        for (Poison kind : Poison.values()) {
            place(kind, Topics.PACKET_HEADERS, clean, before, random);
            if (kind.isForEveryTopic()) {
                place(kind, Topics.CAPTURE_LEDGER, clean, before, random);
            }
        }
        List<Published> poisoned = new ArrayList<>();
        for (int i = 0; i < clean.size(); i++) {
            Published good = clean.get(i);
            Poison kind = before.get(i);
            byte[] value = good.value;
            if (kind != null && value != null) {
                Published bad = good.with(kind.of(value, random));
                poison.put(poisoned.size(), bad);
                poisoned.add(bad);
            }
            poisoned.add(good);
        }
        return poisoned;
    }

    /** In the second quarter of the records: behind the announcements, with much to come that could be spoilt. */
    private static void place(
            Poison kind, String topic, List<Published> clean, Map<Integer, Poison> before, Random random) {
        int at;
        do {
            at = clean.size() / 4 + random.nextInt(clean.size() / 4);
        } while (before.containsKey(at) || !clean.get(at).topic.equals(topic));
        before.put(at, kind);
    }

    private Results analyzed(String name, List<Published> records, List<RecordMetadata> places) throws Exception {
        Path work = Files.createDirectory(folder.resolve(name));
        try (LocalRun run = LocalRun.start(work, TWO_SLOTS);
                LocalCluster cluster = LocalCluster.start(TWO_SLOTS, work)) {
            places.addAll(PublishedRecords.send(run, records));
            StreamExecutionEnvironment environment = cluster.environment();
            JobOptions options =
                    FlowJob.bounded(run.bootstrapServers(), Duration.ofSeconds(10), work.resolve("tables"));
            ParallaxJob.build(environment, options);
            cluster.await(cluster.submit(environment), () -> {});
            return outputs(run.topics());
        }
    }

    /** Not the ledger, in which poison stands: what the job took in of it is in the accounts of completeness. */
    private static Results outputs(TopicReader topics) {
        return Results.of(
                List.of(),
                topics.<Flow>read(Topics.FLOWS, Flow.getClassSchema()),
                topics.<MatrixCell>read(Topics.MATRIX, MatrixCell.getClassSchema()),
                topics.<DeadLetter>read(Topics.DEAD_LETTERS, DeadLetter.getClassSchema()),
                topics.<Completeness>read(Topics.COMPLETENESS, Completeness.getClassSchema()));
    }

    private static String text(DeadLetter letter) {
        ByteBuffer payload = letter.getPayload().duplicate();
        byte[] octets = new byte[payload.remaining()];
        payload.get(octets);
        return place(letter.getSourceTopic(), letter.getSourcePartition(), letter.getSourceOffset(), octets);
    }

    private static String text(RecordMetadata place, Published published) {
        byte[] value = published.value == null ? new byte[0] : published.value;
        return place(
                place.topic(),
                place.partition(),
                place.offset(),
                Arrays.copyOf(value, Math.min(value.length, KEPT_OCTETS)));
    }

    private static String place(String topic, int partition, long offset, byte[] octets) {
        return topic + "/" + partition + "/" + offset + " " + HexFormat.of().formatHex(octets);
    }
}
