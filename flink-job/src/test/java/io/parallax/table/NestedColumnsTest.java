package io.parallax.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.CaptureLedger;
import io.parallax.wire.MirrorSessionCount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of records inside of rows; those of flows are compared over a whole run, with the topic. */
final class NestedColumnsTest {

    private static final String SESSIONS = "mirror_sessions";

    @TempDir
    private Path folder;

    @Test
    void mirrorSessionsAreReadBackAsTheyWereStated() throws Exception {
        TableCatalog catalog =
                TableCatalog.inFolder(folder.resolve("warehouse").toUri().toString());
        CaptureLedger stated = ledger(session(1, 0L), session(2, null));
        CaptureLedger without = ledger();
        StreamExecutionEnvironment job = TableJobs.job(1, Duration.ofMinutes(10));
        new TableSinks(catalog)
                .keep(
                        job.fromData(new AvroTypeInfo<>(CaptureLedger.class), stated, without)
                                .uid("ledger"),
                        TableSpecs.LEDGER);
        job.execute();
        TableExtract.write(catalog, folder.resolve("tables"));

        List<List<Map<String, String>>> expected = List.of(plain(stated.getMirrorSessions()), List.of());
        assertThat(expected.get(0)).hasSize(2);
        assertThat(inTable(TableRows.load(catalog, TableSpecs.LEDGER))).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(inExtract()).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static CaptureLedger ledger(MirrorSessionCount... sessions) {
        CaptureLedger ledger = CaptureLedger.newBuilder()
                .setSensorId("capture-1")
                .setInterfaceName("eth1")
                .setBootEpoch(1)
                .setIntervalStart(TableRows.START)
                .setIntervalSeconds(10)
                .setFrames(sessions.length)
                .setOctets(100)
                .setOutcomes(Map.of())
                .setPublished(sessions.length)
                .build();
        ledger.setMirrorSessions(List.of(sessions));
        return ledger;
    }

    private static MirrorSessionCount session(long number, @Nullable Long lost) {
        MirrorSessionCount.Builder count = MirrorSessionCount.newBuilder()
                .setSourceAddress("10.0.0." + number)
                .setEncapsulation("erspan_2")
                .setSession(number)
                .setDirection("sent")
                .setFrames(10 * number)
                .setLostIsEstimate(lost == null);
        if (lost != null) {
            count.setLost(lost);
        }
        return count.build();
    }

    private static List<Map<String, String>> plain(List<?> sessions) {
        List<Map<String, String>> values = new ArrayList<>();
        for (Object session : sessions) {
            Map<String, String> fields = new TreeMap<>();
            if (session instanceof Record row) {
                row.struct()
                        .fields()
                        .forEach(field -> fields.put(field.name(), String.valueOf(row.getField(field.name()))));
            } else if (session instanceof IndexedRecord row) {
                IndexedRecord inner = row.getSchema().getField("element") == null ? row : (IndexedRecord) row.get(0);
                inner.getSchema()
                        .getFields()
                        .forEach(field -> fields.put(field.name(), String.valueOf(inner.get(field.pos()))));
            }
            values.add(fields);
        }
        return values;
    }

    private static List<List<Map<String, String>>> inTable(Table table) throws Exception {
        return TableRows.of(table).stream()
                .map(row -> plain((List<?>) row.getField(SESSIONS)))
                .toList();
    }

    private List<List<Map<String, String>>> inExtract() throws Exception {
        List<List<Map<String, String>>> found = new ArrayList<>();
        for (Path file : TableRows.parquetBelow(folder.resolve("tables"))) {
            try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                            new LocalInputFile(file), new PlainParquetConfiguration())
                    .withDataModel(new GenericData())
                    .build()) {
                for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
                    found.add(plain((List<?>) row.get(SESSIONS)));
                }
            }
        }
        return found;
    }
}
