package io.parallax.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A capture played several times in a row: the same frames, later by a period each time. */
final class RepeatedCapture {

    private static final int FILE_HEADER_OCTETS = 24;
    private static final int RECORD_HEADER_OCTETS = 16;
    private static final int CAPTURED_OCTETS_AT = 8;

    private RepeatedCapture() {}

    /**
     * Writes {@code times} copies of a little-endian pcap file into one.
     *
     * @param laterBySeconds by which the first copy is later than the original
     * @param periodSeconds from one copy to the next
     * @param pauseSeconds by which the last copy is later than that
     */
    static void write(Path pcap, Path repeated, int laterBySeconds, int times, int periodSeconds, int pauseSeconds)
            throws IOException {
        byte[] octets = Files.readAllBytes(pcap);
        ByteBuffer records = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = Files.newOutputStream(repeated)) {
            out.write(octets, 0, FILE_HEADER_OCTETS);
            for (int copy = 1; copy <= times; copy++) {
                int pause = copy == times ? pauseSeconds : 0;
                int shift = copy == 1 ? laterBySeconds : periodSeconds;
                shiftAll(records, shift + pause);
                out.write(octets, FILE_HEADER_OCTETS, octets.length - FILE_HEADER_OCTETS);
            }
        }
    }

    private static void shiftAll(ByteBuffer records, int seconds) {
        for (int at = FILE_HEADER_OCTETS; at < records.capacity(); ) {
            records.putInt(at, records.getInt(at) + seconds);
            at += RECORD_HEADER_OCTETS + records.getInt(at + CAPTURED_OCTETS_AT);
        }
    }
}
