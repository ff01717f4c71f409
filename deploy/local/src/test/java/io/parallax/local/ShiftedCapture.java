package io.parallax.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A capture as a sensor would have made it whose clock is ahead. */
final class ShiftedCapture {

    /** Of classic pcap with microseconds, read in the order of the machine that wrote it. */
    private static final int MAGIC_MICROS = 0xA1B2_C3D4;

    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int CAPTURED_LENGTH = 8;

    private ShiftedCapture() {}

    static void write(Path from, Path to, long micros) throws IOException {
        ByteBuffer capture = ByteBuffer.wrap(Files.readAllBytes(from)).order(ByteOrder.LITTLE_ENDIAN);
        if (capture.getInt(0) != MAGIC_MICROS) {
            capture.order(ByteOrder.BIG_ENDIAN);
        }
        if (capture.getInt(0) != MAGIC_MICROS) {
            throw new IOException(from + " is no pcap file with microseconds");
        }
        long second = TimeUnit.SECONDS.toMicros(1);
        for (int at = FILE_HEADER; at < capture.limit(); ) {
            long time = capture.getInt(at) * second + capture.getInt(at + Integer.BYTES) + micros;
            capture.putInt(at, (int) (time / second));
            capture.putInt(at + Integer.BYTES, (int) (time % second));
            at += RECORD_HEADER + capture.getInt(at + CAPTURED_LENGTH);
        }
        Files.write(to, capture.array());
    }
}
