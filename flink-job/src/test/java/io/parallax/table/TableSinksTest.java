package io.parallax.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.Completeness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TableSinksTest {

    private static final long ROWS = 2_000;
    private static final int SECONDS_PER_HOUR = 3_600;

    @TempDir
    private Path folder;

    /** Whoever keeps the state of the tables: a commit is found again after a failure by what the table itself says. */
    @ParameterizedTest
    @ValueSource(strings = {"HADOOP", "JDBC"})
    void noRowIsLostOrKeptTwiceWhenTheJobFails(TableCatalog.Type type) throws Exception {
        TableCatalog catalog = catalog(type);
        FailsOnce.HAS_FAILED.set(false);
        StreamExecutionEnvironment job = TableJobs.job(2, Duration.ofMillis(100));
        GeneratorFunction<Long, Long> number = n -> n;
        DataStream<Completeness> rows = job.fromSource(
                        new DataGeneratorSource<>(number, ROWS, RateLimiterStrategy.perSecond(1_000), Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .uid("numbers")
                .map(new FailsOnce())
                .returns(TableRows.TYPE)
                .uid("rows");
        new TableSinks(catalog).keep(rows, TableSpecs.COMPLETENESS);
        job.execute();

        assertThat(FailsOnce.HAS_FAILED).isTrue();
        Table table = TableRows.load(catalog, TableSpecs.COMPLETENESS);
        assertThat(table.snapshots()).as("commits").hasSizeGreaterThan(3);
        assertThat(TableRows.numbers(TableRows.of(table)))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, ROWS).boxed().toList());
    }

    @Test
    void aRowIsFiledByTheHourOfItsWindowHoweverLateItIsWritten() throws Exception {
        TableCatalog catalog = catalog(TableCatalog.Type.HADOOP);
        TableJobs.keep(catalog, List.of(TableRows.row(SECONDS_PER_HOUR, 1), TableRows.row(0, 1), TableRows.row(1, 1)));
        assertThat(TableRows.files(TableRows.load(catalog, TableSpecs.COMPLETENESS)))
                .extracting(file -> file.partition().get(0, Integer.class), DataFile::recordCount)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(1_700_000_000 / SECONDS_PER_HOUR, 2L),
                        org.assertj.core.groups.Tuple.tuple(1_700_000_000 / SECONDS_PER_HOUR + 1, 1L));
    }

    @Test
    void rowsOfAFileAreInTheTablesOrder() throws Exception {
        TableCatalog catalog = catalog(TableCatalog.Type.HADOOP);
        TableJobs.keep(
                catalog,
                IntStream.range(0, 500)
                        .mapToObj(i -> TableRows.row(i * 37L % 500, 1))
                        .toList());
        Table table = TableRows.load(catalog, TableSpecs.COMPLETENESS);
        assertThat(table.sortOrder().isSorted()).isTrue();
        assertThat(TableRows.of(table)).hasSize(500);
        assertThat(TableRows.files(table)).as("one of each checkpoint").hasSizeLessThan(10);
        for (DataFile file : TableRows.files(table)) {
            assertThat(TableRows.numbers(TableRows.of(table, file))).isSortedAccordingTo(Comparator.naturalOrder());
        }
    }

    @Test
    void timesAreZonelessMicrosecondsMapsAreGroupsAndColumnsAreCompressed() throws Exception {
        TableJobs.keep(catalog(TableCatalog.Type.HADOOP), List.of(TableRows.row(7, 1)));
        Path file = TableRows.parquetBelow(folder).get(0);
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            assertThat(reader.getFileMetaData().getSchema().toString())
                    .contains("required int64 window_start (TIMESTAMP(MICROS,false))")
                    .contains("required binary sensor_id (STRING)")
                    .contains("required group outcomes (MAP)");
            assertThat(reader.getFooter().getBlocks().get(0).getColumns())
                    .allSatisfy(column -> assertThat(column.getCodec()).hasToString("ZSTD"));
        }
    }

    @Test
    void aRowKeepsItsValues() throws Exception {
        TableCatalog catalog = catalog(TableCatalog.Type.HADOOP);
        Completeness kept = TableRows.row(7, 3);
        kept.setCoverage(0.5);
        TableJobs.keep(catalog, List.of(kept));
        Record row =
                TableRows.of(TableRows.load(catalog, TableSpecs.COMPLETENESS)).get(0);
        assertThat(row.getField("window_start")).hasToString("2023-11-14T22:13:27");
        assertThat(row.getField("window_seconds")).isEqualTo(1);
        assertThat(row.getField("revision")).isEqualTo(3L);
        assertThat(row.getField("coverage")).isEqualTo(0.5);
        assertThat(row.getField("outcomes")).isEqualTo(Map.of("decoded", 7L));
        assertThat(row.getField("duplicates")).isEqualTo(Map.of());
        assertThat(row.getField("kernel_dropped")).isNull();
    }

    private TableCatalog catalog(TableCatalog.Type type) {
        String warehouse = folder.resolve("warehouse").toUri().toString();
        return type == TableCatalog.Type.HADOOP
                ? TableCatalog.inFolder(warehouse)
                : new TableCatalog(type, warehouse, "jdbc:sqlite:" + folder.resolve("catalog.db"), Map.of());
    }

    /** Makes rows, and fails after the second checkpoint is complete and more rows came, once. */
    private static final class FailsOnce extends RichMapFunction<Long, Completeness> implements CheckpointListener {

        private static final long serialVersionUID = 1L;
        private static final AtomicBoolean HAS_FAILED = new AtomicBoolean();
        private static final int ROWS_AFTER = 20;

        private int completed;
        private int rowsAfter;

        @Override
        public Completeness map(Long number) {
            if (completed >= 2 && ++rowsAfter > ROWS_AFTER && HAS_FAILED.compareAndSet(false, true)) {
                throw new IllegalStateException("the failure of this test");
            }
            return TableRows.row(number, 1);
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            completed++;
        }
    }

    /** DuckDB takes {@code day=} and {@code hour=} of a path for columns. */
    @Test
    void foldersOfExtractsAreNotNamedLikeColumns() {
        for (TableSpec<?> spec : TableSpecs.ALL) {
            assertThat(spec.schema().getFields())
                    .extracting(field -> field.name())
                    .doesNotContain("day", "hour")
                    .containsAll(spec.key())
                    .containsAll(spec.sortedBy())
                    .containsAll(Stream.ofNullable(spec.eventTime()).toList());
        }
    }
}
