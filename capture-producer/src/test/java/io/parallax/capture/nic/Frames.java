package io.parallax.capture.nic;

import io.parallax.capture.source.Octets;
import java.util.ArrayList;
import java.util.List;

/** Ethernet frames to send. */
final class Frames {

    private Frames() {}

    /** UDP over IPv4 to the given port, {@code size} octets in all, the number in its last four. */
    static byte[] udp(int port, int number, int size) {
        return ethernet("0800", port, number, size - 18);
    }

    /** The same with an 802.1Q tag, {@code size} octets in all. */
    static byte[] tagged(int vlan, int port, int number, int size) {
        return ethernet("8100 %04x 0800".formatted(vlan), port, number, size - 22);
    }

    private static byte[] ethernet(String types, int port, int number, int ipOctets) {
        return new Octets()
                .hex("02:00:00:00:00:0b")
                .hex("02:00:00:00:00:0a")
                .hex(types)
                .hex("4500")
                .u16(ipOctets + 4)
                .hex("4242 0000 40 11 0000 0a000001 0a000002")
                .u16(40_000)
                .u16(port)
                .u16(ipOctets - 16)
                .u16(0)
                .zeros(ipOctets - 28)
                .u32(number)
                .toBytes();
    }

    static List<byte[]> numbered(int port, int count, int size) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(udp(port, i, size));
        }
        return frames;
    }
}
