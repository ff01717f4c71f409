package io.parallax.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A capture as a SPAN session would have made it that leaves one VLAN out. */
final class CaptureWithoutVlan {

    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int CAPTURED_LENGTH = 8;

    /** Of an Ethernet frame with an IEEE 802.1Q tag; shorter than any frame. */
    private static final int ETHERTYPE = 12;

    private static final int TAG = 14;
    private static final short DOT1Q = (short) 0x8100;
    private static final int VLAN_ID = 0x0FFF;

    private CaptureWithoutVlan() {}

    /** Writes the frames of a little-endian pcap file whose outermost tag is not {@code vlanId}. */
    static void write(Path from, Path to, int vlanId) throws IOException {
        byte[] octets = Files.readAllBytes(from);
        ByteBuffer capture = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer onTheWire = ByteBuffer.wrap(octets);
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        kept.write(octets, 0, FILE_HEADER);
        for (int at = FILE_HEADER; at < octets.length; ) {
            int length = RECORD_HEADER + capture.getInt(at + CAPTURED_LENGTH);
            int frame = at + RECORD_HEADER;
            boolean isLeftOut = onTheWire.getShort(frame + ETHERTYPE) == DOT1Q
                    && (onTheWire.getShort(frame + TAG) & VLAN_ID) == vlanId;
            if (!isLeftOut) {
                kept.write(octets, at, length);
            }
            at += length;
        }
        Files.write(to, kept.toByteArray());
    }
}
