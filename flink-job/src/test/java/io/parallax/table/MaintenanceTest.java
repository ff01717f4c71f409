package io.parallax.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parallax.wire.Completeness;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's maintenance is known to fail without a word: what counts here are the files. */
final class MaintenanceTest {

    private static final int COMMITS = 13;
    private static final int ROWS_PER_COMMIT = 50;
    private static final Duration LONG_AFTER = Duration.ofHours(2);
    private static final Duration ORPHAN_AGE = Duration.ofDays(3);

    @TempDir
    private Path folder;

    private TableCatalog catalog;

    @BeforeEach
    void inFolder() {
        catalog = TableCatalog.inFolder(folder.toUri().toString());
    }

    @Test
    void manySmallFilesOfAnHourBecomeOneWithTheSameRowsInOrder() throws Exception {
        Table table = filled();
        int before = TableRows.files(table).size();
        assertThat(before).isGreaterThanOrEqualTo(COMMITS);

        Maintenance.Outcome outcome = Maintenance.run(table, Instant.now());

        table.refresh();
        assertThat(outcome.filesMerged()).isEqualTo(before - 1);
        assertThat(TableRows.files(table))
                .extracting(DataFile::recordCount)
                .containsExactly((long) COMMITS * ROWS_PER_COMMIT);
        assertThat(TableRows.numbers(TableRows.of(table)))
                .containsExactlyElementsOf(
                        LongStream.range(0, COMMITS * ROWS_PER_COMMIT).boxed().toList());
    }

    @Test
    void statesOfLongAgoAreForgottenWithTheFilesThatOnlyTheyNeeded() throws Exception {
        Table table = filled();
        List<String> before = operations(table);
        assertThat(before).hasSizeGreaterThanOrEqualTo(COMMITS).containsOnly("append");
        Maintenance.run(table, Instant.now());
        table.refresh();
        assertThat(table.snapshots()).as("within the hour all stay").hasSize(before.size() + 1);
        assertThat(TableRows.parquetBelow(folder)).hasSizeGreaterThan(COMMITS);

        Maintenance.Outcome outcome = Maintenance.run(table, Instant.now().plus(LONG_AFTER));

        table.refresh();
        assertThat(table.snapshots()).as("the last ten stay").hasSize(10);
        assertThat(outcome.filesRemoved()).isPositive();
        assertThat(TableRows.of(table)).hasSize(COMMITS * ROWS_PER_COMMIT);

        for (int commit = 0; commit < 10; commit++) {
            TableJobs.keep(catalog, List.of(TableRows.row(commit, 2)));
        }
        table.refresh();
        Maintenance.run(table, Instant.now().plus(LONG_AFTER));
        table.refresh();
        assertThat(table.snapshots()).hasSize(10);
        assertThat(TableRows.parquetBelow(folder))
                .as("one of the first merge, ten since, and what became of them")
                .hasSizeLessThan(20);
        assertThat(TableRows.of(table)).hasSize(COMMITS * ROWS_PER_COMMIT + 10);
    }

    @Test
    void aTableWithFewFilesStaysAsItIs() throws Exception {
        TableJobs.keep(catalog, List.of(TableRows.row(1, 1)));
        TableJobs.keep(catalog, List.of(TableRows.row(2, 1)));
        Table table = TableRows.load(catalog, TableSpecs.COMPLETENESS);
        long before = table.currentSnapshot().snapshotId();
        assertThat(Maintenance.run(table, Instant.now())).isEqualTo(new Maintenance.Outcome(0, 0));
        table.refresh();
        assertThat(table.currentSnapshot().snapshotId()).isEqualTo(before);
    }

    @Test
    void theStepDoesItWhenItsTimeComes() throws Exception {
        Table table = filled();
        Duration interval = Duration.ofMinutes(10);
        Instant opened = Instant.now().plus(LONG_AFTER);
        OneInputStreamOperatorTestHarness<Completeness, Void> step =
                new OneInputStreamOperatorTestHarness<>(new MaintainTablesOperator(catalog, interval, ORPHAN_AGE));
        try {
            step.setProcessingTime(opened.toEpochMilli());
            step.open();
            step.setProcessingTime(opened.plus(interval).toEpochMilli());
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                table.refresh();
                assertThat(TableRows.files(table)).hasSize(1);
                assertThat(table.snapshots()).hasSize(10);
            });
        } finally {
            step.close();
        }
    }

    /** Rows go on coming while files are merged, and neither's commits lose the other's. */
    @Test
    void aRunningJobMergesItsOwnFiles() throws Exception {
        StreamExecutionEnvironment job = TableJobs.job(1, Duration.ofMillis(100));
        GeneratorFunction<Long, Long> number = n -> n;
        DataStream<Completeness> rows = job.fromSource(
                        new DataGeneratorSource<>(
                                number, Long.MAX_VALUE, RateLimiterStrategy.perSecond(1_000), Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .uid("numbers")
                .map(n -> TableRows.row(n % 1_000, n))
                .returns(TableRows.TYPE)
                .uid("rows");
        TableSinks tables = new TableSinks(catalog);
        tables.keep(rows, TableSpecs.COMPLETENESS);
        tables.maintain(rows, Duration.ofMillis(500), ORPHAN_AGE);
        JobClient running = job.executeAsync();
        Table table = TableRows.load(catalog, TableSpecs.COMPLETENESS);
        try {
            await().atMost(Duration.ofSeconds(90)).until(() -> {
                table.refresh();
                return operations(table).stream().filter("replace"::equals).count() >= 3;
            });
        } finally {
            running.cancel().get();
        }
        table.refresh();
        List<Long> revisions = TableRows.of(table).stream()
                .map(row -> (Long) row.getField(TableSpec.REVISION))
                .sorted(Comparator.naturalOrder())
                .toList();
        assertThat(revisions)
                .hasSizeGreaterThan(1_000)
                .containsExactlyElementsOf(
                        LongStream.range(0, revisions.size()).boxed().toList());
        assertThat(TableRows.files(table).size())
                .isLessThan(operations(table).stream()
                        .filter("append"::equals)
                        .toList()
                        .size());
    }

    private static List<String> operations(Table table) {
        List<String> operations = new ArrayList<>();
        for (Snapshot snapshot : table.snapshots()) {
            operations.add(snapshot.operation());
        }
        return operations;
    }

    /** As after some checkpoints, each of which holds rows from all over the hour. */
    private Table filled() throws Exception {
        for (int commit = 0; commit < COMMITS; commit++) {
            int first = commit;
            TableJobs.keep(
                    catalog,
                    LongStream.range(0, ROWS_PER_COMMIT)
                            .mapToObj(i -> TableRows.row(first + i * COMMITS, 1))
                            .toList());
        }
        return TableRows.load(catalog, TableSpecs.COMPLETENESS);
    }
}
