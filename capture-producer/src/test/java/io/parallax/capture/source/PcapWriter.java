package io.parallax.capture.source;

/** Writes classic capture files in any byte order and resolution. */
public final class PcapWriter {

    private final Octets file;
    private final boolean nanos;

    public PcapWriter(boolean littleEndian, boolean nanos, int linkType) {
        this.file = new Octets(littleEndian);
        this.nanos = nanos;
        file.u32(nanos ? PcapReader.MAGIC_NANOS : PcapReader.MAGIC_MICROS)
                .u16(2)
                .u16(4)
                .u32(0)
                .u32(0)
                .u32(262_144)
                .u32(linkType);
    }

    public static PcapWriter ofEthernet() {
        return new PcapWriter(true, true, 1);
    }

    public PcapWriter frame(long timeNanos, byte[] frame) {
        return frame(timeNanos, frame, frame.length);
    }

    public PcapWriter frame(long timeNanos, byte[] frame, int originalOctets) {
        return record(timeNanos, frame.length, originalOctets, frame);
    }

    public PcapWriter record(long timeNanos, long captured, long original, byte[] octets) {
        file.u32(timeNanos / 1_000_000_000L)
                .u32(timeNanos % 1_000_000_000L / (nanos ? 1 : 1_000))
                .u32(captured)
                .u32(original)
                .bytes(octets);
        return this;
    }

    public byte[] toBytes() {
        return file.toBytes();
    }
}
