package io.parallax.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parallax.model.Disposition;
import io.parallax.model.FlowRow;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.Segment;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TableSinksTest {

    private static final long HOUR_SECONDS = TimeUnit.HOURS.toSeconds(1);

    @TempDir
    private Path base;

    @Test
    void aRowLiesInTheFolderOfItsHourHoweverLateItIsWritten() throws Exception {
        run(0, 47);

        List<Path> files = finished();
        assertThat(files)
                .extracting(file -> base.relativize(file.getParent()).toString())
                .contains(
                        "flows/day=2023-11-14/hour=22", "flows/day=2023-11-15/hour=00", "flows/day=2023-11-16/hour=21")
                .hasSize(48);
        assertThat(files)
                .allSatisfy(file -> assertThat(file.getFileName().toString()).startsWith("part-"));
        assertThat(rows(files)).isEqualTo(48);
    }

    @Test
    void timesAreZonelessMicrosecondsAndListsHaveThreeLevels() throws Exception {
        run(0, 0);
        Path file = finished().get(0);
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            String schema = reader.getFileMetaData().getSchema().toString();
            assertThat(schema)
                    .contains("required int64 window_start (TIMESTAMP(MICROS,false))")
                    .contains("repeated group list {")
                    .contains("required binary flow_id (STRING)");
            assertThat(reader.getFooter().getBlocks().get(0).getColumns())
                    .allSatisfy(column -> assertThat(column.getCodec()).hasToString("ZSTD"));
        }
    }

    @Test
    void partitionFoldersAreNotNamedLikeColumns() {
        for (Schema schema : List.of(
                Flow.getClassSchema(),
                MatrixCell.getClassSchema(),
                Segment.getClassSchema(),
                DeadLetter.getClassSchema(),
                Completeness.getClassSchema(),
                CaptureLedger.getClassSchema())) {
            assertThat(schema.getField("day")).isNull();
            assertThat(schema.getField("hour")).isNull();
        }
    }

    @Test
    void whateverEndsInParquetIsCompleteWhileTheJobRuns() throws Exception {
        StreamExecutionEnvironment job = job();
        job.enableCheckpointing(200);
        flows(job, 0, Long.MAX_VALUE, 1);
        JobClient running = job.executeAsync();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> finished().size() >= 2);
            assertThat(rows(finished())).isPositive();
            assertThat(finished())
                    .allSatisfy(
                            file -> assertThat(file.getFileName().toString()).doesNotStartWith("."));
        } finally {
            running.cancel().get();
        }
    }

    private void run(long from, long to) throws Exception {
        StreamExecutionEnvironment job = job();
        flows(job, from, to, HOUR_SECONDS);
        job.execute();
    }

    private static StreamExecutionEnvironment job() {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        StreamExecutionEnvironment job = StreamExecutionEnvironment.createLocalEnvironment(1, settings);
        job.enableCheckpointing(60_000);
        return job;
    }

    private void flows(StreamExecutionEnvironment job, long from, long to, long secondsApart) {
        job.fromSource(new NumberSequenceSource(from, to), WatermarkStrategy.noWatermarks(), "numbers")
                .map(number -> flow(number * secondsApart))
                .returns(AvroTypes.FLOW)
                .sinkTo(new TableSinks(new org.apache.flink.core.fs.Path(base.toUri())).flows());
    }

    private static Flow flow(long second) {
        FlowRow row = new FlowRow();
        row.flowId = "flow-" + second;
        row.windowStart = TimeUnit.SECONDS.toNanos(1_700_000_000 + second);
        row.family = 4;
        row.protocol = 17;
        row.packets = 1;
        row.addSighting().sensorId = "capture-1";
        row.observations[Disposition.D1.code()] = 1;
        return new FlowRecords(60).of(row);
    }

    /** What a reader's glob {@code flows/**}{@code /*.parquet} finds, hidden files included, as DuckDB's does. */
    private List<Path> finished() throws IOException {
        var glob = FileSystems.getDefault().getPathMatcher("glob:**/flows/**/*.parquet");
        try (Stream<Path> files = Files.walk(base)) {
            return files.filter(glob::matches).toList();
        }
    }

    private static long rows(List<Path> files) throws IOException {
        List<String> ids = new ArrayList<>();
        for (Path file : files) {
            try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                            new LocalInputFile(file), new PlainParquetConfiguration())
                    .withDataModel(new GenericData())
                    .build()) {
                for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
                    ids.add(row.get("flow_id").toString());
                }
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
        return ids.size();
    }
}
