package io.parallax.table;

import io.parallax.wire.Completeness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.io.CloseableIterable;

/** A table as it is now, and rows for one. */
final class TableRows {

    static final TypeInformation<Completeness> TYPE = new AvroTypeInfo<>(Completeness.class);

    /** Inside of the hour 22 of 2023-11-14, UTC. */
    static final Instant START = Instant.ofEpochSecond(1_700_000_000);

    private TableRows() {}

    /** A row of window {@code number}, one second long. */
    static Completeness row(long number, long revision) {
        return Completeness.newBuilder()
                .setSensorId("capture-1")
                .setInterfaceName("eth1")
                .setWindowStart(START.plusSeconds(number))
                .setWindowSeconds(1)
                .setRevision(revision)
                .setFrames(number)
                .setOutcomes(Map.of("decoded", number))
                .setPublished(number)
                .setPublishedIp(number)
                .setReceived(number)
                .setReplayed(0)
                .setMissing(0)
                .setNonIp(0)
                .setCanonical(number)
                .setDuplicates(Map.of())
                .setFolded(0)
                .setTooLate(0)
                .setTransportResidual(0)
                .setResidual(0)
                .build();
    }

    static Table load(TableCatalog catalog, TableSpec<?> spec) throws IOException {
        try (TableLoader loader = catalog.loader(spec)) {
            loader.open();
            return loader.loadTable();
        }
    }

    static List<DataFile> files(Table table) throws IOException {
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> scan = table.newScan().planFiles()) {
            scan.forEach(task -> files.add(task.file()));
        }
        return files;
    }

    static List<Record> of(Table table) throws IOException {
        List<Record> rows = new ArrayList<>();
        for (DataFile file : files(table)) {
            rows.addAll(of(table, file));
        }
        return rows;
    }

    static List<Record> of(Table table, DataFile file) throws IOException {
        List<Record> rows = new ArrayList<>();
        try (CloseableIterable<Record> found = TableFiles.read(table, file, table.schema())) {
            found.forEach(rows::add);
        }
        return rows;
    }

    /** Numbers of the rows that {@link #row} made. */
    static List<Long> numbers(List<Record> rows) {
        return rows.stream().map(row -> (Long) row.getField("frames")).toList();
    }

    /** What a reader's glob {@code **}{@code /*.parquet} finds. */
    static List<Path> parquetBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }
}
