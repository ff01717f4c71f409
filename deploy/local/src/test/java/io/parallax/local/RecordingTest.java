package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parallax.capture.publish.ReplayListener;
import io.parallax.capture.source.OpenCaptures;
import io.parallax.job.ParallaxJob;
import io.parallax.local.cluster.LocalCluster;
import io.parallax.local.report.Conservation;
import io.parallax.local.report.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole recording that the samples are cut from: five minutes, attacks, mirror sessions, where it is at hand. */
class RecordingTest {

    private static final ReplayListener NOBODY = more -> {};
    private static final int TWO_SLOTS = 2;

    @TempDir
    Path folder;

    @BeforeEach
    void needsTheRecording() {
        assumeTrue(
                Files.isDirectory(Samples.RECORDING),
                () -> Samples.RECORDING + " is not there: set -Dparallax.shared to the folder of reference captures");
    }

    @ParameterizedTest
    @ValueSource(strings = {"capvm1.cap0", "capvm1.cap1", "capvm2.cap0", "capvm2.cap1"})
    void eachInterfaceAloneIsExact(String sensor) throws Exception {
        Results results = analyzed(List.of(sensor));
        Truth truth = Truth.ofSensor(Samples.truth(Samples.RECORDING), sensor);
        assertThat(truth.differences(FlowSums.of(results.flows()))).isEmpty();
        assertThat(Conservation.of(results, 0).lines()).noneMatch(line -> line.startsWith("BROKEN"));
    }

    @Test
    void allInterfacesTogetherCountEveryPacketOnce() throws Exception {
        Results results = analyzed(Samples.SENSORS);
        Truth truth = Truth.ofAllSensors(Samples.truth(Samples.RECORDING));
        assertThat(truth.differences(FlowSums.of(results.flows()))).isEmpty();
        assertThat(Conservation.of(results, 0).lines()).noneMatch(line -> line.startsWith("BROKEN"));
    }

    private Results analyzed(List<String> sensors) throws Exception {
        Path work = Files.createTempDirectory(folder, "work");
        try (LocalRun run = LocalRun.start(work, TWO_SLOTS);
                OpenCaptures open = OpenCaptures.of(Samples.of(Samples.RECORDING, sensors));
                LocalCluster cluster = LocalCluster.start(TWO_SLOTS, work)) {
            run.publish(open.sources(), run.unpaced(), NOBODY);
            StreamExecutionEnvironment environment = cluster.environment();
            ParallaxJob.build(
                    environment,
                    FlowJob.bounded(run.bootstrapServers(), Duration.ofSeconds(60), work.resolve("tables")));
            cluster.await(cluster.submit(environment), () -> {});
            return run.results();
        }
    }
}
