package io.parallax.local.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.local.ParallaxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** {@code parallax capture} as a process inside a capture VM. */
final class Producer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(40);
    private static final Duration END = Duration.ofSeconds(40);

    private final Process process;
    private final Path log;

    private Producer(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it and waits until it captures. */
    static Producer start(CaptureVm vm, String bootstrapServers, Path folder, String... more) throws IOException {
        return start(vm.namespace(), "capvm", bootstrapServers, folder, more);
    }

    /** The same in a namespace that something else made. */
    static Producer start(String namespace, String sensor, String bootstrapServers, Path folder, String... more)
            throws IOException {
        Files.createDirectories(folder);
        Path log = Files.createTempFile(folder, "producer", ".log");
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(ParallaxProcess.command("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("capture", "--bootstrap-servers", bootstrapServers, "--sensor", sensor));
        command.addAll(List.of("--spool-folder", folder.resolve("spool").toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Producer producer = new Producer(process, log);
        try {
            Awaitility.await("capture: " + log)
                    .atMost(START)
                    .until(() -> producer.log().contains("capturing ["));
        } catch (RuntimeException e) {
            producer.close();
            throw new IOException(producer.log(), e);
        }
        return producer;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** As an operator stops it; what it captured has to be safe afterwards. */
    void stop() throws IOException, InterruptedException {
        process.destroy();
        assertThat(process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS))
                .as("ended within %s: %s", END, log())
                .isTrue();
    }

    /** kill -9: it gets to do nothing. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Octets of memory that it has in use, as the kernel counts them. */
    long residentOctets() throws IOException {
        // The child of ip-netns(8) is exec'd, so the process is the JVM itself.
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D+", "")) << 10;
            }
        }
        throw new IOException("no VmHWM");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
