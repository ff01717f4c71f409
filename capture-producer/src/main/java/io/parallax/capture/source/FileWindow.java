package io.parallax.capture.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file seen through one memory-mapped window that moves forward, since a mapped buffer ends at 2 GiB.
 *
 * <p>Mapped rather than read: a record's octets are then never copied, and a pass over record headers alone leaves the
 * pages in between untouched. A file that shrinks while mapped ends the JVM's access with an InternalError.
 */
final class FileWindow implements AutoCloseable {

    /** Half a GiB: half the address range of an int is left for lengths that lie. */
    static final int WINDOW_OCTETS = 1 << 29;

    private final FileChannel channel;
    private final int windowOctets;
    private final long size;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private long start;

    FileWindow(Path path) throws IOException {
        this(path, WINDOW_OCTETS);
    }

    FileWindow(Path path, int windowOctets) throws IOException {
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        this.windowOctets = windowOctets;
        this.size = channel.size();
    }

    long size() {
        return size;
    }

    boolean holds(long position, long octets) {
        return octets <= size - position;
    }

    /**
     * Makes the octets visible and returns where {@link #buffer()} holds the first of them. They must lie within the file
     * and be no more than the window.
     */
    int locate(long position, int octets) throws IOException {
        long index = position - start;
        if (index < 0 || index + octets > buffer.capacity()) {
            start = position;
            buffer = channel.map(
                    FileChannel.MapMode.READ_ONLY, position, Math.min(Math.max(windowOctets, octets), size - position));
            return 0;
        }
        return (int) index;
    }

    /** The window's octets, big-endian; another buffer after a {@link #locate} that moved the window. */
    ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void close() throws IOException {
        buffer = ByteBuffer.allocate(0);
        channel.close();
    }
}
