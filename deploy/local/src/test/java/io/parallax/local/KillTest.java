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
import io.parallax.wire.Vantage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
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
    void aJobThatIsKilledAndGoesOnFromItsCheckpointGivesTheSameRows() throws Exception {
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
     * Sorted rows of flows and matrix, but for the last copy, whose windows only a bounded run closes. Left out is what
     * depends on the order of arrival: revisions, which count how often a row was completed, and the order of vantages.
     */
    private static List<String> closedRows(Results results) {
        Instant last = results.ledger().stream()
                .map(CaptureLedger::getIntervalStart)
                .max(Instant::compareTo)
                .orElseThrow()
                .minusSeconds(PERIOD_SECONDS);
        return Stream.concat(
                        results.flows().stream()
                                .filter(row -> row.getWindowStart().isBefore(last))
                                .map(row -> ordered(row).toString()),
                        results.cells().stream()
                                .filter(row -> row.getWindowStart().isBefore(last))
                                .map(row -> MatrixCell.newBuilder(row)
                                        .setRevision(0)
                                        .build()
                                        .toString()))
                .sorted()
                .toList();
    }

    private static Flow ordered(Flow row) {
        List<Vantage> vantage = new ArrayList<>(row.getVantage());
        vantage.sort(Comparator.comparing(Vantage::toString));
        return Flow.newBuilder(row).setRevision(0).setVantage(vantage).build();
    }
}
