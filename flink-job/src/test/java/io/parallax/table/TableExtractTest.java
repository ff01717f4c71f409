package io.parallax.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.InventoryEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TableExtractTest {

    private static final int SECONDS_PER_HOUR = 3_600;

    @TempDir
    private Path folder;

    private TableCatalog catalog;
    private Path extract;

    @BeforeEach
    void inFolder() {
        catalog = TableCatalog.inFolder(folder.resolve("warehouse").toUri().toString());
        extract = folder.resolve("tables");
    }

    @Test
    void ofEachKeyTheGreatestRevisionIsLeftWhereverItIs() throws Exception {
        TableJobs.keep(catalog, List.of(TableRows.row(1, 2), TableRows.row(2, 1), TableRows.row(2, 9)));
        TableJobs.keep(catalog, List.of(TableRows.row(1, 1), TableRows.row(2, 8), TableRows.row(3, 1)));
        TableExtract.write(catalog, extract);
        assertThat(rows("completeness"))
                .extracting(row -> row.get("frames") + " revision " + row.get("revision"))
                .containsExactlyInAnyOrder("1 revision 2", "2 revision 9", "3 revision 1");
    }

    /** A job that starts again from an older savepoint keeps some rows again. */
    @Test
    void aRowThatWasKeptTwiceIsLeftOnce() throws Exception {
        TableJobs.keep(catalog, List.of(TableRows.row(1, 1)));
        TableJobs.keep(catalog, List.of(TableRows.row(1, 1)));
        TableExtract.write(catalog, extract);
        assertThat(rows("completeness")).hasSize(1);
    }

    @Test
    void folderAndFileTellTheHourInUtc() throws Exception {
        TableJobs.keep(catalog, List.of(TableRows.row(0, 1), TableRows.row(2 * SECONDS_PER_HOUR, 1)));
        TableExtract.write(catalog, extract);
        assertThat(TableRows.parquetBelow(extract))
                .extracting(file -> extract.relativize(file).toString())
                .containsExactly(
                        "completeness/day=2023-11-14/hour=22/part-0.parquet",
                        "completeness/day=2023-11-15/hour=00/part-0.parquet");
    }

    @Test
    void withoutRevisionsTheRowThatCameLastCounts() throws Exception {
        keep(entry("vm-1", "shop"));
        keep(entry("vm-1", "billing"), entry("vm-2", "shop"));
        TableExtract.write(catalog, extract);
        assertThat(TableRows.parquetBelow(extract))
                .containsExactly(extract.resolve("inventory").resolve("part-0.parquet"));
        assertThat(rows("inventory"))
                .extracting(row -> row.get("name") + " " + row.get("application"))
                .containsExactlyInAnyOrder("vm-1 billing", "vm-2 shop");
    }

    @Test
    void aTableThatWasNeverMadeHasNoFolder() throws Exception {
        TableJobs.keep(catalog, List.of(TableRows.row(0, 1)));
        TableExtract.write(catalog, extract);
        assertThat(extract).isDirectoryContaining("glob:**/completeness").isDirectoryNotContaining("glob:**/flows");
    }

    private static InventoryEntry entry(String name, String application) {
        return InventoryEntry.newBuilder()
                .setKind("interface")
                .setName(name)
                .setApplication(application)
                .build();
    }

    private void keep(InventoryEntry... entries) throws Exception {
        StreamExecutionEnvironment job = TableJobs.job(1, Duration.ofMinutes(10));
        new TableSinks(catalog)
                .keep(
                        job.fromData(new AvroTypeInfo<>(InventoryEntry.class), entries)
                                .uid("entries"),
                        TableSpecs.INVENTORY);
        job.execute();
    }

    private List<GenericRecord> rows(String table) throws Exception {
        List<GenericRecord> rows = new ArrayList<>();
        for (Path file : TableRows.parquetBelow(extract.resolve(table))) {
            try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                            new LocalInputFile(file), new PlainParquetConfiguration())
                    .withDataModel(new GenericData())
                    .build()) {
                for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }
}
