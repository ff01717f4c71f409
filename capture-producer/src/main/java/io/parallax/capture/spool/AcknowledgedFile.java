package io.parallax.capture.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Remembers up to where the journal is delivered.
 *
 * <p>Two slots, a disk block apart and written in turn, so that a power cut in the middle of a write leaves the one before;
 * the valid slot with more writes counts. Big-endian:
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                                                               |
 * +                position                                       +
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                                                               |
 * +                writes so far                                  +
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                CRC-32C of the above                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>What is remembered may lag, never lead. One thread writes, another one may sync.
 */
final class AcknowledgedFile implements AutoCloseable {

    static final String NAME = "acknowledged";

    private static final int POSITION = 0;
    private static final int WRITES = POSITION + Long.BYTES;
    private static final int CRC = WRITES + Long.BYTES;
    private static final int SLOT_OCTETS = CRC + Integer.BYTES;
    private static final int SLOTS = 2;
    private static final long SLOT_DISTANCE = 4096;

    private final DiskFile file;
    private final ByteBuffer slot = ByteBuffer.allocate(SLOT_OCTETS);
    private volatile long writes;
    private long syncedWrites;
    private long position;

    private AcknowledgedFile(DiskFile file) {
        this.file = file;
    }

    static AcknowledgedFile open(Disk disk) throws IOException {
        AcknowledgedFile opened = new AcknowledgedFile(disk.open(NAME));
        for (int i = 0; i < SLOTS; i++) {
            opened.read(i);
        }
        opened.syncedWrites = opened.writes;
        return opened;
    }

    private void read(int index) throws IOException {
        slot.clear();
        file.read(slot, index * SLOT_DISTANCE);
        boolean isValid = !slot.hasRemaining() && slot.getInt(CRC) == checksum();
        if (isValid && slot.getLong(WRITES) > writes) {
            writes = slot.getLong(WRITES);
            position = slot.getLong(POSITION);
        }
    }

    private int checksum() {
        CRC32C checksum = new CRC32C();
        checksum.update(slot.array(), 0, CRC);
        return (int) checksum.getValue();
    }

    /** What was read at open; 0 if there was nothing. */
    long position() {
        return position;
    }

    void write(long acknowledged) throws IOException {
        long count = writes + 1;
        slot.clear();
        slot.putLong(POSITION, acknowledged);
        slot.putLong(WRITES, count);
        slot.putInt(CRC, checksum());
        file.write(slot, count % SLOTS * SLOT_DISTANCE);
        writes = count;
    }

    void sync() throws IOException {
        long seen = writes;
        if (seen != syncedWrites) {
            file.sync();
            syncedWrites = seen;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
