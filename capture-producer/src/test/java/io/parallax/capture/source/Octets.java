package io.parallax.capture.source;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Writes numbers as octets, for files and frames built by hand. */
public final class Octets {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final boolean littleEndian;

    public Octets() {
        this(false);
    }

    public Octets(boolean littleEndian) {
        this.littleEndian = littleEndian;
    }

    public Octets u8(long value) {
        return number(value, 1);
    }

    public Octets u16(long value) {
        return number(value, 2);
    }

    public Octets u32(long value) {
        return number(value, 4);
    }

    public Octets u64(long value) {
        return number(value, 8);
    }

    public Octets bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public Octets hex(String hex) {
        return bytes(HexFormat.of().parseHex(hex.replaceAll("[ :]", "")));
    }

    public Octets text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public Octets zeros(int count) {
        return bytes(new byte[count]);
    }

    /** Zeros up to a multiple of four octets. */
    public Octets aligned() {
        return zeros((4 - out.size() % 4) % 4);
    }

    public int size() {
        return out.size();
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }

    private Octets number(long value, int octets) {
        for (int i = 0; i < octets; i++) {
            int shift = 8 * (littleEndian ? i : octets - 1 - i);
            out.write((int) (value >>> shift));
        }
        return this;
    }
}
