package io.parallax.capture.spool;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries in the order in which they were appended, and steps over what is damaged.
 *
 * <p>Octets that the disk cannot give are asked for {@link #TRIES} times; then the rest of their segment counts as lost,
 * since waiting for ever would lose all that comes behind. One thread.
 */
final class SpoolReader implements AutoCloseable {

    /** The caller pauses in between. */
    private static final int TRIES = 10;

    private final Segments segments;
    private final SpoolListener listener;
    private final DiskHealth health;
    private final AtomicLong skippedOctets = new AtomicLong();
    private final AtomicLong damages = new AtomicLong();
    private final ReadWindow window;
    private long position;
    private int failures;

    SpoolReader(Disk disk, Segments segments, long position, SpoolListener listener, DiskHealth health) {
        this.window = new ReadWindow(disk);
        this.segments = segments;
        this.position = position;
        this.listener = listener;
        this.health = health;
    }

    /** The next entry below {@code end}; null if there is none, or the disk does not give it now. */
    @Nullable
    SpoolEntry next(long end) {
        while (position < end) {
            Segment segment = segments.at(position);
            if (segment == null) {
                return null;
            }
            position = Math.max(position, segment.first);
            if (segment.octets() > 0) {
                SpoolEntry entry = readOrSkip(segment);
                if (entry != null) {
                    return entry;
                }
                if (failures > 0) {
                    return null;
                }
            }
        }
        return null;
    }

    private @Nullable SpoolEntry readOrSkip(Segment segment) {
        try {
            return read(segment);
        } catch (IOException e) {
            health.failed("reading " + segment.fileName(), e);
            if (++failures == TRIES) {
                failures = 0;
                skip(segment, segment.end(), "the disk does not give it: " + e.getMessage());
            }
            return null;
        }
    }

    /** The entry at the position; null where it was damaged and stepped over. */
    private @Nullable SpoolEntry read(Segment segment) throws IOException {
        window.moveTo(segment);
        SpoolEntry entry = window.entryAt(position);
        if (entry == null) {
            long target = window.resumeAfter(position);
            failures = 0;
            skip(segment, target, "damaged on disk");
            return null;
        }
        failures = 0;
        position = entry.nextPosition();
        return entry;
    }

    private void skip(Segment segment, long target, String why) {
        long octets = target - position;
        damages.incrementAndGet();
        skippedOctets.addAndGet(octets);
        position = target;
        listener.skipped(segment.fileName(), octets, why);
    }

    /** The next entry will be the one at {@code target}, or the first one behind it. */
    void goTo(long target) {
        position = target;
    }

    long damages() {
        return damages.get();
    }

    long skippedOctets() {
        return skippedOctets.get();
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
