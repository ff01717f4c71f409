package io.parallax.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Grows a column octet by octet. Integers are LEB128: seven bits an octet, low ones first, high bit = more follow. */
final class ColumnWriter {

    /** Longest LEB128 of 64 bits. */
    private static final int VARINT_OCTETS = 10;

    private byte[] octets;
    private int length;

    ColumnWriter(int capacity) {
        octets = new byte[Math.max(capacity, VARINT_OCTETS)];
    }

    int length() {
        return length;
    }

    void reset() {
        length = 0;
    }

    /** A view of what was written; valid until the next write or reset. */
    ByteBuffer view() {
        return ByteBuffer.wrap(octets, 0, length);
    }

    void octet(int value) {
        room(1);
        octets[length++] = (byte) value;
    }

    void unsigned(long value) {
        room(VARINT_OCTETS);
        byte[] to = octets;
        int at = length;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            to[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[at++] = (byte) rest;
        length = at;
    }

    /** Zigzag: small magnitudes of either sign become small numbers. */
    void signed(long value) {
        unsigned(value << 1 ^ value >> 63);
    }

    /** The low {@code count} octets of {@code value}, high ones first. */
    void bigEndian(long value, int count) {
        room(count);
        for (int shift = (count - 1) * 8; shift >= 0; shift -= 8) {
            octets[length++] = (byte) (value >>> shift);
        }
    }

    private void room(int count) {
        if (length + count > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + count));
        }
    }
}
