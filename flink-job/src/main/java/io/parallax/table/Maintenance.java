package io.parallax.table;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Table;

/**
 * One round over one table: merges small files, then forgets what the table was more than an hour ago, with the files that only
 * those states still needed.
 *
 * <p>A state is a commit, one per checkpoint; each is a line in a file that every commit writes anew. An hour is longer than
 * any query over the tables should take, and bounds that file to some hundred lines.
 */
final class Maintenance {

    /** What a round did. */
    record Outcome(int filesMerged, int filesRemoved) {}

    private static final Duration KEPT = Duration.ofHours(1);

    /** The last ones stay, however old: the sink finds its last checkpoint in them when it starts again. */
    private static final int LEAST_KEPT = 10;

    private Maintenance() {}

    static Outcome run(Table table, Instant now) throws IOException {
        int merged = new Compaction(table).run();
        table.refresh();
        AtomicInteger removed = new AtomicInteger();
        table.expireSnapshots()
                .expireOlderThan(now.minus(KEPT).toEpochMilli())
                .retainLast(LEAST_KEPT)
                .deleteWith(file -> {
                    table.io().deleteFile(file);
                    removed.incrementAndGet();
                })
                .commit();
        return new Outcome(merged, removed.get());
    }
}
