package io.parallax.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A capture as a promiscuous port with two uplinks would have made it: some frames come in twice. */
final class FloodedCapture {

    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int CAPTURED_LENGTH = 8;
    private static final int COPY_AFTER_MICROS = 20;

    private static final int ETHERTYPE = 12;
    private static final int VLAN_TAG = 4;
    private static final int TCP = 6;
    private static final int GRE = 47;
    private static final int FIN_OR_SYN = 0x03;
    private static final int RST = 0x04;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Timed(long micros, byte[] octets) {}

    private FloodedCapture() {}

    /**
     * Writes a little-endian pcap file in microseconds with a copy of every {@code period}th frame, where that can be told from
     * a packet that was sent twice.
     *
     * @return number of copies
     */
    static long write(Path from, Path to, int period) throws IOException {
        ByteBuffer capture = ByteBuffer.wrap(Files.readAllBytes(from)).order(ByteOrder.LITTLE_ENDIAN);
        List<Timed> records = new ArrayList<>();
        long copies = 0;
        int frames = 0;
        for (int at = FILE_HEADER; at < capture.limit(); frames++) {
            int length = RECORD_HEADER + capture.getInt(at + CAPTURED_LENGTH);
            byte[] octets = new byte[length];
            capture.get(at, octets);
            long micros = TimeUnit.SECONDS.toMicros(capture.getInt(at)) + capture.getInt(at + Integer.BYTES);
            records.add(new Timed(micros, octets));
            ByteBuffer frame = ByteBuffer.wrap(octets, RECORD_HEADER, length - RECORD_HEADER)
                    .slice();
            if (frames % period == 0 && isRecognisable(frame)) {
                records.add(new Timed(micros + COPY_AFTER_MICROS, octets));
                copies++;
            }
            at += length;
        }
        records.sort(Comparator.comparingLong(Timed::micros));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(capture.array(), 0, FILE_HEADER);
        for (Timed each : records) {
            out.write(stamped(each));
        }
        Files.write(to, out.toByteArray());
        return copies;
    }

    private static byte[] stamped(Timed record) {
        long second = TimeUnit.SECONDS.toMicros(1);
        byte[] octets = record.octets().clone();
        ByteBuffer.wrap(octets)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) (record.micros() / second))
                .putInt((int) (record.micros() % second));
        return octets;
    }

    /** By an identification, or as TCP that takes sequence space; the frame in a mirror packet is never taken for a copy. */
    private static boolean isRecognisable(ByteBuffer frame) {
        int type = ETHERTYPE;
        while (frame.getShort(type) == (short) 0x8100 || frame.getShort(type) == (short) 0x88A8) {
            type += VLAN_TAG;
        }
        int ip = type + Short.BYTES;
        return switch (frame.getShort(type)) {
            case 0x0800 -> {
                int tcp = ip + (frame.get(ip) & 0x0F) * Integer.BYTES;
                int payload = (frame.getShort(ip + 2) & 0xFFFF) - (tcp - ip);
                boolean isIdentified = frame.getShort(ip + 4) != 0;
                int protocol = frame.get(ip + 9);
                yield protocol != GRE && (isIdentified || (protocol == TCP && isSequenced(frame, tcp, payload)));
            }
            case (short) 0x86DD ->
                frame.get(ip + 6) == TCP && isSequenced(frame, ip + 40, frame.getShort(ip + 4) & 0xFFFF);
            default -> false;
        };
    }

    private static boolean isSequenced(ByteBuffer frame, int tcp, int octets) {
        int bits = frame.get(tcp + 13);
        int header = ((frame.get(tcp + 12) >> 4) & 0x0F) * Integer.BYTES;
        return (bits & RST) == 0 && ((bits & FIN_OR_SYN) != 0 || octets > header);
    }
}
