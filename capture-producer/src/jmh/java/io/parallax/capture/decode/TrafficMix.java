package io.parallax.capture.decode;

import io.parallax.capture.source.Octets;
import java.util.Random;

/**
 * Ethernet frames of a data centre's kind: two in three tagged, one in four IPv6; TCP with and without payload, UDP, ICMP,
 * ARP, some fragments; one in twenty within VXLAN or a mirror session. The same seed gives the same frames.
 */
public final class TrafficMix {

    private static final int MIN_FRAME = 60;

    private final Random random;

    public TrafficMix(long seed) {
        this.random = new Random(seed);
    }

    /** The next frame; sound in all its lengths. */
    public byte[] next() {
        byte[] frame = plain();
        return switch (random.nextInt(60)) {
            case 0 -> encapsulated(frame, 47, "2000 6558 02000000");
            case 1 -> encapsulated(frame, 47, "1000 88be 00000007 1007 fc64 00000009");
            case 2 -> encapsulated(frame, 17, "c000 12b5 0000 0000 08000000 00001000");
            default -> frame;
        };
    }

    /** In IPv4, the tunnel's headers given in hexadecimal. */
    private static byte[] encapsulated(byte[] frame, int protocol, String headers) {
        Octets tunnel = new Octets().hex(headers).bytes(frame);
        return new Octets()
                .hex("020000000001 020000000002 0800 4500")
                .u16(20 + tunnel.size())
                .hex("0001 0000 40")
                .u8(protocol)
                .hex("0000 0a006301 0a006302")
                .bytes(tunnel.toBytes())
                .toBytes();
    }

    private byte[] plain() {
        Octets frame =
                new Octets().u16(0x0200).u32(random.nextInt(64)).u16(0x0200).u32(random.nextInt(64));
        for (int tags = tags(); tags > 0; tags--) {
            frame.u16(0x8100).u16(random.nextInt(4_096));
        }
        if (random.nextInt(100) == 0) {
            frame.u16(0x0806).hex("0001 0800 0604 0001 02000000000a").u32(random.nextInt(256));
            frame.hex("000000000000").u32(random.nextInt(256));
        } else if (random.nextInt(4) == 0) {
            ipv6(frame.u16(0x86dd));
        } else {
            ipv4(frame.u16(0x0800));
        }
        return frame.zeros(Math.max(0, MIN_FRAME - frame.size())).toBytes();
    }

    private int tags() {
        int of = random.nextInt(12);
        return of < 4 ? 0 : of < 11 ? 1 : 2;
    }

    private void ipv4(Octets frame) {
        int protocol = protocol(1);
        byte[] payload = transport(protocol);
        // One in a hundred is the first or a later fragment of one of few datagrams.
        int fragment = random.nextInt(100) == 0 ? (random.nextBoolean() ? 0x2000 : 0x0010) : 0x4000;
        frame.u16(0x4500)
                .u16(20 + payload.length)
                .u16(random.nextInt(16))
                .u16(fragment)
                .u8(64)
                .u8(protocol);
        frame.u16(0)
                .u32(0x0a000000 + random.nextInt(64))
                .u32(0x0a000000 + random.nextInt(64))
                .bytes(payload);
    }

    private void ipv6(Octets frame) {
        int protocol = protocol(58);
        byte[] payload = transport(protocol);
        boolean hasOptions = random.nextInt(20) == 0;
        frame.u32(0x60000000)
                .u16(payload.length + (hasOptions ? 8 : 0))
                .u8(hasOptions ? 60 : protocol)
                .u8(64);
        address(frame);
        address(frame);
        if (hasOptions) {
            frame.u8(protocol).hex("00 010400000000");
        }
        frame.bytes(payload);
    }

    private void address(Octets frame) {
        frame.u64(0x20010db8_00000000L).u64(random.nextInt(64));
    }

    private int protocol(int icmp) {
        int of = random.nextInt(20);
        return of < 14 ? 6 : of < 19 ? 17 : icmp;
    }

    private byte[] transport(int protocol) {
        Octets transport = new Octets();
        int payload = random.nextInt(3) == 0 ? 0 : random.nextInt(1_400);
        switch (protocol) {
            case 6 -> {
                transport
                        .u16(32_768 + random.nextInt(1_000))
                        .u16(443)
                        .u32(random.nextInt())
                        .u32(random.nextInt());
                transport
                        .u16(0x8010)
                        .u16(random.nextInt(65_536))
                        .u32(0)
                        .hex("0101080a")
                        .u64(random.nextLong());
            }
            case 17 ->
                transport
                        .u16(32_768 + random.nextInt(1_000))
                        .u16(53)
                        .u16(8 + payload)
                        .u16(0);
            case 1 -> transport.u8(8).u8(0).u16(0).u32(1);
            default -> transport.u8(128).u8(0).u16(0).u32(1);
        }
        return transport.zeros(payload).toBytes();
    }
}
