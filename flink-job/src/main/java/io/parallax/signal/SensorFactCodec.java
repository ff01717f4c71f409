package io.parallax.signal;

import io.parallax.model.SensorFact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Facts about sensors; they are few.
 *
 * <pre>
 *  version (octet): 1
 *  facts: count (int), each
 *    kind (octet) | heard, live: bits 0, 1 (octet) | time (long) | sensor (UTF) | interface (UTF) | session (UTF)
 *    | start of the window (long) | its seconds (int) | revision (long) | passed (long) | lost (long) | IP packets (long)
 * </pre>
 */
public final class SensorFactCodec implements FactCodec<SensorFact> {

    public static final SensorFactCodec INSTANCE = new SensorFactCodec();

    private static final int VERSION = 1;
    private static final int IS_HEARD = 1;
    private static final int IS_LIVE = 1 << 1;

    private SensorFactCodec() {}

    @Override
    public Comparator<SensorFact> order() {
        return SensorFact.order();
    }

    @Override
    public void write(List<SensorFact> facts, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeInt(facts.size());
        for (SensorFact fact : facts) {
            out.writeByte(fact.kind().code());
            out.writeByte((fact.isHeard() ? IS_HEARD : 0) | (fact.isLive() ? IS_LIVE : 0));
            out.writeLong(fact.time());
            out.writeUTF(fact.sensor());
            out.writeUTF(fact.interfaceName());
            out.writeUTF(fact.session());
            out.writeLong(fact.windowStart());
            out.writeInt(fact.windowSeconds());
            out.writeLong(fact.revision());
            out.writeLong(fact.passed());
            out.writeLong(fact.lost());
            out.writeLong(fact.ip());
        }
    }

    @Override
    public List<SensorFact> read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("sensor facts of version %d; this job reads %d".formatted(version, VERSION));
        }
        int count = in.readInt();
        List<SensorFact> facts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            facts.add(readFact(in));
        }
        return facts;
    }

    private static SensorFact readFact(DataInput in) throws IOException {
        SensorFact.Kind kind = SensorFact.Kind.ofCode(in.readUnsignedByte());
        int flags = in.readUnsignedByte();
        return new SensorFact(
                kind,
                in.readLong(),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readLong(),
                in.readInt(),
                in.readLong(),
                (flags & IS_HEARD) != 0,
                (flags & IS_LIVE) != 0,
                in.readLong(),
                in.readLong(),
                in.readLong());
    }
}
