package io.parallax.local.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parallax.capture.nic.Root;
import io.parallax.local.FlowSums;
import io.parallax.local.ParallaxProcess;
import io.parallax.local.Truth;
import io.parallax.local.cluster.EmbeddedBroker;
import io.parallax.local.cluster.TopicReader;
import io.parallax.wire.Flow;
import io.parallax.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The session that docs/65-lab.md describes: eight VMs that talk, two capture VMs, Kafka, the job, and the lab's own truth. */
class LabTest {

    private static final String LAB = "../lab/lab.py";
    private static final String BROKER_HOST = "10.99.0.1";
    private static final int BROKER_PORT = 19_092;

    @TempDir
    Path folder;

    @Test
    void liveFromTwoCaptureVmsEveryPacketIsCountedOnce() throws Exception {
        Root.orSkip();
        assumeTrue(Files.exists(Path.of(LAB)) && hasPython(), "skipped: the lab needs Python 3.10 or later");
        assumeTrue(!isUp(), "skipped: the lab is up already, and there is one at a time");
        try {
            Shell.run(LAB + " up");
            Truth truth = record();
            Map<Truth.Direction, Truth.Counts> counted = FlowSums.of(flows());

            assertThat(truth.expected()).hasSizeGreaterThan(50);
            assertThat(truth.differences(counted)).isEmpty();
        } finally {
            Shell.run(LAB + " down");
        }
    }

    private Truth record() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.at(BROKER_HOST, BROKER_PORT, folder.resolve("broker"));
                Producer one = producer("capvm1", broker);
                Producer two = producer("capvm2", broker)) {
            Shell.run(LAB + " traffic everyday --seconds 8");
            Shell.run(LAB + " truth " + folder.resolve("truth.json"));
            one.stop();
            two.stop();
            meter(broker);
            flows = new TopicReader(broker.bootstrapServers()).read(Topics.FLOWS, Flow.getClassSchema());
        }
        return Truth.ofAllSensors(folder.resolve("truth.json"));
    }

    private List<Flow> flows = List.of();

    private Producer producer(String vm, EmbeddedBroker broker) throws IOException {
        return Producer.start(
                "plx-" + vm,
                vm,
                broker.bootstrapServers(),
                folder.resolve(vm),
                "--interface",
                "cap0,cap1",
                "--status-address",
                "none");
    }

    private void meter(EmbeddedBroker broker) throws Exception {
        List<String> command = new ArrayList<>(ParallaxProcess.command(
                "-Xmx700m",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED"));
        command.addAll(
                List.of("job", "--bounded", "--bootstrap-servers", broker.bootstrapServers(), "--window", "10s"));
        Path log = folder.resolve("job.log");
        Process job = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(job.waitFor()).as(Files.readString(log)).isZero();
    }

    /** Of each flow and window the row that was stated last. */
    private List<Flow> flows() {
        Map<String, Flow> latest = new HashMap<>();
        for (Flow row : flows) {
            latest.merge(
                    Topics.flowKey(row), row, (one, other) -> one.getRevision() > other.getRevision() ? one : other);
        }
        return List.copyOf(latest.values());
    }

    private static boolean isUp() {
        try {
            Shell.run(LAB + " status --json");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean hasPython() {
        try {
            Shell.run("python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'");
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
