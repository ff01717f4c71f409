package io.parallax.capture.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Classic capture files, draft-ietf-opsawg-pcap.
 *
 * <pre>
 *  file header, 24 octets                     record header, 16 octets
 *   0  magic   a1b2c3d4 us, a1b23c4d ns        0  seconds
 *   4  version major, minor                    4  micro- or nanoseconds
 *   8  time zone, 12 accuracy (not used)       8  captured octets
 *  16  snap length                            12  original octets
 *  20  FCS length | link type (low 16 bits)   16  frame
 * </pre>
 * All in the byte order of the machine that wrote it, which the magic tells.
 */
final class PcapReader implements RecordReader {

    static final int MAGIC_MICROS = 0xa1b2c3d4;
    static final int MAGIC_NANOS = 0xa1b23c4d;

    private static final int FILE_HEADER = 24;
    private static final int LINK_TYPE = 20;
    private static final int RECORD_HEADER = 16;
    private static final int SUBSECOND = 4;
    private static final int CAPTURED = 8;
    private static final int ORIGINAL = 12;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final FileWindow window;
    private final boolean swapped;
    private final int nanosPerTick;
    private final int linkType;
    private long position = FILE_HEADER;

    static boolean recognizes(int magic) {
        return isMagic(magic) || isMagic(Integer.reverseBytes(magic));
    }

    private static boolean isMagic(int magic) {
        return magic == MAGIC_MICROS || magic == MAGIC_NANOS;
    }

    PcapReader(Path path, FileWindow window) throws IOException {
        if (!window.holds(0, FILE_HEADER)) {
            throw new CaptureFormatException(
                    path, "ends after " + window.size() + " of the " + FILE_HEADER + " octets of a pcap file header");
        }
        this.window = window;
        int at = window.locate(0, FILE_HEADER);
        int magic = window.buffer().getInt(at);
        this.swapped = !isMagic(magic);
        this.nanosPerTick = (swapped ? Integer.reverseBytes(magic) : magic) == MAGIC_MICROS ? 1_000 : 1;
        this.linkType = int32(window.buffer(), at + LINK_TYPE) & 0xffff;
    }

    @Override
    public boolean next(Frame frame) throws IOException {
        if (!window.holds(position, RECORD_HEADER)) {
            return false;
        }
        int at = window.locate(position, RECORD_HEADER);
        int captured = int32(window.buffer(), at + CAPTURED);
        if (Integer.compareUnsigned(captured, MAX_FRAME_OCTETS) > 0
                || !window.holds(position, RECORD_HEADER + (long) captured)) {
            return false;
        }
        at = window.locate(position, RECORD_HEADER + captured);
        ByteBuffer buffer = window.buffer();
        frame.octets = buffer;
        frame.offset = at + RECORD_HEADER;
        frame.capturedOctets = captured;
        frame.originalOctets = originalOctets(int32(buffer, at + ORIGINAL), captured);
        frame.linkType = linkType;
        frame.timeNanos = Integer.toUnsignedLong(int32(buffer, at)) * NANOS_PER_SECOND
                + Integer.toUnsignedLong(int32(buffer, at + SUBSECOND)) * nanosPerTick;
        frame.interfaceIndex = 0;
        position += RECORD_HEADER + (long) captured;
        return true;
    }

    /** An original length above 2 GiB is a lie: then the captured octets are all that is known. */
    static int originalOctets(int claimed, int captured) {
        return claimed < 0 ? captured : claimed;
    }

    @Override
    public void rewind() {
        position = FILE_HEADER;
    }

    @Override
    public List<String> labels() {
        return List.of("0");
    }

    @Override
    public long unreadOctets() {
        return window.size() - position;
    }

    private int int32(ByteBuffer buffer, int at) {
        int value = buffer.getInt(at);
        return swapped ? Integer.reverseBytes(value) : value;
    }
}
