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
import io.parallax.wire.Signal;
import io.parallax.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
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

    /** Of the samples, before each kill and after the last; about 14,000 headers each. */
    private static final int COPIES = 3;

    private static final int KILLS = 3;

    /** Before it is killed, a job has read some, all or none of what came since the last. */
    private static final int LONGEST_LIFE_MILLIS = 2_500;

    private static final long SEED = Long.getLong("parallax.kill.seed", System.nanoTime());
    private static final int MOST_DIFFERENCES = 20;

    /** Small batches: many records, so that a checkpoint falls between them. */
    private static final int HEADERS_PER_BATCH = 50;

    @TempDir
    Path folder;

    @Test
    void aJobThatIsKilledAtRandomMomentsAndGoesOnFromItsCheckpointsGivesTheSameRows() throws Exception {
        List<List<CaptureFile>> parts = new ArrayList<>();
        for (int part = 0; part <= KILLS; part++) {
            int pauseSeconds = part == KILLS ? PAUSE_SECONDS : 0;
            parts.add(repeatedSamples("part" + part, part * COPIES * PERIOD_SECONDS, pauseSeconds));
        }
        assertSameWhenKilled(parts, undisturbed(parts));
    }

    private List<String> undisturbed(List<List<CaptureFile>> parts) throws Exception {
        Path work = Files.createDirectory(folder.resolve("undisturbed"));
        try (LocalRun run = LocalRun.start(work, TWO_SLOTS);
                LocalCluster cluster = LocalCluster.start(TWO_SLOTS, work)) {
            for (List<CaptureFile> part : parts) {
                publish(run, part);
            }
            JobOptions options = options(run, work);
            options.isBounded = true;
            cluster.await(submit(cluster, cluster.environment(), options), () -> {});
            List<String> rows = closedRows(run);
            assertThat(rows).as("scans and beacons of the samples").anyMatch(row -> row.startsWith("signal "));
            return rows;
        }
    }

    /** Unbounded, since a bounded Kafka source never ends once it was restored (FLINK-31006). */
    private void assertSameWhenKilled(List<List<CaptureFile>> parts, List<String> undisturbed) throws Exception {
        Random random = new Random(SEED);
        Path work = Files.createDirectory(folder.resolve("disturbed"));
        try (LocalRun run = LocalRun.start(work, TWO_SLOTS);
                LocalCluster cluster = LocalCluster.start(TWO_SLOTS, work)) {
            JobOptions options = options(run, work);
            StreamExecutionEnvironment from = cluster.environment();
            for (List<CaptureFile> part : parts.subList(0, KILLS)) {
                publish(run, part);
                JobID killed = submit(cluster, from, options);
                awaitCheckpoint(cluster, killed, Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
                cluster.cancel(killed);
                from = cluster.environment(cluster.lastCheckpoint(killed).orElseThrow());
            }
            publish(run, parts.get(KILLS));
            submit(cluster, from, options);
            await().atMost(DEADLINE)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(differences(undisturbed, closedRows(run)))
                            .as("undisturbed < > killed, seed %d", SEED)
                            .isEmpty());
        }
    }

    private static void awaitCheckpoint(LocalCluster cluster, JobID job, Duration life) {
        await().atMost(DEADLINE)
                .pollDelay(life)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> cluster.lastCheckpoint(job).isPresent());
    }

    /** Rows that only one of them has, the first few. */
    private static List<String> differences(List<String> undisturbed, List<String> killed) {
        Set<String> expected = new TreeSet<>(undisturbed);
        Set<String> actual = new TreeSet<>(killed);
        return Stream.concat(
                        expected.stream().filter(row -> !actual.contains(row)).map(row -> "< " + row),
                        actual.stream().filter(row -> !expected.contains(row)).map(row -> "> " + row))
                .limit(MOST_DIFFERENCES)
                .toList();
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
     * Sorted rows of flows and matrix and what was signalled, but for the last copy, whose windows only a bounded run
     * closes. Left out are the revisions of cells: they count by how much flows' revisions grew, in steps that depend on the
     * order of arrival.
     */
    private static List<String> closedRows(LocalRun run) {
        Results results = run.results();
        Instant last = results.ledger().stream()
                .map(CaptureLedger::getIntervalStart)
                .max(Instant::compareTo)
                .orElseThrow()
                .minusSeconds(PERIOD_SECONDS);
        Stream<String> signals = run.topics().<Signal>read(Topics.SIGNALS, Signal.getClassSchema()).stream()
                .filter(row -> row.getStart().isBefore(last))
                .map(KillTest::identity)
                .distinct();
        Stream<String> flows = results.flows().stream()
                .filter(row -> row.getWindowStart().isBefore(last))
                .map(Flow::toString);
        Stream<String> cells = results.cells().stream()
                .filter(row -> row.getWindowStart().isBefore(last))
                .filter(StagedStream::countsSomething)
                .map(row -> MatrixCell.newBuilder(row).setRevision(0).build().toString());
        return Stream.of(signals, flows, cells).flatMap(rows -> rows).sorted().toList();
    }

    /** What is the same in all revisions of a signal. */
    private static String identity(Signal signal) {
        return "signal %s %s %s %s %s"
                .formatted(
                        signal.getSignalId(),
                        signal.getDetector(),
                        signal.getEntity(),
                        signal.getStart(),
                        signal.getDetectedAt());
    }
}
