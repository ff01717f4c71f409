package io.parallax.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A capture as a sensor would have made it that misses a share of the frames, from some time on, and tells nobody. */
final class ThinnedCapture {

    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int CAPTURED_LENGTH = 8;

    private ThinnedCapture() {}

    /**
     * Writes a little-endian pcap file without these frames.
     *
     * @param afterSeconds after the first frame
     * @param share of the frames that are missed from then on
     * @param seed of who is missed
     */
    static void write(Path from, Path to, long afterSeconds, double share, long seed) throws IOException {
        byte[] octets = Files.readAllBytes(from);
        ByteBuffer capture = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(octets.length);
        kept.write(octets, 0, FILE_HEADER);
        Random random = new Random(seed);
        long first = capture.getInt(FILE_HEADER);
        for (int at = FILE_HEADER; at < octets.length; ) {
            int length = RECORD_HEADER + capture.getInt(at + CAPTURED_LENGTH);
            if (capture.getInt(at) - first < afterSeconds || random.nextDouble() >= share) {
                kept.write(octets, at, length);
            }
            at += length;
        }
        Files.write(to, kept.toByteArray());
    }
}
