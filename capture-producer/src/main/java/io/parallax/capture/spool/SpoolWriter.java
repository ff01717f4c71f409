package io.parallax.capture.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Appends entries, a segment at a time. A segment is synced before the next one is made, so that a power cut takes octets
 * from the journal's end alone. One thread.
 */
final class SpoolWriter implements AutoCloseable {

    private final SpoolOptions options;
    private final Disk disk;
    private final Segments segments;
    private final AcknowledgedFile acknowledged;
    private final DiskHealth health;
    private ByteBuffer entry = ByteBuffer.allocateDirect(1 << 20);
    private @Nullable DiskFile file;
    private Segment active;
    private boolean isUnsynced;
    private boolean isFolderUnsynced;
    private long syncedNanos;
    private volatile long end;

    SpoolWriter(
            SpoolOptions options,
            Disk disk,
            Segments segments,
            long end,
            AcknowledgedFile acknowledged,
            DiskHealth health) {
        this.options = options;
        this.disk = disk;
        this.segments = segments;
        this.end = end;
        this.active = Segment.open(end);
        this.acknowledged = acknowledged;
        this.health = health;
    }

    /** False if the disk does not take it; then nothing has changed. */
    boolean append(SpoolRecord record, long nowMillis) {
        try {
            DiskFile out = writable();
            encode(record, nowMillis);
            write(out);
            return true;
        } catch (IOException e) {
            health.failed("writing " + active.fileName(), e);
            return false;
        }
    }

    private DiskFile writable() throws IOException {
        DiskFile open = file;
        if (open != null && active.octets() < options.segmentOctets()) {
            return open;
        }
        if (open != null) {
            finish(open);
        }
        Segment next = Segment.open(end);
        DiskFile made = disk.open(next.fileName());
        isFolderUnsynced = true;
        active = next;
        file = made;
        segments.add(next);
        return made;
    }

    private void finish(DiskFile open) throws IOException {
        if (options.fsync() != Fsync.NEVER) {
            syncOrThrow(open);
        }
        active.close();
        file = null;
        open.close();
    }

    private void encode(SpoolRecord record, long nowMillis) {
        if (entry.capacity() < record.maxOctets()) {
            entry = ByteBuffer.allocateDirect((int) record.maxOctets());
        }
        EntryFormat.encode(record, end, nowMillis, entry);
    }

    private void write(DiskFile out) throws IOException {
        long entryEnd = end + entry.limit();
        long offset = end - active.first;
        isUnsynced = true;
        try {
            out.write(entry, offset);
            if (options.fsync() == Fsync.EACH) {
                syncOrThrow(out);
            }
        } catch (IOException e) {
            cutTo(out, offset, e);
            throw e;
        }
        segments.extend(active, entryEnd);
        end = entryEnd;
        if (options.fsync() != Fsync.INTERVAL) {
            health.works();
        }
    }

    /** The next entry is written to the same place; without this its end could be followed by octets of this one. */
    private static void cutTo(DiskFile out, long offset, IOException cause) {
        try {
            out.truncate(offset);
        } catch (IOException alsoRefused) {
            cause.addSuppressed(alsoRefused);
        }
    }

    void syncIfDue(long nowNanos) {
        if (options.fsync() == Fsync.INTERVAL
                && nowNanos - syncedNanos >= options.fsyncInterval().toNanos()) {
            syncedNanos = nowNanos;
            sync();
        }
    }

    /** Afterwards a power cut takes nothing of what was appended, unless the disk refused. */
    void sync() {
        try {
            DiskFile open = file;
            if (open != null && (isUnsynced || isFolderUnsynced)) {
                syncOrThrow(open);
            }
            acknowledged.sync();
            health.works();
        } catch (IOException e) {
            health.failed("syncing " + active.fileName(), e);
        }
    }

    private void syncOrThrow(DiskFile open) throws IOException {
        open.sync();
        isUnsynced = false;
        if (isFolderUnsynced) {
            disk.syncFolder();
            isFolderUnsynced = false;
        }
    }

    /** Of the journal: behind the last entry that may be read. Any thread may ask. */
    long end() {
        return end;
    }

    @Override
    public void close() throws IOException {
        if (options.fsync() != Fsync.NEVER) {
            sync();
        }
        if (file != null) {
            file.close();
        }
    }
}
