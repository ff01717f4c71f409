package io.parallax.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.CaptureLedger;
import io.parallax.wire.MirrorSessionCount;
import io.parallax.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger is the one table with maps and with a list of structs: both in the forms that every reader knows. */
final class LedgerTableTest {

    @TempDir
    private Path base;

    @Test
    void mapsAndMirrorSessionsOfARowReachTheTable() throws Exception {
        GenericRecord row = read(written());
        assertThat(row.get("row_kind")).hasToString("gap");
        assertThat(row.get("interval_start")).isEqualTo(1_700_000_000_000_000L);
        assertThat(row.get("lost")).isEqualTo(3L);
        assertThat(row.get("kernel_waiting")).isNull();
        assertThat(row.get("sampling_probability")).isEqualTo(0.25);
        assertThat(row.get("filtered_by_cause")).hasToString("{own_traffic=7}");
        assertThat(row.get("shed_by_cause")).isEqualTo(Map.of());
        List<?> sessions = (List<?>) row.get("mirror_sessions");
        assertThat(sessions)
                .extracting(Object::toString)
                .containsExactly(
                        "{\"source_address\": \"10.0.0.1\", \"encapsulation\": \"gre\", \"session\": 33554432,"
                                + " \"direction\": \"sent\", \"frames\": 5, \"lost\": 2, \"lost_is_estimate\": true}",
                        "{\"source_address\": \"10.0.0.1\", \"encapsulation\": \"erspan_1\", \"session\": 0,"
                                + " \"direction\": \"unknown\", \"frames\": 6, \"lost\": null, \"lost_is_estimate\": false}");
    }

    @Test
    void mapsAreKeyValueGroupsAndListsHaveThreeLevels() throws Exception {
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(written()))) {
            assertThat(reader.getFileMetaData().getSchema().toString())
                    .contains("required int64 interval_start (TIMESTAMP(MICROS,false))")
                    .contains("required group filtered_by_cause (MAP) {\n    repeated group key_value")
                    .contains("required group shed_by_cause (MAP) {\n    repeated group key_value")
                    .contains("required group mirror_sessions (LIST) {\n    repeated group list {\n"
                            + "      required group element {\n        required binary source_address (STRING);");
        }
    }

    /** A job that reads rows of a producer of the version before writes them with the fields' defaults. */
    @Test
    void aRowWithoutTheLaterFieldsIsAnIntervalOfAllPackets() throws Exception {
        GenericRecord row = read(write(0));
        assertThat(row.get("row_kind")).hasToString("interval");
        assertThat(row.get("sampling_probability")).isEqualTo(1.0);
        assertThat((List<?>) row.get("mirror_sessions")).isEmpty();
        assertThat(row.get("filtered_by_cause")).isEqualTo(Map.of());
    }

    private Path written() throws Exception {
        return write(1);
    }

    private Path write(long number) throws Exception {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment job = StreamExecutionEnvironment.createLocalEnvironment(1, settings);
        job.enableCheckpointing(60_000);
        job.fromSource(new NumberSequenceSource(number, number), WatermarkStrategy.noWatermarks(), "numbers")
                .map(n -> n == 0 ? interval() : gap())
                .returns(AvroTypes.CAPTURE_LEDGER)
                .sinkTo(new TableSinks(new org.apache.flink.core.fs.Path(base.toUri())).ledger());
        job.execute();
        try (Stream<Path> files = Files.walk(base)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static GenericRecord read(Path file) throws IOException {
        try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                        new LocalInputFile(file), new PlainParquetConfiguration())
                .withDataModel(new GenericData())
                .build()) {
            return reader.read();
        }
    }

    private static CaptureLedger interval() {
        return CaptureLedger.newBuilder()
                .setSensorId("capture-1")
                .setInterfaceName("eth1")
                .setBootEpoch(1)
                .setIntervalStart(Instant.ofEpochSecond(1_700_000_000))
                .setIntervalSeconds(1)
                .setFrames(11)
                .setOctets(1_100)
                .setOutcomes(Map.of("decoded", 11L))
                .setPublished(11)
                .build();
    }

    private static CaptureLedger gap() {
        CaptureLedger row = interval();
        row.setRowKind(Topics.LEDGER_GAP);
        row.setLost(3L);
        row.setSamplingProbability(0.25);
        row.setFilteredByCause(Map.of("own_traffic", 7L));
        MirrorSessionCount unknown = new MirrorSessionCount();
        unknown.setSourceAddress("10.0.0.1");
        unknown.setEncapsulation("erspan_1");
        unknown.setDirection("unknown");
        unknown.setFrames(6);
        row.setMirrorSessions(
                List.of(new MirrorSessionCount("10.0.0.1", "gre", 33_554_432L, "sent", 5L, 2L, true), unknown));
        return row;
    }
}
