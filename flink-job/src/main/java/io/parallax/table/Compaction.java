package io.parallax.table;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.SortOrderComparators;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.actions.BinPackRewriteFilePlanner;
import org.apache.iceberg.actions.RewriteDataFilesCommitManager;
import org.apache.iceberg.actions.RewriteFileGroup;
import org.apache.iceberg.actions.SizeBasedFileRewritePlanner;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.util.SortedMerge;

/**
 * Makes few files of many: within an hour, files below three quarters of the table's target size are merged by their rows'
 * order once there are five of them or enough for a whole file.
 *
 * <p>Files are sorted, each by itself, and merging sorted files gives a sorted one while one row group of each is in memory.
 * What to rewrite is planned, and what was rewritten is committed, by Iceberg's own code: a file that another commit took away
 * meanwhile fails the commit, and the new files are removed again.
 */
final class Compaction {

    private static final int LEAST_FILES = 5;

    /** Each open file costs a row group, at most 16 MiB and with small files much less. */
    private static final int MOST_FILES = 100;

    private final Table table;

    Compaction(Table table) {
        this.table = table;
    }

    /** Rewrites what is worth it; returns how many files fewer the table has. */
    int run() throws IOException {
        if (table.currentSnapshot() == null) {
            return 0;
        }
        BinPackRewriteFilePlanner planner = new BinPackRewriteFilePlanner(table);
        planner.init(Map.of(
                SizeBasedFileRewritePlanner.MIN_INPUT_FILES, Integer.toString(LEAST_FILES),
                SizeBasedFileRewritePlanner.MAX_FILE_GROUP_INPUT_FILES, Integer.toString(MOST_FILES),
                SizeBasedFileRewritePlanner.MAX_FILE_GROUP_SIZE_BYTES, Long.toString(targetOctets())));
        long planned = table.currentSnapshot().snapshotId();
        int fewer = 0;
        for (RewriteFileGroup group : planner.plan().groups()) {
            List<FileScanTask> files = group.fileScanTasks();
            if (files.size() > 1) {
                group.setOutputFiles(Set.of(merged(files, fewer)));
                new RewriteDataFilesCommitManager(table, planned).commitOrClean(Set.of(group));
                fewer += files.size() - 1;
            }
        }
        return fewer;
    }

    private long targetOctets() {
        return Long.parseLong(table.properties().get("write.target-file-size-bytes"));
    }

    private DataFile merged(List<FileScanTask> files, int number) throws IOException {
        List<CloseableIterable<Record>> sorted = files.stream()
                .map(file -> TableFiles.read(table, file.file(), table.schema()))
                .toList();
        DataWriter<Record> writer =
                TableFiles.inTable(table, files.get(0).file().partition(), number);
        try (SortedMerge<Record> rows = new SortedMerge<>(order(), sorted);
                writer) {
            rows.forEach(writer::write);
        }
        return writer.toDataFile();
    }

    private Comparator<Record> order() {
        Comparator<StructLike> order = SortOrderComparators.forSchema(table.schema(), table.sortOrder());
        InternalRecordWrapper one = new InternalRecordWrapper(table.schema().asStruct());
        InternalRecordWrapper other = new InternalRecordWrapper(table.schema().asStruct());
        return (a, b) -> order.compare(one.wrap(a), other.wrap(b));
    }
}
