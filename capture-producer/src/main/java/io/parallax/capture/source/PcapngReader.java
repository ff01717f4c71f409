package io.parallax.capture.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * pcapng files, draft-ietf-opsawg-pcapng: blocks in sections, each section in a byte order and with interfaces of its own.
 *
 * <pre>
 *  every block          Section Header    Interface        Enhanced Packet    Simple Packet   Packet (obsolete)
 *   0  type              8  byte order     8  link type     8  interface       8  original     8  interface
 *   4  total length         magic         10  reserved     12  ticks, high    12  frame       10  drops
 *   8  body             12  version       12  snap length  16  ticks, low                     12  ticks, high
 *  -4  total length     16  length        16  options      20  captured                       16  ticks, low
 *                       24  options                        24  original                       20  captured
 *                                                          28  frame                          24  original
 *                                                                                             28  frame
 * </pre>
 * Blocks of other types are skipped. An interface is known by its name, or by its number in its section where it has
 * none: a file made by joining sections of one capture so stays one stream.
 */
final class PcapngReader implements RecordReader {

    static final int SECTION_HEADER = 0x0a0d0d0a;

    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;

    private static final int BODY = 8;
    private static final int TRAILER = 4;
    private static final int MIN_BLOCK = BODY + TRAILER;
    private static final int MIN_SECTION_HEADER = 28;
    private static final int MIN_INTERFACE = 20;
    private static final int SNAP_LENGTH = 12;
    private static final int OPTIONS = 16;
    private static final int TICKS_HIGH = 12;
    private static final int TICKS_LOW = 16;
    private static final int CAPTURED = 20;
    private static final int ORIGINAL = 24;
    private static final int FRAME = 28;
    private static final int SIMPLE_FRAME = 12;

    private static final int OPTION_END = 0;
    private static final int OPTION_NAME = 2;
    private static final int OPTION_RESOLUTION = 9;
    private static final int OPTION_OFFSET = 14;

    /** Longest options of an interface that are read; a name, a filter and a comment need a fraction. */
    private static final int MAX_INTERFACE_OCTETS = 1 << 20;

    private final FileWindow window;
    private final List<String> labels = new ArrayList<>();
    private final List<PcapngInterface> section = new ArrayList<>();
    private boolean swapped;
    private long position;

    PcapngReader(Path path, FileWindow window) throws IOException {
        if (!window.holds(0, MIN_SECTION_HEADER)) {
            throw new CaptureFormatException(
                    path,
                    "ends after " + window.size() + " of the " + MIN_SECTION_HEADER
                            + " octets of a pcapng section header");
        }
        this.window = window;
        if (!enterSection(0)) {
            throw new CaptureFormatException(path, "starts like pcapng, but without a byte order magic");
        }
    }

    @Override
    public boolean next(Frame frame) throws IOException {
        while (window.holds(position, MIN_BLOCK)) {
            int at = window.locate(position, MIN_BLOCK);
            int type = window.buffer().getInt(at);
            if (type == SECTION_HEADER && !(window.holds(position, MIN_SECTION_HEADER) && enterSection(position))) {
                return false;
            }
            at = window.locate(position, MIN_BLOCK);
            type = int32(window.buffer(), at);
            long length = Integer.toUnsignedLong(int32(window.buffer(), at + 4));
            if (length < MIN_BLOCK || !window.holds(position, length)) {
                return false;
            }
            // Blocks are padded to 32 bits; the length should say so, and some writers forget.
            long following = Math.min(window.size(), position + ((length + 3) & ~3L));
            if (type == INTERFACE_DESCRIPTION) {
                describeInterface(length);
            } else if (isPacket(type) && packet(type, length, frame)) {
                position = following;
                return true;
            }
            position = following;
        }
        return false;
    }

    private boolean enterSection(long start) throws IOException {
        int at = window.locate(start, MIN_SECTION_HEADER);
        int magic = window.buffer().getInt(at + BODY);
        if (magic != BYTE_ORDER_MAGIC && magic != Integer.reverseBytes(BYTE_ORDER_MAGIC)) {
            return false;
        }
        swapped = magic != BYTE_ORDER_MAGIC;
        section.clear();
        return true;
    }

    private static boolean isPacket(int type) {
        return type == ENHANCED_PACKET || type == SIMPLE_PACKET || type == PACKET;
    }

    private boolean packet(int type, long length, Frame frame) throws IOException {
        int header = type == SIMPLE_PACKET ? SIMPLE_FRAME : FRAME;
        long room = length - header - TRAILER;
        if (room < 0) {
            return false;
        }
        int captured = (int) Math.min(room, MAX_FRAME_OCTETS);
        int at = window.locate(position, header + captured);
        ByteBuffer buffer = window.buffer();
        frame.octets = buffer;
        frame.offset = at + header;
        if (type == SIMPLE_PACKET) {
            simplePacket(buffer, at, captured, frame);
        } else {
            int interfaceId = type == PACKET ? int16(buffer, at + BODY) : int32(buffer, at + BODY);
            timedPacket(buffer, at, captured, interfaceId, frame);
        }
        return true;
    }

    /** Has no captured length and no time: the first interface's snap length says how much of the block is frame. */
    private void simplePacket(ByteBuffer buffer, int at, int room, Frame frame) {
        PcapngInterface first = interfaceOf(0);
        int snapLength = first.snapLength() == 0 ? MAX_FRAME_OCTETS : first.snapLength();
        int original = int32(buffer, at + BODY);
        int captured = Math.min(room, unsignedMin(original, snapLength));
        fill(frame, first, captured, original, 0);
    }

    private void timedPacket(ByteBuffer buffer, int at, int room, int interfaceId, Frame frame) {
        PcapngInterface origin = interfaceOf(interfaceId);
        long ticks =
                (long) int32(buffer, at + TICKS_HIGH) << 32 | Integer.toUnsignedLong(int32(buffer, at + TICKS_LOW));
        int captured = unsignedMin(int32(buffer, at + CAPTURED), room);
        fill(frame, origin, captured, int32(buffer, at + ORIGINAL), origin.timeNanos(ticks));
    }

    private static void fill(Frame frame, PcapngInterface origin, int captured, int original, long timeNanos) {
        frame.capturedOctets = captured;
        frame.originalOctets = PcapReader.originalOctets(original, captured);
        frame.linkType = origin.linkType();
        frame.timeNanos = timeNanos;
        frame.interfaceIndex = origin.index();
    }

    private static int unsignedMin(int value, int bound) {
        return Integer.compareUnsigned(value, bound) < 0 ? value : bound;
    }

    /** A packet of an interface nobody described is still a frame: it gets a link type that no decoder knows. */
    private PcapngInterface interfaceOf(int id) {
        if (id >= 0 && id < section.size()) {
            return section.get(id);
        }
        // Not kept in the section: a later description must still get its own number.
        return new PcapngInterface(indexOf("undescribed"), Frame.LINK_TYPE_UNKNOWN, 0, TimeResolution.MICROSECONDS, 0);
    }

    private void describeInterface(long length) throws IOException {
        int octets = (int) Math.min(length, MAX_INTERFACE_OCTETS);
        int at = window.locate(position, octets);
        ByteBuffer buffer = window.buffer();
        String name = Integer.toString(section.size());
        TimeResolution resolution = TimeResolution.MICROSECONDS;
        long offsetSeconds = 0;
        if (octets < MIN_INTERFACE) {
            section.add(new PcapngInterface(indexOf(name), Frame.LINK_TYPE_UNKNOWN, 0, resolution, 0));
            return;
        }
        int end = at + octets - TRAILER;
        int option = at + OPTIONS;
        while (option + 4 <= end) {
            int code = int16(buffer, option);
            int size = int16(buffer, option + 2);
            int value = option + 4;
            if (code == OPTION_END || value + size > end) {
                break;
            }
            if (code == OPTION_NAME && size > 0) {
                name = text(buffer, value, size);
            } else if (code == OPTION_RESOLUTION && size >= 1) {
                resolution = new TimeResolution(buffer.get(value) & 0xff);
            } else if (code == OPTION_OFFSET && size >= 8) {
                offsetSeconds = int64(buffer, value);
            }
            option = value + ((size + 3) & ~3);
        }
        section.add(new PcapngInterface(
                indexOf(name),
                int16(buffer, at + BODY),
                int32(buffer, at + SNAP_LENGTH) & Integer.MAX_VALUE,
                resolution,
                offsetSeconds));
    }

    private static String text(ByteBuffer buffer, int at, int octets) {
        byte[] bytes = new byte[octets];
        buffer.get(at, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int zero = text.indexOf('\0');
        return zero < 0 ? text : text.substring(0, zero);
    }

    private int indexOf(String label) {
        int index = labels.indexOf(label);
        if (index < 0) {
            labels.add(label);
            return labels.size() - 1;
        }
        return index;
    }

    @Override
    public void rewind() {
        position = 0;
        section.clear();
    }

    @Override
    public List<String> labels() {
        return labels.isEmpty() ? List.of("0") : List.copyOf(labels);
    }

    @Override
    public long unreadOctets() {
        return window.size() - position;
    }

    private int int16(ByteBuffer buffer, int at) {
        short value = buffer.getShort(at);
        return (swapped ? Short.reverseBytes(value) : value) & 0xffff;
    }

    private int int32(ByteBuffer buffer, int at) {
        int value = buffer.getInt(at);
        return swapped ? Integer.reverseBytes(value) : value;
    }

    private long int64(ByteBuffer buffer, int at) {
        long value = buffer.getLong(at);
        return swapped ? Long.reverseBytes(value) : value;
    }
}
