package io.parallax.capture.spool;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Entries of one segment, read ahead into a buffer off the heap. Positions are those of the journal. Not thread-safe.
 */
final class ReadWindow implements AutoCloseable {

    /** Several batches in one call of the system; little against the memory queue. */
    private static final int OCTETS = 1 << 20;

    private final Disk disk;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(OCTETS);
    private Segment segment;
    private @Nullable DiskFile file;
    private long start;

    /** On nothing yet. */
    ReadWindow(Disk disk) {
        this.disk = disk;
        this.segment = Segment.closed(0, 0);
    }

    /** Moves to another segment, unless it is the one it is on. */
    void moveTo(Segment target) throws IOException {
        if (file == null || segment != target) {
            close();
            segment = target;
            buffer.limit(0);
            file = disk.open(target.fileName());
        }
    }

    /** The intact entry at {@code position}; null if there is none. */
    @Nullable
    SpoolEntry entryAt(long position) throws IOException {
        int index = locate(position, EntryFormat.HEADER_OCTETS);
        if (index < 0 || !EntryFormat.beginsEntry(buffer, index, position)) {
            return null;
        }
        index = locate(position, EntryFormat.length(buffer, index));
        return index >= 0 && EntryFormat.isIntact(buffer, index) ? EntryFormat.decode(buffer, index) : null;
    }

    /** Position of the next intact entry behind {@code position}, or the segment's end. */
    long resumeAfter(long position) throws IOException {
        for (long next = position + 1; next + EntryFormat.HEADER_OCTETS <= segment.end(); next++) {
            if (entryAt(next) != null) {
                return next;
            }
        }
        return segment.end();
    }

    /** Where the buffer holds the octets from {@code position} on; negative if there are fewer. */
    private int locate(long position, int octets) throws IOException {
        if (position >= start && position + octets <= start + buffer.limit()) {
            return (int) (position - start);
        }
        if (position + octets > segment.end()) {
            return -1;
        }
        if (buffer.capacity() < octets) {
            buffer = ByteBuffer.allocateDirect(octets);
        }
        // Never beyond the end: what lies there is still being written.
        buffer.clear().limit((int) Math.min(buffer.capacity(), segment.end() - position));
        start = position;
        try {
            requireNonNull(file).read(buffer, position - segment.first);
        } catch (IOException e) {
            buffer.limit(0);
            throw e;
        }
        buffer.flip();
        return buffer.limit() >= octets ? 0 : -1;
    }

    @Override
    public void close() throws IOException {
        DiskFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
