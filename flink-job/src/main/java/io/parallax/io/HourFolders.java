package io.parallax.io;

import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Puts a record into the folder of the hour of its event time, UTC. Flink's own goes by the wall clock, so a replay would
 * lie in other folders than the first run.
 */
final class HourFolders<T> implements BucketAssigner<T, String> {

    private static final long serialVersionUID = 1L;
    private static final long SECONDS_PER_HOUR = TimeUnit.HOURS.toSeconds(1);
    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("'day='yyyy-MM-dd'/hour='HH").withZone(ZoneOffset.UTC);

    private final EventTime<T> eventTime;
    private transient long hour;
    private transient @Nullable String folder;

    HourFolders(EventTime<T> eventTime) {
        this.eventTime = eventTime;
    }

    /** Gives the time by which a record is filed; travels with the job graph. */
    interface EventTime<T> extends Function<T, Instant>, Serializable {}

    @Override
    public String getBucketId(T row, Context context) {
        Instant time = eventTime.apply(row);
        long hourOfRow = Math.floorDiv(time.getEpochSecond(), SECONDS_PER_HOUR);
        String known = folder;
        if (known == null || hour != hourOfRow) {
            known = FOLDER.format(time);
            hour = hourOfRow;
            folder = known;
        }
        return known;
    }

    @Override
    public SimpleVersionedSerializer<String> getSerializer() {
        return SimpleVersionedStringSerializer.INSTANCE;
    }
}
