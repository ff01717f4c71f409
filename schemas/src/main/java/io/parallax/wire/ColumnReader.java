package io.parallax.wire;

import io.parallax.wire.WireFormatException.Reason;
import java.nio.ByteBuffer;

/** Reads what {@link ColumnWriter} wrote. Running past the end of the column is a {@link WireFormatException}. */
final class ColumnReader {

    private final String name;
    private byte[] octets = new byte[0];
    private int position;
    private int end;

    ColumnReader(String name) {
        this.name = name;
    }

    /** Begins at the first octet of {@code column}, which has to be backed by an array, as Avro's are. */
    void open(ByteBuffer column) {
        octets = column.array();
        position = column.arrayOffset() + column.position();
        end = column.arrayOffset() + column.limit();
    }

    boolean isAtEnd() {
        return position == end;
    }

    int octet() throws WireFormatException {
        if (position >= end) {
            throw endsEarly();
        }
        return octets[position++] & 0xFF;
    }

    long unsigned() throws WireFormatException {
        if (position < end && octets[position] >= 0) {
            return octets[position++];
        }
        return unsignedOfSeveral();
    }

    private long unsignedOfSeveral() throws WireFormatException {
        byte[] from = octets;
        int at = position;
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at >= end) {
                throw endsEarly();
            }
            byte octet = from[at++];
            value |= (octet & 0x7FL) << shift;
            if (octet >= 0) {
                position = at;
                return value;
            }
        }
        throw new WireFormatException(Reason.INCONSISTENT_COLUMNS, "column " + name + " holds an integer over 64 bits");
    }

    long signed() throws WireFormatException {
        long value = unsigned();
        return value >>> 1 ^ -(value & 1);
    }

    long bigEndian(int count) throws WireFormatException {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | octet();
        }
        return value;
    }

    private WireFormatException endsEarly() {
        return new WireFormatException(Reason.INCONSISTENT_COLUMNS, "column " + name + " ends early");
    }
}
