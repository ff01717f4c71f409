package io.parallax.local.live;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Frames as VMs send them: Ethernet, 802.1Q, IPv4, UDP, and the same in a mirror session. */
public final class Frames {

    private static final int VLAN = 110;
    private static final int PAYLOAD = 64;
    private static final int GRE_KEY_AND_SEQUENCE = 0x3000;
    private static final int TRANSPARENT_ETHERNET = 0x6558;
    private static final int IP = 20;
    private static final int UDP = 8;
    private static final int TCP = 20;
    private static final int ETHERNET = 14;

    private Frames() {}

    /** One frame each of {@code flows} flows. */
    public static List<byte[]> tagged(int flows, byte[] payload) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < flows; i++) {
            frames.add(udp(i, payload, true));
        }
        return frames;
    }

    static List<byte[]> tagged(int flows) {
        return tagged(flows, new byte[PAYLOAD]);
    }

    private static byte[] udp(int flow, byte[] payload, boolean isTagged) {
        ByteBuffer out = ByteBuffer.allocate(ETHERNET + (isTagged ? 4 : 0) + IP + UDP + payload.length);
        ethernet(out, isTagged);
        ipv4(out, 0x0a0a_0100 + flow % 250, 0x0a0a_0200 + flow % 240, 17, UDP + payload.length, flow);
        out.putShort((short) (10_000 + flow)).putShort((short) 53);
        out.putShort((short) (UDP + payload.length)).putShort((short) 0);
        return out.put(payload).array();
    }

    private static void ethernet(ByteBuffer out, boolean isTagged) {
        out.put(new byte[] {2, 0, 0, 0, 0, 1}).put(new byte[] {2, 0, 0, 0, 0, 2});
        if (isTagged) {
            out.putShort((short) 0x8100).putShort((short) VLAN);
        }
        out.putShort((short) 0x0800);
    }

    private static void ipv4(
            ByteBuffer out, int source, int destination, int protocol, int payload, int identification) {
        out.put((byte) 0x45).put((byte) 0).putShort((short) (IP + payload)).putShort((short) identification);
        out.putShort((short) 0).put((byte) 64).put((byte) protocol).putShort((short) 0);
        out.putInt(source).putInt(destination);
    }

    /** Copies of a VM's frames in a GRE mirror session, numbered from {@code first}, without those {@code lost}. */
    static List<byte[]> mirrored(int first, int count, List<Integer> lost) {
        List<byte[]> frames = new ArrayList<>();
        for (int sequence = first; sequence < first + count; sequence++) {
            if (!lost.contains(sequence)) {
                frames.add(mirrored(sequence));
            }
        }
        return frames;
    }

    /** A mirror session that mirrors another one: what a loop of mirrors makes. */
    static List<byte[]> mirroredTwice(int count) {
        List<byte[]> frames = new ArrayList<>();
        for (int sequence = 0; sequence < count; sequence++) {
            frames.add(mirror(mirrored(sequence), sequence));
        }
        return frames;
    }

    /** A mirror session that brings what a capture VM sends to its broker: the kernel's filter does not see inside. */
    static List<byte[]> mirroredUplink(String vm, String broker, int port) throws UnknownHostException {
        int source = ByteBuffer.wrap(InetAddress.getByName(vm).getAddress()).getInt();
        int destination =
                ByteBuffer.wrap(InetAddress.getByName(broker).getAddress()).getInt();
        ByteBuffer out = ByteBuffer.allocate(ETHERNET + IP + TCP + PAYLOAD);
        ethernet(out, false);
        ipv4(out, source, destination, 6, TCP + PAYLOAD, 0);
        out.putShort((short) 40_000).putShort((short) port).putLong(0).putShort((short) 0x5010);
        List<byte[]> frames = new ArrayList<>();
        for (int sequence = 0; sequence < 100; sequence++) {
            frames.add(mirror(out.array(), sequence));
        }
        return frames;
    }

    private static byte[] mirrored(int sequence) {
        return mirror(udp(sequence % 100, new byte[PAYLOAD], false), sequence);
    }

    private static byte[] mirror(byte[] inner, int sequence) {
        int gre = 12;
        ByteBuffer out = ByteBuffer.allocate(ETHERNET + IP + gre + inner.length);
        ethernet(out, false);
        ipv4(out, 0xc0a8_0001, 0xc0a8_0002, 47, gre + inner.length, sequence);
        out.putShort((short) GRE_KEY_AND_SEQUENCE).putShort((short) TRANSPARENT_ETHERNET);
        out.putInt(0x0200_0000).putInt(sequence);
        return out.put(inner).array();
    }
}
