package io.parallax.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * The alternative to batches, at its best: one Kafka record per packet, whose value is one Avro record, written by hand
 * instead of through a datum writer, without the ten octets of the single-object header, without key, sensor or interface
 * (as if a partition had one), and all packets of the run compressed together in one record batch.
 *
 * <p>Framing of a record: the fields of Kafka's message format version 2 that do not compress to nothing by themselves.
 */
final class PacketRecords {

    /** Attributes, timestamp delta, offset delta, key length and header count, as the broker stores them. */
    private static final int FRAME_FIELDS = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
    private final ByteArrayOutputStream value = new ByteArrayOutputStream(128);
    private final byte[] address = new byte[16];
    private @Nullable BinaryEncoder valueEncoder;
    private @Nullable BinaryEncoder frameEncoder;
    private @Nullable BinaryDecoder decoder;

    byte[] encode(List<PacketHeader> headers) {
        try {
            out.reset();
            BinaryEncoder frame = EncoderFactory.get().directBinaryEncoder(out, frameEncoder);
            frameEncoder = frame;
            for (int i = 0; i < headers.size(); i++) {
                value.reset();
                BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(value, valueEncoder);
                valueEncoder = encoder;
                write(headers.get(i), encoder);
                frame.writeInt(0);
                frame.writeLong(0);
                frame.writeInt(i);
                frame.writeInt(-1);
                frame.writeInt(value.size());
                value.writeTo(out);
                frame.writeInt(0);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(PacketHeader header, BinaryEncoder encoder) throws IOException {
        encoder.writeLong(header.timeNanos);
        writeMac(header.sourceMac, encoder);
        writeMac(header.destinationMac, encoder);
        encoder.writeInt(header.vlanCount);
        encoder.writeLong(header.vlanStack);
        encoder.writeInt(header.overlayId);
        encoder.writeInt(header.family);
        encoder.writeInt(header.protocol);
        encoder.writeInt(header.ttl);
        encoder.writeInt(header.status);
        writeAddress(header.family, header.sourceHigh, header.sourceLow, encoder);
        writeAddress(header.family, header.destinationHigh, header.destinationLow, encoder);
        encoder.writeInt(header.sourcePort);
        encoder.writeInt(header.destinationPort);
        encoder.writeInt(header.octetsIp);
        encoder.writeInt(header.octetsHeader);
        if (header.protocol == HeaderBatchWriter.PROTOCOL_TCP) {
            encoder.writeInt(header.tcpControlBits);
            encoder.writeInt(header.tcpSequence);
            encoder.writeInt(header.tcpAcknowledgment);
            encoder.writeInt(header.tcpWindow);
        }
    }

    private void writeMac(long mac, BinaryEncoder encoder) throws IOException {
        bigEndian(mac, 6);
        encoder.writeFixed(address, 0, 6);
    }

    private void writeAddress(int family, long high, long low, BinaryEncoder encoder) throws IOException {
        if (family == PacketHeader.FAMILY_IPV6) {
            bigEndian(high, 8);
            encoder.writeFixed(address, 0, 8);
            bigEndian(low, 8);
            encoder.writeFixed(address, 0, 8);
        } else {
            bigEndian(low, 4);
            encoder.writeFixed(address, 0, 4);
        }
    }

    private void bigEndian(long number, int count) {
        for (int i = 0; i < count; i++) {
            address[i] = (byte) (number >>> ((count - 1 - i) * 8));
        }
    }

    /** Reads every field of every record; the sum of the IP octets. */
    long sumOctets(byte[] records, PacketHeader header) throws IOException {
        BinaryDecoder in = DecoderFactory.get().binaryDecoder(records, decoder);
        decoder = in;
        long sum = 0;
        while (!in.isEnd()) {
            for (int i = 0; i < FRAME_FIELDS; i++) {
                in.readLong();
            }
            read(header, in);
            in.readInt();
            sum += header.octetsIp;
        }
        return sum;
    }

    private void read(PacketHeader header, BinaryDecoder in) throws IOException {
        header.timeNanos = in.readLong();
        header.sourceMac = number(6, in);
        header.destinationMac = number(6, in);
        header.vlanCount = in.readInt();
        header.vlanStack = in.readLong();
        header.overlayId = in.readInt();
        header.family = in.readInt();
        header.protocol = in.readInt();
        header.ttl = in.readInt();
        header.status = in.readInt();
        boolean isWide = header.family == PacketHeader.FAMILY_IPV6;
        header.sourceHigh = isWide ? number(8, in) : 0;
        header.sourceLow = number(isWide ? 8 : 4, in);
        header.destinationHigh = isWide ? number(8, in) : 0;
        header.destinationLow = number(isWide ? 8 : 4, in);
        header.sourcePort = in.readInt();
        header.destinationPort = in.readInt();
        header.octetsIp = in.readInt();
        header.octetsHeader = in.readInt();
        if (header.protocol == HeaderBatchWriter.PROTOCOL_TCP) {
            header.tcpControlBits = in.readInt();
            header.tcpSequence = in.readInt();
            header.tcpAcknowledgment = in.readInt();
            header.tcpWindow = in.readInt();
        }
    }

    private long number(int count, BinaryDecoder in) throws IOException {
        in.readFixed(address, 0, count);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = (value << 8) | (address[i] & 0xFF);
        }
        return value;
    }
}
