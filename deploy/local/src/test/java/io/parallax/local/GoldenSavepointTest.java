package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parallax.job.JobOptions;
import io.parallax.job.ParallaxJob;
import io.parallax.local.PublishedRecords.Published;
import io.parallax.local.cluster.LocalCluster;
import io.parallax.local.report.Results;
import io.parallax.wire.Topics;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A savepoint that an earlier build wrote, and this one goes on from. It was written at half the samples, before the first
 * window had ended, so that nothing but the state knows of that half.
 *
 * <p>If this fails, jobs lose their state with this build: keep a reader of the former format, and the step's uid. Only
 * where it is meant to be lost, write it anew: {@code -Dparallax.write-golden=true}.
 */
class GoldenSavepointTest {

    private static final String GOLDEN = "golden/savepoint.zip";

    /** A broker's default, so that the offsets in the savepoint are those of the same partitions. */
    private static final int PUBLISHERS = 1;

    /** No window ends within the samples' 55 s; half of them lies before a full two minutes. */
    private static final Duration WINDOW = Duration.ofMinutes(2);

    private static final double STOP = 0.5;
    private static final double END = 2;
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    @Test
    void aJobGoesOnFromASavepointOfAnEarlierBuild() throws Exception {
        StagedStream stream = StagedStream.of(StagedStream.folder(folder, "captures"));
        if (Boolean.getBoolean("parallax.write-golden")) {
            writeGolden(stream);
        }
        Results expected = undisturbed(stream);
        Path work = StagedStream.folder(folder, "restored");
        try (LocalRun run = LocalRun.start(work, PUBLISHERS);
                LocalCluster cluster = LocalCluster.start(PUBLISHERS, work)) {
            PublishedRecords.send(run, blanks(stream.part(0, STOP)));
            PublishedRecords.send(run, stream.part(STOP, END));
            submit(cluster, unpacked(work.resolve("savepoint")), options(run, false));
            await().atMost(DEADLINE)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(
                            () -> StagedStream.assertSameButForRevisions(stream.closed(run.results()), expected));
        }
    }

    /** At the same offsets, batches of which nothing can be counted: a job that reads them again has dead letters. */
    private static List<Published> blanks(List<Published> part) {
        return part.stream()
                .map(record -> record.topic.equals(Topics.PACKET_HEADERS) ? record.with(new byte[0]) : record)
                .toList();
    }

    private Results undisturbed(StagedStream stream) throws Exception {
        Path work = StagedStream.folder(folder, "undisturbed");
        try (LocalRun run = LocalRun.start(work, PUBLISHERS);
                LocalCluster cluster = LocalCluster.start(PUBLISHERS, work)) {
            PublishedRecords.send(run, stream.part(0, END));
            cluster.await(submit(cluster, null, options(run, true)), () -> {});
            Results closed = stream.closed(run.results());
            assertThat(closed.flows()).hasSizeGreaterThan(500);
            return closed;
        }
    }

    /** No tables, since their state holds the paths of files; few buckets, since each is an entry of the state. */
    private static JobOptions options(LocalRun run, boolean isBounded) {
        JobOptions options = new JobOptions();
        options.bootstrapServers = run.bootstrapServers();
        options.isBounded = isBounded;
        options.window = WINDOW;
        options.buckets = 8;
        options.checkpointInterval = Duration.ofMillis(500);
        return options;
    }

    private static JobID submit(LocalCluster cluster, @Nullable String savepoint, JobOptions options) {
        StreamExecutionEnvironment environment = cluster.environment(savepoint);
        ParallaxJob.build(environment, options);
        return cluster.submit(environment);
    }

    private void writeGolden(StagedStream stream) throws Exception {
        Path work = StagedStream.folder(folder, "golden");
        try (LocalRun run = LocalRun.start(work, PUBLISHERS);
                LocalCluster cluster = LocalCluster.start(PUBLISHERS, work)) {
            List<Published> half = stream.part(0, STOP);
            PublishedRecords.send(run, half);
            JobOptions options = options(run, false);
            JobID job = submit(cluster, null, options);
            StagedStream.awaitRead(run, options, half.size());
            pack(Path.of(URI.create(cluster.stopWithSavepoint(job, work.resolve("savepoints")))));
            assertThat(run.topics().count(Topics.FLOWS))
                    .as("rows stated before the savepoint")
                    .isZero();
        }
    }

    private static void pack(Path savepoint) throws Exception {
        Path golden = Path.of(System.getProperty("parallax.root", "../.."), "deploy/local/src/test/resources", GOLDEN);
        Files.createDirectories(Objects.requireNonNull(golden.getParent()));
        try (Stream<Path> files = Files.list(savepoint);
                ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(golden))) {
            for (Path file : files.sorted().toList()) {
                zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, zip);
            }
        }
    }

    /** From the sources where it was just written, or it would be the one that was compiled in before. */
    private static InputStream golden() throws Exception {
        Path written = Path.of(System.getProperty("parallax.root", "../.."), "deploy/local/src/test/resources", GOLDEN);
        return Files.newInputStream(written);
    }

    private static String unpacked(Path into) throws Exception {
        Files.createDirectory(into);
        try (ZipInputStream zip = new ZipInputStream(golden())) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Files.copy(zip, into.resolve(Path.of(entry.getName()).getFileName()));
            }
        }
        return into.toUri().toString();
    }
}
