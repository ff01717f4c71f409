package io.parallax.capture.source;

/** Writes pcapng files block by block, in the byte order of the section. */
public final class PcapngWriter {

    private final Octets file = new Octets();
    private boolean littleEndian;

    public PcapngWriter section(boolean isLittleEndian) {
        this.littleEndian = isLittleEndian;
        return block(
                0x0a0d0d0a,
                new Octets(littleEndian).u32(0x1a2b3c4d).u16(1).u16(0).u64(-1));
    }

    public PcapngWriter describe(int linkType, String name) {
        return describe(linkType, 0, name, new byte[0], 0);
    }

    public PcapngWriter describe(int linkType, int snapLength, String name, byte[] resolution, long offsetSeconds) {
        Octets body = new Octets(littleEndian).u16(linkType).u16(0).u32(snapLength);
        if (!name.isEmpty()) {
            body.u16(2).u16(name.length()).text(name).aligned();
        }
        if (resolution.length > 0) {
            body.u16(9).u16(1).bytes(resolution).aligned();
        }
        if (offsetSeconds != 0) {
            body.u16(14).u16(8).u64(offsetSeconds);
        }
        return block(1, body.u16(0).u16(0));
    }

    public PcapngWriter enhanced(int interfaceId, long ticks, byte[] frame, int original) {
        return block(
                6,
                new Octets(littleEndian)
                        .u32(interfaceId)
                        .u32(ticks >>> 32)
                        .u32(ticks)
                        .u32(frame.length)
                        .u32(original)
                        .bytes(frame)
                        .aligned());
    }

    public PcapngWriter simple(byte[] frame, int original) {
        return block(3, new Octets(littleEndian).u32(original).bytes(frame).aligned());
    }

    public PcapngWriter obsolete(int interfaceId, long ticks, byte[] frame, int original) {
        return block(
                2,
                new Octets(littleEndian)
                        .u16(interfaceId)
                        .u16(0)
                        .u32(ticks >>> 32)
                        .u32(ticks)
                        .u32(frame.length)
                        .u32(original)
                        .bytes(frame)
                        .aligned());
    }

    public PcapngWriter unknown() {
        return block(0x0bad, new Octets(littleEndian).zeros(12));
    }

    private PcapngWriter block(int type, Octets body) {
        int length = body.size() + 12;
        file.bytes(new Octets(littleEndian)
                .u32(type)
                .u32(length)
                .bytes(body.toBytes())
                .u32(length)
                .toBytes());
        return this;
    }

    public byte[] toBytes() {
        return file.toBytes();
    }
}
