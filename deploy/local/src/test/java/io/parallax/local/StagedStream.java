package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parallax.capture.source.CaptureFile;
import io.parallax.job.JobOptions;
import io.parallax.local.PublishedRecords.Published;
import io.parallax.local.report.Results;
import io.parallax.local.scenario.MeteredRows;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The samples, and the same once more so much later that all flows of the first time have ended, published in parts. The
 * same records, in the same order, each time it is made: so they lie at the same offsets.
 *
 * <p>Parts end within the first time. The second time is there to move event time on: its own windows only a bounded run
 * closes, so that they are left out of what is compared.
 */
final class StagedStream {

    /** From the first time to the second: longer than any timeout of a flow, and than the allowed lateness. */
    private static final int LATER_SECONDS = 3_600;

    /** Small batches: many records in each part. */
    private static final int HEADERS_PER_BATCH = 100;

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final List<Published> records;
    private final Instant secondTime;

    private StagedStream(List<Published> records, Instant secondTime) {
        this.records = records;
        this.secondTime = secondTime;
    }

    /** @param folder existing folder for the captures */
    static StagedStream of(Path folder) throws Exception {
        List<CaptureFile> twice = new ArrayList<>();
        for (CaptureFile sample : Samples.of(Samples.COMMITTED, Samples.SENSORS)) {
            Path file = folder.resolve(sample.path().getFileName());
            RepeatedCapture.write(sample.path(), file, 0, 2, 0, LATER_SECONDS);
            twice.add(CaptureFile.named(file));
        }
        List<Published> records = PublishedRecords.of(twice, HEADERS_PER_BATCH);
        return new StagedStream(records, secondTime(records));
    }

    private static Instant secondTime(List<Published> records) throws Exception {
        SingleObjectCodec<CaptureLedger> codec = SingleObjectCodec.of(CaptureLedger.getClassSchema());
        Instant last = Instant.MIN;
        for (Published record : records) {
            if (record.topic.equals(Topics.CAPTURE_LEDGER)) {
                Instant at = codec.decode(Objects.requireNonNull(record.value).clone())
                        .getIntervalStart();
                last = at.isAfter(last) ? at : last;
            }
        }
        return last.minusSeconds(LATER_SECONDS / 2);
    }

    /** Records from one share of the first time to another one; 2: to the end of the second time. */
    List<Published> part(double from, double to) {
        int once = records.size() / 2;
        int end = to >= 2 ? records.size() : (int) (to * once);
        return records.subList((int) (from * once), end);
    }

    /** Waits until {@code job} has taken in, and committed, everything that was published. */
    static void awaitRead(LocalRun run, JobOptions options, int records) {
        Map<String, Object> settings = Map.of("bootstrap.servers", run.bootstrapServers());
        try (Admin admin = Admin.create(settings)) {
            await().atMost(DEADLINE)
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> assertThat(admin
                                    .listConsumerGroupOffsets(options.groupId)
                                    .partitionsToOffsetAndMetadata()
                                    .get()
                                    .values()
                                    .stream()
                                    .mapToLong(OffsetAndMetadata::offset)
                                    .sum())
                            .isEqualTo(records));
        }
    }

    /** Rows of the first time, those that count. */
    Results closed(Results results) {
        return new Results(
                List.of(),
                results.flows().stream()
                        .filter((Flow row) -> row.getWindowStart().isBefore(secondTime))
                        .toList(),
                results.cells().stream()
                        .filter((MatrixCell row) -> row.getWindowStart().isBefore(secondTime))
                        .filter(StagedStream::countsSomething)
                        .toList(),
                results.deadLetters(),
                results.completeness().stream()
                        .filter((Completeness row) -> row.getWindowStart().isBefore(secondTime))
                        .toList());
    }

    /**
     * A cell is empty when all its rows were taken back: those of a window that was stated before their locality was known.
     * Where nothing was stated so early, there is no such cell.
     */
    static boolean countsSomething(MatrixCell cell) {
        return cell.getPacketDeltaCount() != 0;
    }

    /**
     * Every column of every row, but for the revision. That one also grows when an opinion about a flow changes on the way,
     * and so depends on how much was known when a window was stated: on the watermark, which after a restart, as in any
     * unbounded run, is another one than in a bounded run.
     */
    static void assertSameButForRevisions(Results found, Results expected) {
        assertThat(MeteredRows.of(found.flows()).differences(MeteredRows.of(expected.flows()), "revision"))
                .isEmpty();
        assertSameTexts(
                unrevised(found.cells(), cell -> cell.setRevision(0)),
                unrevised(expected.cells(), cell -> cell.setRevision(0)));
        assertSameTexts(
                unrevised(found.completeness(), row -> row.setRevision(0)),
                unrevised(expected.completeness(), row -> row.setRevision(0)));
        assertThat(found.deadLetters()).isEmpty();
    }

    /** Says only what differs: all rows together are too much to read. */
    private static void assertSameTexts(Set<String> found, Set<String> expected) {
        assertThat(without(found, expected)).as("rows that should not be").isEmpty();
        assertThat(without(expected, found)).as("rows that lack").isEmpty();
    }

    private static Set<String> without(Set<String> rows, Set<String> others) {
        Set<String> rest = new TreeSet<>(rows);
        rest.removeAll(others);
        return rest;
    }

    /** Rows as text: in a set, and one by one where they differ. */
    private static <T> Set<String> unrevised(List<T> rows, Consumer<T> change) {
        rows.forEach(change);
        return rows.stream().map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
    }

    static Path folder(Path parent, String name) throws Exception {
        return Files.createDirectory(parent.resolve(name));
    }
}
