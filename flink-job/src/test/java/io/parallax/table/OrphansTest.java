package io.parallax.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.parallax.wire.Completeness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a crash leaves goes, and nothing that any state of the table needs. */
final class OrphansTest {

    private static final Duration SAFE_AGE = Duration.ofDays(3);
    private static final int COMMITS = 6;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"HADOOP", "JDBC"})
    void oldFilesOfNoStateGoAndEveryStateStaysReadable(TableCatalog.Type type) throws Exception {
        TableCatalog catalog = catalog(type);
        fill(catalog);
        TableLoader loader = open(catalog);
        Table table = loader.loadTable();
        Maintenance.run(table, Instant.now());
        table.refresh();
        Map<Long, Integer> rowsBefore = rowsByState(table);
        assertThat(rowsBefore).hasSize(COMMITS + 1);
        List<Path> alive = files();
        Path data = plant("00009-0-left-behind.parquet");
        Path manifest = plantBeside("metadata", "left-behind-m0.avro");
        Path fresh = plant("00010-0-being-written.parquet");
        alive.forEach(file -> age(file, SAFE_AGE.plusDays(300)));
        age(data, SAFE_AGE.plusHours(1));
        age(manifest, SAFE_AGE.plusHours(1));
        age(fresh, SAFE_AGE.minusHours(1));

        int removed = new Orphans(table).removeOlderThan(Instant.now().minus(SAFE_AGE));

        assertThat(removed).isEqualTo(2);
        assertThat(data).doesNotExist();
        assertThat(manifest).doesNotExist();
        assertThat(fresh).as("younger than the safe age").exists();
        assertThat(alive).allSatisfy(file -> assertThat(file).exists());
        assertThat(rowsByState(loader.loadTable())).isEqualTo(rowsBefore);
        TableJobs.keep(catalog, List.of(TableRows.row(COMMITS, 1)));
        assertThat(TableRows.of(loader.loadTable())).hasSize(COMMITS + 1);
        loader.close();
    }

    @Test
    void aTableWhoseDataFilesAreElsewhereIsNotTouched() throws Exception {
        TableCatalog catalog = catalog(TableCatalog.Type.HADOOP);
        fill(catalog);
        Table table = TableRows.load(catalog, TableSpecs.COMPLETENESS);
        Path orphan = plant("00009-0-left-behind.parquet");
        age(orphan, SAFE_AGE.plusHours(1));
        Path data = TableRows.parquetBelow(folder).get(0);
        Files.move(data, folder.resolve("elsewhere"));
        assertThatThrownBy(
                        () -> new Orphans(table).removeOlderThan(Instant.now().minus(SAFE_AGE)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 data files of");
        assertThat(orphan).exists();
    }

    @Test
    void theStepDoesItInItsFirstRound() throws Exception {
        TableCatalog catalog = catalog(TableCatalog.Type.HADOOP);
        fill(catalog);
        Path orphan = plant("00009-0-left-behind.parquet");
        Duration interval = Duration.ofMinutes(10);
        Instant opened = Instant.now().plus(SAFE_AGE);
        OneInputStreamOperatorTestHarness<Completeness, Void> step =
                new OneInputStreamOperatorTestHarness<>(new MaintainTablesOperator(catalog, interval, SAFE_AGE));
        try {
            step.setProcessingTime(opened.toEpochMilli());
            step.open();
            step.setProcessingTime(opened.plus(interval).toEpochMilli());
            await().atMost(Duration.ofSeconds(60)).until(() -> !Files.exists(orphan));
        } finally {
            step.close();
        }
        assertThat(TableRows.of(TableRows.load(catalog, TableSpecs.COMPLETENESS)))
                .hasSize(COMMITS);
    }

    private TableCatalog catalog(TableCatalog.Type type) {
        String warehouse = folder.resolve("warehouse").toUri().toString();
        return type == TableCatalog.Type.HADOOP
                ? TableCatalog.inFolder(warehouse)
                : new TableCatalog(type, warehouse, "jdbc:sqlite:" + folder.resolve("catalog.db"), Map.of());
    }

    /** The state of a catalog in a database is asked for as long as the loader is open. */
    private static TableLoader open(TableCatalog catalog) {
        TableLoader loader = catalog.loader(TableSpecs.COMPLETENESS);
        loader.open();
        return loader;
    }

    private static void fill(TableCatalog catalog) throws Exception {
        for (int commit = 0; commit < COMMITS; commit++) {
            TableJobs.keep(catalog, List.of(TableRows.row(commit, 1)));
        }
    }

    /** How many rows each state has, read from its files. */
    private static Map<Long, Integer> rowsByState(Table table) throws IOException {
        Map<Long, Integer> rows = new TreeMap<>();
        for (Snapshot state : table.snapshots()) {
            int count = 0;
            try (CloseableIterable<FileScanTask> files =
                    table.newScan().useSnapshot(state.snapshotId()).planFiles()) {
                for (FileScanTask file : files) {
                    count += TableRows.of(table, file.file()).size();
                }
            }
            rows.put(state.snapshotId(), count);
        }
        return rows;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("warehouse"))) {
            return new ArrayList<>(files.filter(Files::isRegularFile).toList());
        }
    }

    private Path plant(String name) throws IOException {
        Path beside = TableRows.parquetBelow(folder).get(0);
        return Files.writeString(beside.resolveSibling(name), "what a crash left");
    }

    private Path plantBeside(String below, String name) throws IOException {
        try (Stream<Path> folders = Files.walk(folder)) {
            Path found =
                    folders.filter(path -> path.endsWith(below)).findFirst().orElseThrow();
            return Files.writeString(found.resolve(name), "what a crash left");
        }
    }

    private static void age(Path file, Duration age) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
