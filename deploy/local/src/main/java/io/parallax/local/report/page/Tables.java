package io.parallax.local.report.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;

/**
 * The tables of a run: one folder of Parquet files each, below {@code folder}.
 *
 * @param folder DIR/tables
 */
record Tables(Path folder) {

    boolean has(String table) {
        return Files.isDirectory(folder.resolve(table));
    }

    /**
     * The rows that count: per key the one with the greatest revision. None where there is no such table.
     *
     * @param key columns that together identify what a row is about
     */
    Collection<TableRow> latest(String table, String... key) throws IOException {
        Map<String, TableRow> rows = new LinkedHashMap<>();
        for (Path file : files(table)) {
            try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                            new LocalInputFile(file))
                    .withDataModel(GenericData.get())
                    .build()) {
                for (GenericRecord read = reader.read(); read != null; read = reader.read()) {
                    rows.merge(
                            keyOf(new TableRow(read), key),
                            new TableRow(read),
                            (old, now) -> now.number("revision") >= old.number("revision") ? now : old);
                }
            }
        }
        return rows.values();
    }

    private static String keyOf(TableRow row, String... key) {
        StringBuilder text = new StringBuilder();
        for (String column : key) {
            text.append(row.value(column)).append('\n');
        }
        return text.toString();
    }

    private List<Path> files(String table) throws IOException {
        if (!has(table)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder.resolve(table))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }
}
