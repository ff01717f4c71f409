package io.parallax.signal;

import io.parallax.model.SegmentFact;
import io.parallax.model.SegmentFact.Way;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Facts about segments; they are few.
 *
 * <pre>
 *  version (octet): 1
 *  facts: count (int), each
 *    start of the window (long) | its seconds (int) | sensor, interface, other sensor, other interface (UTF) | samples (long)
 *    | offset (long) | deviation (long) | round trip (long) | there, back, unordered: packets, then octets (4 longs each)
 * </pre>
 */
public final class SegmentFactCodec implements FactCodec<SegmentFact> {

    public static final SegmentFactCodec INSTANCE = new SegmentFactCodec();

    private static final int VERSION = 1;

    private SegmentFactCodec() {}

    @Override
    public Comparator<SegmentFact> order() {
        return SegmentFact.order();
    }

    @Override
    public void write(List<SegmentFact> facts, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeInt(facts.size());
        for (SegmentFact fact : facts) {
            out.writeLong(fact.windowStart());
            out.writeInt(fact.windowSeconds());
            out.writeUTF(fact.sensor());
            out.writeUTF(fact.interfaceName());
            out.writeUTF(fact.otherSensor());
            out.writeUTF(fact.otherInterfaceName());
            out.writeLong(fact.samples());
            out.writeLong(fact.offsetNanos());
            out.writeLong(fact.deviationNanos());
            out.writeLong(fact.roundTripNanos());
            write(fact.there(), out);
            write(fact.back(), out);
            write(fact.unordered(), out);
        }
    }

    private static void write(Way way, DataOutput out) throws IOException {
        out.writeLong(way.sentPackets());
        out.writeLong(way.arrivedPackets());
        out.writeLong(way.sentOctets());
        out.writeLong(way.arrivedOctets());
    }

    @Override
    public List<SegmentFact> read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("segment facts of version %d; this job reads %d".formatted(version, VERSION));
        }
        int count = in.readInt();
        List<SegmentFact> facts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            facts.add(new SegmentFact(
                    in.readLong(),
                    in.readInt(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    readWay(in),
                    readWay(in),
                    readWay(in)));
        }
        return facts;
    }

    private static Way readWay(DataInput in) throws IOException {
        return new Way(in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }
}
