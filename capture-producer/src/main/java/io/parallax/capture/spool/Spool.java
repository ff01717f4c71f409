package io.parallax.capture.spool;

import io.parallax.wire.Topics;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A bounded journal on disk: appended to at one end, read and acknowledged at the other.
 *
 * <p>What was appended and not acknowledged is there again after the end of the process, in its order; after a power cut
 * all that was synced is, and nothing is missing but from the end. The acknowledged position may lag, then entries come
 * again; it never leads. Closed segments that are wholly acknowledged are removed.
 *
 * <p>One thread appends and syncs, one reads and acknowledges, any may ask.
 */
public final class Spool implements AutoCloseable {

    private final SpoolOptions options;
    private final Disk disk;
    private final DiskHealth health;
    private final Segments segments;
    private final AcknowledgedFile acknowledgedFile;
    private final RefusedFile refusedFile;
    private final SpoolWriter writer;
    private final SpoolReader reader;
    private final long truncatedOctets;
    private volatile long acknowledged;

    private Spool(SpoolOptions options, Disk disk, SpoolListener listener) throws IOException {
        this.options = options;
        this.disk = disk;
        this.health = new DiskHealth(listener);
        this.segments = Segments.found(disk, health);
        this.acknowledgedFile = AcknowledgedFile.open(disk);
        this.refusedFile = RefusedFile.open(disk);
        this.truncatedOctets = Recovery.truncateTorn(disk, segments, listener);
        this.acknowledged = acknowledgedFile.position();
        segments.deleteUpTo(acknowledged);
        disk.syncFolder();
        Segment last = segments.last();
        // A power cut may take entries that were delivered already: their positions must not be used again.
        long end = Math.max(acknowledged, last == null ? 0 : last.end());
        this.writer = new SpoolWriter(options, disk, segments, end, acknowledgedFile, health);
        this.reader = new SpoolReader(disk, segments, acknowledged, listener, health);
    }

    /**
     * Opens the journal of a folder, or begins one.
     *
     * @throws IOException if another process has it open, or the folder cannot be read and written
     */
    public static Spool open(SpoolOptions options, SpoolListener listener) throws IOException {
        return open(options, new RealDisk(options.folder()), listener);
    }

    static Spool open(SpoolOptions options, Disk disk, SpoolListener listener) throws IOException {
        disk.lock();
        try {
            return new Spool(options, disk, listener);
        } catch (IOException e) {
            disk.close();
            throw new IOException("spool folder " + options.folder() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Whether the cap allows for the record and for {@code queuedOctets} before it. Ledger rows may use the reserve, so that
     * the books still go out when headers are refused.
     */
    boolean hasRoomFor(SpoolRecord record, long queuedOctets) {
        long cap = record.topic().equals(Topics.CAPTURE_LEDGER) ? hardCap() : options.capOctets();
        return EntryFormat.fits(record) && segments.octets() + queuedOctets + record.maxOctets() <= cap;
    }

    private long hardCap() {
        return options.capOctets() + options.reserveOctets();
    }

    /**
     * Journals a record, unless cap and reserve are used up or the disk refuses: then nothing has changed, and it may be
     * tried again.
     *
     * @param nowMillis milliseconds since 1970
     */
    public boolean append(SpoolRecord record, long nowMillis) {
        return EntryFormat.fits(record)
                && segments.octets() + record.maxOctets() <= hardCap()
                && writer.append(record, nowMillis);
    }

    /** To be called now and then by the appending thread; waits for the disk if the policy says so. */
    public void syncIfDue(long nowNanos) {
        writer.syncIfDue(nowNanos);
    }

    /** Waits for the disk, whatever the policy. */
    void sync() {
        writer.sync();
    }

    /** The next entry in order; null if there is none now. */
    public @Nullable SpoolEntry next() {
        return reader.next(writer.end());
    }

    /** {@link #next} starts again at the first entry that is not acknowledged. */
    public void rewind() {
        reader.goTo(acknowledged);
    }

    /** All before {@code position} is delivered and will not be read again, but after a crash. */
    public void acknowledge(long position) {
        if (position <= acknowledged) {
            return;
        }
        acknowledged = position;
        try {
            acknowledgedFile.write(position);
        } catch (IOException e) {
            health.failed("writing " + AcknowledgedFile.NAME, e);
        }
        segments.deleteUpTo(position);
    }

    /** Keeps an entry that nobody will ever take in a file beside the journal, as long as that is small. */
    public void setAside(SpoolEntry entry) {
        try {
            refusedFile.add(entry);
        } catch (IOException e) {
            health.failed("writing " + RefusedFile.NAME, e);
        }
    }

    public boolean isAllAcknowledged() {
        return acknowledged >= writer.end();
    }

    /** 0 (empty) to 1 (at the cap) with {@code queuedOctets} more. */
    double fill(long queuedOctets) {
        return Math.min(1, (segments.octets() + queuedOctets) / (double) options.capOctets());
    }

    public SpoolCounts counts() {
        return new SpoolCounts(
                segments.octets(),
                Math.max(0, writer.end() - acknowledged),
                health.failures(),
                health.failing(),
                truncatedOctets,
                reader.damages(),
                reader.skippedOctets());
    }

    /** Syncs, unless the policy is never to, and lets the folder go. The threads must have ended. */
    @Override
    public void close() throws IOException {
        try (disk;
                acknowledgedFile;
                refusedFile;
                reader) {
            writer.close();
        }
    }
}
