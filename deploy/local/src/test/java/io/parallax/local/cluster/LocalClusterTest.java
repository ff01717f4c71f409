package io.parallax.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalClusterTest {

    @TempDir
    Path workFolder;

    @Test
    void runsAJobToItsEndAndShowsItOnLoopback() throws Exception {
        try (LocalCluster cluster = LocalCluster.start(1, workFolder)) {
            assertThat(cluster.webPage().getHost()).isEqualTo("127.0.0.1");
            new Socket(InetAddress.getLoopbackAddress(), cluster.webPage().getPort()).close();

            StreamExecutionEnvironment environment = cluster.environment();
            environment.fromSequence(1, 10).sinkTo(new DiscardingSink<>());
            JobID job = cluster.submit(environment);
            cluster.await(job, () -> {});

            assertThat(cluster.status(job)).isEqualTo(JobStatus.FINISHED);
        }
    }

    @Test
    void saysWhyAJobFailed() throws Exception {
        try (LocalCluster cluster = LocalCluster.start(1, workFolder)) {
            StreamExecutionEnvironment environment = cluster.environment();
            environment.configure(new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "none"));
            environment
                    .fromSequence(1, 10)
                    .map(n -> 1 / (n / 100))
                    .returns(Types.LONG)
                    .sinkTo(new DiscardingSink<>());
            JobID job = cluster.submit(environment);

            assertThatThrownBy(() -> cluster.await(job, () -> {})).hasMessageContaining("/ by zero");
        }
    }

    @Test
    void goesOnFromTheLastCheckpointOfACancelledJob() throws Exception {
        try (LocalCluster cluster = LocalCluster.start(1, workFolder)) {
            JobID job = cluster.submit(endless(cluster.environment()));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.lastCheckpoint(job).isPresent());
            cluster.cancel(job);

            String checkpoint = cluster.lastCheckpoint(job).orElseThrow();
            assertThat(Path.of(URI.create(checkpoint))).isDirectoryContaining("glob:**_metadata");

            JobID next = cluster.submit(endless(cluster.environment(checkpoint)));
            await().atMost(Duration.ofSeconds(20)).until(() -> cluster.isRestored(next));
            assertThat(cluster.isRestored(job)).isFalse();
        }
    }

    private static StreamExecutionEnvironment endless(StreamExecutionEnvironment environment) {
        environment.enableCheckpointing(50);
        environment
                .fromSequence(1, Long.MAX_VALUE)
                .uid("count")
                .sinkTo(new DiscardingSink<>())
                .uid("forget");
        return environment;
    }
}
