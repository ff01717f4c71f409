package io.parallax.capture.spool;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Entries that the broker will never take, set aside so that what comes behind them can go on. As in a segment, each with
 * its old position, and only the first {@link #CAP_OCTETS} of them. One thread.
 */
final class RefusedFile implements AutoCloseable {

    static final String NAME = "refused";

    /** Enough to see what they were. */
    static final long CAP_OCTETS = 16 << 20;

    private final DiskFile file;
    private long size;

    private RefusedFile(DiskFile file, long size) {
        this.file = file;
        this.size = size;
    }

    static RefusedFile open(Disk disk) throws IOException {
        DiskFile file = disk.open(NAME);
        return new RefusedFile(file, file.size());
    }

    void add(SpoolEntry entry) throws IOException {
        if (size + entry.octets() > CAP_OCTETS) {
            return;
        }
        ByteBuffer octets = ByteBuffer.allocate((int) entry.record().maxOctets());
        EntryFormat.encode(entry.record(), entry.position(), entry.journaledMillis(), octets);
        file.write(octets, size);
        file.sync();
        size += entry.octets();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
