package io.parallax.capture.decode;

import io.parallax.capture.source.Frame;
import io.parallax.capture.source.Octets;
import java.nio.ByteBuffer;

/** Frames built by hand, layer by layer from the inside out. */
final class Wire {

    static final int ETHERNET = 1;
    static final int RAW = 101;

    private Wire() {}

    static Frame frame(int linkType, byte[] octets) {
        return frame(linkType, octets, octets.length, octets.length);
    }

    /** The first {@code captured} octets of a frame that was as long as {@code original}. */
    static Frame frame(int linkType, byte[] octets, int captured, int original) {
        // Behind and before the frame lie octets that must never be read as part of it.
        byte[] surrounded = new Octets()
                .hex("ffffffff")
                .bytes(octets)
                .hex("ffffffffffffffff")
                .toBytes();
        Frame frame = new Frame();
        frame.octets = ByteBuffer.wrap(surrounded);
        frame.offset = 4;
        frame.capturedOctets = captured;
        frame.originalOctets = original;
        frame.linkType = linkType;
        frame.timeNanos = 1_700_000_000_000_000_000L;
        return frame;
    }

    static byte[] ethernet(int typeOrLength, byte[] payload) {
        return new Octets()
                .hex("02:00:00:00:00:0b")
                .hex("02:00:00:00:00:0a")
                .u16(typeOrLength)
                .bytes(payload)
                .toBytes();
    }

    static byte[] vlan(int tagControl, int typeOrLength, byte[] payload) {
        return new Octets().u16(tagControl).u16(typeOrLength).bytes(payload).toBytes();
    }

    static byte[] ipv4(int protocol, byte[] payload) {
        return ipv4(protocol, 20 + payload.length, 0, 0x4242, payload);
    }

    static byte[] ipv4(int protocol, int totalLength, int fragment, int identification, byte[] payload) {
        return new Octets()
                .u8(0x45)
                .u8(0)
                .u16(totalLength)
                .u16(identification)
                .u16(fragment)
                .u8(63)
                .u8(protocol)
                .u16(0)
                .hex("0a000001")
                .hex("0a000002")
                .bytes(payload)
                .toBytes();
    }

    static byte[] ipv6(int nextHeader, byte[] payload) {
        return ipv6(nextHeader, payload.length, payload);
    }

    static byte[] ipv6(int nextHeader, int payloadLength, byte[] payload) {
        return new Octets()
                .u32(0x60000000)
                .u16(payloadLength)
                .u8(nextHeader)
                .u8(64)
                .hex("20010db8000000000000000000000001")
                .hex("20010db8000000000000000000000002")
                .bytes(payload)
                .toBytes();
    }

    static byte[] tcp(int payload) {
        return new Octets()
                .u16(40_000)
                .u16(443)
                .u32(0xdeadbeefL)
                .u32(0x01020304)
                .u16(0x6000 | 0x118)
                .u16(8_192)
                .u32(0)
                .hex("020405b4")
                .zeros(payload)
                .toBytes();
    }

    static byte[] udp(int payload) {
        return new Octets()
                .u16(53_000)
                .u16(53)
                .u16(8 + payload)
                .u16(0)
                .zeros(payload)
                .toBytes();
    }

    static byte[] icmp(int type, int code) {
        return new Octets().u8(type).u8(code).u16(0).u32(7).toBytes();
    }

    /** An error with what it quotes. */
    static byte[] icmp(int type, int code, byte[] quoted) {
        return new Octets().bytes(icmp(type, code)).bytes(quoted).toBytes();
    }

    static byte[] arp(int operation) {
        return new Octets()
                .u16(1)
                .u16(0x0800)
                .u8(6)
                .u8(4)
                .u16(operation)
                .hex("02000000000a 0a000001")
                .hex("000000000000 0a000002")
                .toBytes();
    }

    /** GRE with the flags' fields: checksum, key, sequence number. */
    static byte[] gre(int flags, int type, long key, long sequence, byte[] payload) {
        Octets gre = new Octets().u16(flags).u16(type);
        if ((flags & 0x8000) != 0) {
            gre.u32(0xabcd0000L);
        }
        if ((flags & 0x2000) != 0) {
            gre.u32(key);
        }
        if ((flags & 0x1000) != 0) {
            gre.u32(sequence);
        }
        return gre.bytes(payload).toBytes();
    }

    static byte[] erspan2(int session, byte[] frame) {
        return new Octets()
                .u16(0x1000 | 7)
                .u16(0xfc00 | session)
                .u32(9)
                .bytes(frame)
                .toBytes();
    }

    /** {@code fields} are frame type, hardware, direction, granularity and whether a sub-header follows. */
    static byte[] erspan3(int session, int fields, byte[] frame) {
        return new Octets()
                .u16(0x2000 | 7)
                .u16(0xfc00 | session)
                .u32(9)
                .u16(5)
                .u16(fields)
                .zeros((fields & 1) * 8)
                .bytes(frame)
                .toBytes();
    }

    static byte[] udp(int destinationPort, byte[] payload) {
        return new Octets()
                .u16(53_000)
                .u16(destinationPort)
                .u16(8 + payload.length)
                .u16(0)
                .bytes(payload)
                .toBytes();
    }

    static byte[] vxlan(int flags, int nextProtocol, int identifier, byte[] payload) {
        return new Octets()
                .u8(flags)
                .u16(0)
                .u8(nextProtocol)
                .u32((long) identifier << 8)
                .bytes(payload)
                .toBytes();
    }

    static byte[] geneve(int version, int optionWords, int type, int identifier, byte[] payload) {
        return new Octets()
                .u8(version << 6 | optionWords)
                .u8(0)
                .u16(type)
                .u32((long) identifier << 8)
                .zeros(4 * optionWords)
                .bytes(payload)
                .toBytes();
    }

    /** A stack of as many labels. */
    static byte[] mpls(int labels, byte[] payload) {
        Octets stack = new Octets();
        for (int i = 1; i <= labels; i++) {
            stack.u32(0x0001_2040L | (i == labels ? 0x100 : 0));
        }
        return stack.bytes(payload).toBytes();
    }
}
