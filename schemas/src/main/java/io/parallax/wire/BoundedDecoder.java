package io.parallax.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroTypeException;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Reads Avro's binary encoding (Avro 1.12 specification, "Binary encoding") from one record's octets, and refuses every
 * length and count that what is left cannot hold.
 *
 * <p>Avro's own decoder allocates what a length prefix claims before it looks whether the octets are there: 20 octets of
 * garbage can ask for two gigabytes and end the process, which no handler of bad records survives. Its limits are static
 * and fit no record. Bytes are read as views of the record's octets, not copies. Not thread-safe.
 */
final class BoundedDecoder extends Decoder {

    private static final int LONGEST_INTEGER_BITS = 64;

    private byte[] octets = new byte[0];
    private int position;

    /** Begins at {@code start} of a record that ends with {@code octets}. */
    void open(byte[] octets, int start) {
        this.octets = octets;
        position = start;
    }

    /** Octets that are left. */
    int remaining() {
        return octets.length - position;
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() throws IOException {
        int octet = octet();
        if (octet > 1) {
            throw new AvroTypeException("a boolean of value " + octet);
        }
        return octet == 1;
    }

    @Override
    public int readInt() throws IOException {
        long value = readLong();
        if (value != (int) value) {
            throw new AvroTypeException("an int of value " + value);
        }
        return (int) value;
    }

    @Override
    public long readLong() throws IOException {
        long zigzag = 0;
        for (int shift = 0; shift < LONGEST_INTEGER_BITS; shift += 7) {
            int octet = octet();
            zigzag |= (octet & 0x7FL) << shift;
            if (octet < 0x80) {
                return (zigzag >>> 1) ^ -(zigzag & 1);
            }
        }
        throw new AvroTypeException("an integer of more than 64 bits");
    }

    private int octet() throws EOFException {
        if (position >= octets.length) {
            throw new EOFException("record ends inside a number");
        }
        return octets[position++] & 0xFF;
    }

    @Override
    public float readFloat() throws IOException {
        return Float.intBitsToFloat((int) littleEndian(Float.BYTES));
    }

    @Override
    public double readDouble() throws IOException {
        return Double.longBitsToDouble(littleEndian(Double.BYTES));
    }

    private long littleEndian(int count) throws EOFException {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (long) octet() << (i * Byte.SIZE);
        }
        return value;
    }

    @Override
    public String readString() throws IOException {
        int length = length();
        String text = new String(octets, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    @Override
    public Utf8 readString(Utf8 old) throws IOException {
        return new Utf8(readString());
    }

    @Override
    public void skipString() throws IOException {
        skip();
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) throws IOException {
        int length = length();
        ByteBuffer view = ByteBuffer.wrap(octets, position, length);
        position += length;
        return view;
    }

    @Override
    public void skipBytes() throws IOException {
        skip();
    }

    /** In two steps: {@code position += length()} would add to where the position was before the length was read. */
    private void skip() throws IOException {
        int length = length();
        position += length;
    }

    /** A length in octets, all of which are there. */
    private int length() throws IOException {
        return within(readLong(), "a length");
    }

    private int within(long count, String what) throws EOFException {
        if (count < 0 || count > remaining()) {
            throw new EOFException("%s of %d where %d octets are left".formatted(what, count, remaining()));
        }
        return (int) count;
    }

    @Override
    public void readFixed(byte[] bytes, int start, int length) throws IOException {
        System.arraycopy(octets, position, bytes, start, within(length, "a fixed length"));
        position += length;
    }

    @Override
    public void skipFixed(int length) throws IOException {
        position += within(length, "a fixed length");
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    @Override
    public long readArrayStart() throws IOException {
        return block();
    }

    @Override
    public long arrayNext() throws IOException {
        return block();
    }

    @Override
    public long readMapStart() throws IOException {
        return block();
    }

    @Override
    public long mapNext() throws IOException {
        return block();
    }

    /** Items of the next block; a negative count is followed by the block's length. No item of ours takes less than an octet. */
    private int block() throws IOException {
        long count = readLong();
        if (count >= 0) {
            return within(count, "a block");
        }
        length();
        return within(-count, "a block");
    }

    @Override
    public long skipArray() throws IOException {
        return skipBlocks();
    }

    @Override
    public long skipMap() throws IOException {
        return skipBlocks();
    }

    /** Passes over blocks that state their length; returns the items of the first that does not, for the caller to skip. */
    private long skipBlocks() throws IOException {
        long count = readLong();
        while (count < 0) {
            skip();
            count = readLong();
        }
        return within(count, "a block");
    }
}
