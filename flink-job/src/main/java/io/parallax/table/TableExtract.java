package io.parallax.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.jspecify.annotations.Nullable;

/**
 * Plain Parquet files of the rows that count, for readers that know no Iceberg: {@code
 * FOLDER/TABLE/day=YYYY-MM-DD/hour=HH/part-0.parquet}, of each key the row with the greatest revision; where rows have none, the
 * one that was kept last.
 *
 * <p>An hour at a time: first the keys are read, then the rows. Memory is that of one hour's keys:
 * docs/benchmarks/tables.md.
 */
public final class TableExtract {

    private static final DateTimeFormatter HOUR_FOLDER =
            DateTimeFormatter.ofPattern("'day='yyyy-MM-dd'/hour='HH").withZone(ZoneOffset.UTC);

    private static final String NO_FOLDER = "";

    private final TableSpec<?> spec;
    private final Table table;

    TableExtract(TableSpec<?> spec, Table table) {
        this.spec = spec;
        this.table = table;
    }

    /** Writes all tables of the catalog that have rows, each into a folder of its name. */
    public static void write(TableCatalog catalog, Path folder) throws IOException {
        for (TableSpec<?> spec : TableSpecs.ALL) {
            if (catalog.has(spec)) {
                try (TableLoader loader = catalog.loader(spec)) {
                    loader.open();
                    new TableExtract(spec, loader.loadTable()).write(folder.resolve(spec.name()));
                }
            }
        }
    }

    private void write(Path folder) throws IOException {
        for (Map.Entry<String, List<DataFile>> hour : filesByFolder().entrySet()) {
            Path into = folder.resolve(hour.getKey());
            Files.createDirectories(into);
            write(hour.getValue(), into.resolve("part-0.parquet"));
        }
    }

    /** Files of one hour, or all of a table that knows no hours, as they came. */
    private Map<String, List<DataFile>> filesByFolder() throws IOException {
        Map<String, List<DataFile>> folders = new TreeMap<>();
        try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
            for (FileScanTask file : files) {
                folders.computeIfAbsent(folderOf(file.file()), unknown -> new ArrayList<>())
                        .add(file.file());
            }
        }
        folders.values().forEach(files -> files.sort(Comparator.comparing(DataFile::dataSequenceNumber)));
        return folders;
    }

    private String folderOf(DataFile file) {
        if (spec.eventTime() == null) {
            return NO_FOLDER;
        }
        int hour = file.partition().get(0, Integer.class);
        return HOUR_FOLDER.format(Instant.ofEpochSecond(TimeUnit.HOURS.toSeconds(hour)));
    }

    private void write(List<DataFile> files, Path into) throws IOException {
        Map<List<@Nullable Object>, Long> latest = latest(files);
        try (FileAppender<Record> extract = TableFiles.alone(table, into)) {
            forEachRow(files, table.schema(), (row, place) -> {
                if (spec.key().isEmpty() || latest.remove(key(row), rank(row, place))) {
                    extract.add(row);
                }
            });
        }
    }

    /** The rank of the row that counts, of each key. */
    Map<List<@Nullable Object>, Long> latest(List<DataFile> files) throws IOException {
        Map<List<@Nullable Object>, Long> latest = new HashMap<>();
        if (spec.key().isEmpty()) {
            return latest;
        }
        List<String> columns = new ArrayList<>(spec.key());
        if (spec.isRevised()) {
            columns.add(TableSpec.REVISION);
        }
        forEachRow(
                files,
                table.schema().select(columns),
                (row, place) -> latest.merge(key(row), rank(row, place), Math::max));
        return latest;
    }

    private interface Reader {
        /** @param place which row of all it is, from 0 */
        void read(Record row, long place);
    }

    private void forEachRow(List<DataFile> files, Schema columns, Reader reader) throws IOException {
        long place = 0;
        for (DataFile file : files) {
            try (CloseableIterable<Record> rows = TableFiles.read(table, file, columns)) {
                for (Record row : rows) {
                    reader.read(row, place++);
                }
            }
        }
    }

    private List<@Nullable Object> key(Record row) {
        List<@Nullable Object> key = new ArrayList<>(spec.key().size());
        spec.key().forEach(column -> key.add(row.getField(column)));
        return key;
    }

    private long rank(Record row, long place) {
        return spec.isRevised() ? (Long) row.getField(TableSpec.REVISION) : place;
    }
}
