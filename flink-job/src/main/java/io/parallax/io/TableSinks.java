package io.parallax.io;

import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.Segment;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/**
 * The tables that the job writes: {@code BASE/TABLE/day=YYYY-MM-DD/hour=HH/part-*.parquet}, by event time in UTC.
 *
 * <p>A file gets its name, and is complete, at the checkpoint that commits it; until then it is hidden and does not end in
 * {@code .parquet}, so {@code BASE/TABLE/**}{@code /*.parquet} can be read at any time. There is no compaction in the sink:
 * its unfinished files do end in {@code .parquet}, and DuckDB's glob reads hidden files.
 */
public final class TableSinks {

    public static final String FLOWS = "flows";
    public static final String MATRIX = "matrix";
    public static final String COMPLETENESS = "completeness";
    public static final String SEGMENTS = "segments";
    public static final String DEAD_LETTERS = "dead_letters";
    public static final String LEDGER = "ledger";

    private static final OutputFileConfig NAMES = OutputFileConfig.builder()
            .withPartPrefix("part")
            .withPartSuffix(".parquet")
            .build();

    private final Path base;

    /** @param base folder of all tables, on any file system that Flink knows */
    public TableSinks(Path base) {
        this.base = base;
    }

    public FileSink<Flow> flows() {
        return table(FLOWS, Flow.class, Flow::getWindowStart);
    }

    public FileSink<MatrixCell> matrix() {
        return table(MATRIX, MatrixCell.class, MatrixCell::getWindowStart);
    }

    public FileSink<Completeness> completeness() {
        return table(COMPLETENESS, Completeness.class, Completeness::getWindowStart);
    }

    public FileSink<Segment> segments() {
        return table(SEGMENTS, Segment.class, Segment::getWindowStart);
    }

    public FileSink<DeadLetter> deadLetters() {
        return table(DEAD_LETTERS, DeadLetter.class, DeadLetter::getSourceTime);
    }

    public FileSink<CaptureLedger> ledger() {
        return table(LEDGER, CaptureLedger.class, CaptureLedger::getIntervalStart);
    }

    private <T extends SpecificRecordBase> FileSink<T> table(
            String table, Class<T> type, HourFolders.EventTime<T> eventTime) {
        return FileSink.forBulkFormat(new Path(base, table), ParquetFiles.of(type))
                .withBucketAssigner(new HourFolders<>(eventTime))
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .withOutputFileConfig(NAMES)
                .build();
    }
}
