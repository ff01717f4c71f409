package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parallax.job.JobOptions;
import io.parallax.job.ParallaxJob;
import io.parallax.local.cluster.LocalCluster;
import io.parallax.local.report.Results;
import io.parallax.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that is stopped with a savepoint and goes on from it with other parallelisms, with flows and windows open. */
class RescaleTest {

    private static final int MOST_SLOTS = 4;
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    /** Shares of the samples at which the job is stopped: in the midst of a window, and of most flows. */
    private static final double FIRST_STOP = 0.45;

    private static final double SECOND_STOP = 0.75;
    private static final double END = 2;

    @TempDir
    Path folder;

    @Test
    void aJobThatGoesOnWithFourAndThenTwoInstancesGivesTheRowsOfOneThatWasNotStopped() throws Exception {
        StagedStream stream = StagedStream.of(StagedStream.folder(folder, "captures"));
        Results expected = undisturbed(stream);
        Path work = StagedStream.folder(folder, "disturbed");
        try (LocalRun run = LocalRun.start(work, MOST_SLOTS);
                LocalCluster cluster = LocalCluster.start(MOST_SLOTS, work)) {
            String first = untilSavepoint(run, cluster, work, null, 1, stream, 0, FIRST_STOP);
            String second = untilSavepoint(run, cluster, work, first, 4, stream, FIRST_STOP, SECOND_STOP);
            PublishedRecords.send(run, stream.part(SECOND_STOP, END));
            submit(cluster, second, options(run, work, 2));
            await().atMost(DEADLINE)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertSame(stream.closed(run.results()), expected));
        }
    }

    /** Publishes a part, has it read, and stops the job in the midst of it all. */
    private static String untilSavepoint(
            LocalRun run,
            LocalCluster cluster,
            Path work,
            @Nullable String from,
            int parallelism,
            StagedStream stream,
            double begin,
            double end)
            throws Exception {
        PublishedRecords.send(run, stream.part(begin, end));
        JobOptions options = options(run, work, parallelism);
        JobID job = submit(cluster, from, options);
        StagedStream.awaitRead(run, options, stream.part(0, end).size());
        await().atMost(DEADLINE).until(() -> run.topics().count(Topics.FLOWS) > 0);
        return cluster.stopWithSavepoint(job, work.resolve("savepoints"));
    }

    private Results undisturbed(StagedStream stream) throws Exception {
        Path work = StagedStream.folder(folder, "undisturbed");
        try (LocalRun run = LocalRun.start(work, MOST_SLOTS);
                LocalCluster cluster = LocalCluster.start(MOST_SLOTS, work)) {
            PublishedRecords.send(run, stream.part(0, END));
            JobOptions options = options(run, work, 1);
            options.isBounded = true;
            cluster.await(submit(cluster, null, options), () -> {});
            return stream.closed(run.results());
        }
    }

    private static JobOptions options(LocalRun run, Path work, int parallelism) {
        JobOptions options = FlowJob.bounded(run.bootstrapServers(), Duration.ofSeconds(10), work.resolve("tables"));
        options.isBounded = false;
        options.parallelism = parallelism;
        options.checkpointInterval = Duration.ofMillis(500);
        return options;
    }

    private static JobID submit(LocalCluster cluster, @Nullable String savepoint, JobOptions options) {
        StreamExecutionEnvironment environment = cluster.environment(savepoint);
        ParallaxJob.build(environment, options);
        return cluster.submit(environment);
    }

    private static void assertSame(Results found, Results expected) {
        assertThat(expected.flows()).hasSizeGreaterThan(1_000);
        StagedStream.assertSameButForRevisions(found, expected);
    }
}
