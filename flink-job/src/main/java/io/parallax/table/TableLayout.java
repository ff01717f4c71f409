package io.parallax.table;

import java.util.Map;
import org.apache.iceberg.TableProperties;

/** How the files of a table are made: set when the table is made, and a property of it from then on. */
final class TableLayout {

    /** Name of the partition column. */
    static final String HOUR = "hour";

    /**
     * Octets buffered per open file before a row group is written. Parquet's 128 MiB is meant for files of gigabytes; ours
     * end at each checkpoint, and a replay has several hours' files open at once.
     */
    private static final long ROW_GROUP_OCTETS = 16L << 20;

    /** What compaction aims at. An hour of a mid-sized site is one or a few of these. */
    private static final long FILE_OCTETS = 128L << 20;

    /** Each commit writes a file of the table's state; Iceberg alone would keep all of them. */
    private static final int FORMER_STATES = 10;

    private TableLayout() {}

    static Map<String, String> properties(TableSpec<?> spec) {
        return Map.ofEntries(
                Map.entry("comment", spec.schema().getDoc()),
                Map.entry(TableProperties.FORMAT_VERSION, "2"),
                Map.entry(TableProperties.PARQUET_COMPRESSION, "zstd"),
                Map.entry(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Long.toString(ROW_GROUP_OCTETS)),
                Map.entry(TableProperties.WRITE_TARGET_FILE_SIZE_BYTES, Long.toString(FILE_OCTETS)),
                Map.entry(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true"),
                Map.entry(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, Integer.toString(FORMER_STATES)),
                // The job and its own maintenance commit to the same table.
                Map.entry(TableProperties.COMMIT_NUM_RETRIES, "10"));
    }
}
