package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parallax.capture.publish.ReplayOptions;
import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.OpenCaptures;
import io.parallax.job.JobOptions;
import io.parallax.job.ParallaxJob;
import io.parallax.local.cluster.LocalCluster;
import io.parallax.local.report.Results;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {

    private static final int TWO_SLOTS = 2;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    /** The samples last 55 s: after 300 s the flows of the copy before have ended. */
    private static final int PERIOD_SECONDS = 300;

    /** Before the last copy: by any timeout, every flow of the copies before has ended when it begins. */
    private static final int PAUSE_SECONDS = 2_000;

    /** Of the samples, before the kill and after it; about 14,000 headers each. */
    private static final int COPIES = 5;

    /** Small batches: many records, so that a checkpoint falls between them. */
    private static final int HEADERS_PER_BATCH = 50;

    @TempDir
    Path folder;

    @Test
    void aJobThatIsKilledAndGoesOnFromItsCheckpointGivesTheSameCounts() throws Exception {
        List<CaptureFile> before = repeatedSamples("before", 0, 0);
        List<CaptureFile> after = repeatedSamples("after", COPIES * PERIOD_SECONDS, PAUSE_SECONDS);
        assertSameWhenKilled(before, after, undisturbed(before, after));
    }

    private List<String> undisturbed(List<CaptureFile> before, List<CaptureFile> after) throws Exception {
        Path work = Files.createDirectory(folder.resolve("undisturbed"));
        try (LocalRun run = LocalRun.start(work, TWO_SLOTS);
                LocalCluster cluster = LocalCluster.start(TWO_SLOTS, work)) {
            publish(run, before);
            publish(run, after);
            JobOptions options = options(run, work);
            options.isBounded = true;
            cluster.await(submit(cluster, cluster.environment(), options), () -> {});
            return closedRows(run.results());
        }
    }

    /** Unbounded, since a bounded Kafka source never ends once it was restored (FLINK-31006). */
    private void assertSameWhenKilled(List<CaptureFile> before, List<CaptureFile> after, List<String> undisturbed)
            throws Exception {
        Path work = Files.createDirectory(folder.resolve("disturbed"));
        try (LocalRun run = LocalRun.start(work, TWO_SLOTS);
                LocalCluster cluster = LocalCluster.start(TWO_SLOTS, work)) {
            publish(run, before);
            JobOptions options = options(run, work);
            JobID killed = submit(cluster, cluster.environment(), options);
            await().atMost(DEADLINE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> run.topics().count(Topics.FLOWS) > 0
                            && cluster.lastCheckpoint(killed).isPresent());
            cluster.cancel(killed);
            String checkpoint = cluster.lastCheckpoint(killed).orElseThrow();

            publish(run, after);
            submit(cluster, cluster.environment(checkpoint), options);
            await().atMost(DEADLINE)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(closedRows(run.results())).isEqualTo(undisturbed));
        }
    }

    private static void publish(LocalRun run, List<CaptureFile> captures) throws Exception {
        ReplayOptions usual = run.unpaced();
        ReplayOptions small = new ReplayOptions(
                usual.bootEpochMillis(),
                usual.threads(),
                usual.speed(),
                HEADERS_PER_BATCH,
                usual.batchOctets(),
                usual.linger());
        try (OpenCaptures open = OpenCaptures.of(captures)) {
            run.publish(open.sources(), small, more -> {});
        }
    }

    private static JobOptions options(LocalRun run, Path work) {
        JobOptions options = FlowJob.bounded(run.bootstrapServers(), WINDOW, work.resolve("tables"));
        options.isBounded = false;
        options.checkpointInterval = Duration.ofMillis(50);
        return options;
    }

    private static JobID submit(LocalCluster cluster, StreamExecutionEnvironment environment, JobOptions options) {
        ParallaxJob.build(environment, options);
        return cluster.submit(environment);
    }

    private List<CaptureFile> repeatedSamples(String name, int laterBySeconds, int pauseSeconds) throws Exception {
        Path repeatedIn = Files.createDirectory(folder.resolve(name));
        List<CaptureFile> repeated = new ArrayList<>();
        for (CaptureFile sample : Samples.of(Samples.COMMITTED, Samples.SENSORS)) {
            Path file = repeatedIn.resolve(sample.path().getFileName());
            RepeatedCapture.write(sample.path(), file, laterBySeconds, COPIES, PERIOD_SECONDS, pauseSeconds);
            repeated.add(CaptureFile.named(file));
        }
        return repeated;
    }

    /**
     * Packets and octets per direction of a 5-tuple and window, and per level of the matrix and window, but for the last
     * copy, whose windows only a bounded run closes. Not whole rows: a job that goes on reads some partitions ahead of
     * others, and what is late by that is counted where it belongs, but does not take back what was stated of a flow's end.
     */
    private static List<String> closedRows(Results results) {
        Instant last = results.ledger().stream()
                .map(CaptureLedger::getIntervalStart)
                .max(Instant::compareTo)
                .orElseThrow()
                .minusSeconds(PERIOD_SECONDS);
        Map<String, Long> counts = new TreeMap<>();
        for (Flow row : results.flows()) {
            if (row.getWindowStart().isBefore(last)) {
                String source = row.getSourceAddress() + " " + row.getSourceTransportPort();
                String destination = row.getDestinationAddress() + " " + row.getDestinationTransportPort();
                String window = " protocol " + row.getProtocolIdentifier() + " at " + row.getWindowStart();
                add(
                        counts,
                        source + " to " + destination + window,
                        row.getPacketDeltaCount(),
                        row.getOctetDeltaCount());
                add(
                        counts,
                        destination + " to " + source + window,
                        row.getReversePacketDeltaCount(),
                        row.getReverseOctetDeltaCount());
            }
        }
        for (MatrixCell cell : results.cells()) {
            if (cell.getWindowStart().isBefore(last)) {
                String window = "level " + cell.getLevel() + " at " + cell.getWindowStart();
                add(counts, window, cell.getPacketDeltaCount(), cell.getOctetDeltaCount());
            }
        }
        counts.values().removeIf(count -> count == 0);
        return counts.entrySet().stream()
                .map(count -> count.getKey() + ": " + count.getValue())
                .toList();
    }

    private static void add(Map<String, Long> counts, String what, long packets, long octets) {
        counts.merge(what + " packets", packets, Long::sum);
        counts.merge(what + " octets", octets, Long::sum);
    }
}
