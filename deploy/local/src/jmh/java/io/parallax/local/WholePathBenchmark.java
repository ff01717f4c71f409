package io.parallax.local;

import com.sun.management.OperatingSystemMXBean;
import io.parallax.capture.publish.ReplayOptions;
import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.FileFrameSource;
import io.parallax.job.JobOptions;
import io.parallax.job.ParallaxJob;
import io.parallax.local.cluster.LocalCluster;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * CPU time of the whole path per packet: capture file, real producer, real broker, real job, flows (and the matrix) in
 * Kafka; all in one JVM, so that one clock counts all of them. Guards the decision for batches on the wire and blocks in the
 * shuffle: at most 0.6 CPU-seconds per million packets, to be held against softflowd over the same file.
 *
 * <p>Not a JMH benchmark, since it measures a JVM full of threads. Arguments: capture file (pcap, little-endian), rounds,
 * {@code flows} or {@code matrix}, and copies: the file is played so many times in a row, a minute later each time, in every
 * round. The first rounds pay for compilation; the median is that of the second half.
 */
public final class WholePathBenchmark {

    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int PARALLELISM = 2;

    private final OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private WholePathBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        new WholePathBenchmark()
                .run(
                        Path.of(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        arguments[2].equals("matrix"),
                        Integer.parseInt(arguments[3]));
    }

    private void run(Path original, int rounds, boolean hasMatrix, int copies) throws Exception {
        Path work = Files.createTempDirectory("whole-path");
        Path capture = work.resolve("capture.pcap");
        RepeatedCapture.write(original, capture, 0, copies, (int) WINDOW.toSeconds(), 0);
        List<Double> totals = new ArrayList<>();
        try (LocalCluster cluster = LocalCluster.start(PARALLELISM, work)) {
            System.out.println(
                    "round  producer  job  total   (CPU-seconds per million packets, broker included)   wall s, compiling s");
            for (int round = 1; round <= rounds; round++) {
                Path files = Files.createDirectory(work.resolve("broker-" + round));
                try (LocalRun run = LocalRun.start(files, PARALLELISM)) {
                    totals.add(round(round, run, cluster, capture, hasMatrix));
                }
            }
        }
        double[] warm = totals.stream()
                .skip(rounds / 2)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        System.out.printf(
                "median of the last %d rounds: %.3f CPU-seconds per million packets%n",
                warm.length, warm[warm.length / 2]);
        System.out.printf("whole process from its start: %.1f CPU-seconds%n", cpuSeconds());
        try (Stream<Path> files = Files.walk(work)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private double round(int round, LocalRun run, LocalCluster cluster, Path capture, boolean hasMatrix)
            throws Exception {
        double begun = cpuSeconds();
        long clock = System.nanoTime();
        long compiling = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
        double packets = publish(run, capture) / 1e6;
        double published = cpuSeconds();
        JobOptions options = new JobOptions();
        options.bootstrapServers = run.bootstrapServers();
        options.isBounded = true;
        options.window = WINDOW;
        options.isWithoutMatrix = !hasMatrix;
        options.parallelism = PARALLELISM;
        StreamExecutionEnvironment environment = cluster.environment();
        ParallaxJob.build(environment, options);
        cluster.await(cluster.submit(environment), () -> {});
        double ended = cpuSeconds();
        double seconds = (System.nanoTime() - clock) / (double) TimeUnit.SECONDS.toNanos(1);
        System.out.printf(
                "%5d  %8.3f  %.3f  %.3f   %.1f  %.1f%n",
                round,
                (published - begun) / packets,
                (ended - published) / packets,
                (ended - begun) / packets,
                seconds,
                (ManagementFactory.getCompilationMXBean().getTotalCompilationTime() - compiling) / 1e3);
        return (ended - begun) / packets;
    }

    private static long publish(LocalRun run, Path capture) throws Exception {
        long[] frames = {0};
        try (FileFrameSource source = FileFrameSource.open(new CaptureFile(capture, "vm1", "eth0"))) {
            ReplayOptions options = run.unpaced();
            run.publish(List.of(source), options, more -> {});
            frames[0] = source.frames();
        }
        return frames[0];
    }

    private double cpuSeconds() {
        return machine.getProcessCpuTime() / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
