package io.parallax.capture.spool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * How a record lies in the journal; big-endian, entries back to back, nothing before the first one.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                CRC-32C of all that follows                    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                length of the entry, these 32 octets included  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                                                               |
 * +                position of the entry's first octet            +
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                                                               |
 * +                time of journaling, ms since 1970              +
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | version = 1   | topic length  | stream length                 |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                key length                                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | topic, stream id, key (UTF-8), value (the rest) ...
 * </pre>
 *
 * <p>The position makes an entry recognizable wherever reading starts, and tells it apart from an older one that lay in the
 * same place.
 */
final class EntryFormat {

    private static final int CRC = 0;
    private static final int LENGTH = CRC + Integer.BYTES;
    private static final int POSITION = LENGTH + Integer.BYTES;
    private static final int TIME = POSITION + Long.BYTES;
    private static final int VERSION = TIME + Long.BYTES;
    private static final int TOPIC_LENGTH = VERSION + Byte.BYTES;
    private static final int STREAM_LENGTH = TOPIC_LENGTH + Byte.BYTES;
    private static final int KEY_LENGTH = STREAM_LENGTH + Short.BYTES;
    static final int HEADER_OCTETS = KEY_LENGTH + Integer.BYTES;

    /** Four times the largest request that the producer sends: larger lengths are not ours. */
    static final int MAX_OCTETS = 16 << 20;

    private static final byte VERSION_1 = 1;
    private static final int MAX_TOPIC_OCTETS = 0xff;
    private static final int MAX_STREAM_OCTETS = 0xffff;

    private EntryFormat() {}

    /** Whether an entry can hold the record at all. */
    static boolean fits(SpoolRecord record) {
        return record.maxOctets() <= MAX_OCTETS
                && record.topic().length() * 3 <= MAX_TOPIC_OCTETS
                && record.streamId().length() * 3 <= MAX_STREAM_OCTETS;
    }

    /** Writes an entry from index 0 on and flips; {@code out} has room for {@link SpoolRecord#maxOctets}. */
    static void encode(SpoolRecord record, long position, long nowMillis, ByteBuffer out) {
        byte[] topic = record.topic().getBytes(StandardCharsets.UTF_8);
        byte[] stream = record.streamId().getBytes(StandardCharsets.UTF_8);
        byte[] key = record.key().getBytes(StandardCharsets.UTF_8);
        out.clear();
        out.position(HEADER_OCTETS);
        out.put(topic).put(stream).put(key).put(record.value());
        out.flip();
        out.putInt(LENGTH, out.limit());
        out.putLong(POSITION, position);
        out.putLong(TIME, nowMillis);
        out.put(VERSION, VERSION_1);
        out.put(TOPIC_LENGTH, (byte) topic.length);
        out.putShort(STREAM_LENGTH, (short) stream.length);
        out.putInt(KEY_LENGTH, key.length);
        out.putInt(CRC, checksum(out, 0, out.limit()));
    }

    /** Whether the {@link #HEADER_OCTETS} at {@code index} can begin the entry of this position. */
    static boolean beginsEntry(ByteBuffer in, int index, long position) {
        int length = length(in, index);
        return in.getLong(index + POSITION) == position
                && length >= HEADER_OCTETS
                && length <= MAX_OCTETS
                && in.get(index + VERSION) == VERSION_1;
    }

    static int length(ByteBuffer in, int index) {
        return in.getInt(index + LENGTH);
    }

    /** Whether a whole entry lies at {@code index}, as it was written. */
    static boolean isIntact(ByteBuffer in, int index) {
        int length = length(in, index);
        long names = names(in, index);
        return names <= length - HEADER_OCTETS && in.getInt(index + CRC) == checksum(in, index, length);
    }

    private static long names(ByteBuffer in, int index) {
        long key = Integer.toUnsignedLong(in.getInt(index + KEY_LENGTH));
        return topicLength(in, index) + streamLength(in, index) + key;
    }

    private static int topicLength(ByteBuffer in, int index) {
        return Byte.toUnsignedInt(in.get(index + TOPIC_LENGTH));
    }

    private static int streamLength(ByteBuffer in, int index) {
        return Short.toUnsignedInt(in.getShort(index + STREAM_LENGTH));
    }

    /** An entry that {@link #isIntact}. */
    static SpoolEntry decode(ByteBuffer in, int index) {
        ByteBuffer names = in.duplicate();
        names.position(index + HEADER_OCTETS);
        String topic = text(names, topicLength(in, index));
        String stream = text(names, streamLength(in, index));
        String key = text(names, in.getInt(index + KEY_LENGTH));
        byte[] value = new byte[index + length(in, index) - names.position()];
        names.get(value);
        long position = in.getLong(index + POSITION);
        return new SpoolEntry(
                position,
                position + length(in, index),
                in.getLong(index + TIME),
                new SpoolRecord(topic, stream, key, value));
    }

    private static String text(ByteBuffer in, int length) {
        byte[] octets = new byte[length];
        in.get(octets);
        return new String(octets, StandardCharsets.UTF_8);
    }

    private static int checksum(ByteBuffer octets, int index, int length) {
        ByteBuffer covered = octets.duplicate();
        covered.limit(index + length).position(index + LENGTH);
        CRC32C checksum = new CRC32C();
        checksum.update(covered);
        return (int) checksum.getValue();
    }
}
