package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.job.JobOptions;
import io.parallax.job.ParallaxJob;
import io.parallax.local.cluster.LocalCluster;
import io.parallax.local.report.Results;
import io.parallax.local.scenario.MeteredRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same records through the job on one, two and four slots: the same rows. */
class ParallelismTest {

    private static final int MOST = 4;

    /** Many batches, so that the instances do run past each other. */
    private static final int HEADERS_PER_BATCH = 100;

    @TempDir
    Path folder;

    @Test
    void oneTwoAndFourSlotsGiveTheSameRows() throws Exception {
        Results one = analyzed(1);
        for (int slots = 2; slots <= MOST; slots *= 2) {
            Results more = analyzed(slots);
            assertThat(MeteredRows.of(more.flows()).differences(MeteredRows.of(one.flows())))
                    .as("%d slots", slots)
                    .isEmpty();
            assertThat(new TreeSet<>(more.cells())).as("%d slots", slots).isEqualTo(new TreeSet<>(one.cells()));
        }
    }

    private Results analyzed(int slots) throws Exception {
        Path work = Files.createDirectory(folder.resolve("slots-" + slots));
        try (LocalRun run = LocalRun.start(work, MOST);
                LocalCluster cluster = LocalCluster.start(slots, work)) {
            PublishedRecords.send(
                    run, PublishedRecords.of(Samples.of(Samples.COMMITTED, Samples.SENSORS), HEADERS_PER_BATCH));
            StreamExecutionEnvironment environment = cluster.environment();
            JobOptions options =
                    FlowJob.bounded(run.bootstrapServers(), Duration.ofSeconds(10), work.resolve("tables"));
            ParallaxJob.build(environment, options);
            cluster.await(cluster.submit(environment), () -> {});
            return run.results();
        }
    }
}
