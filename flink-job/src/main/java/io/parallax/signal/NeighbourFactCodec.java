package io.parallax.signal;

import io.parallax.model.NeighbourFact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Facts about neighbours; they are few.
 *
 * <pre>
 *  version (octet): 1
 *  facts: count (int), each
 *    kind (octet) | told to the sender, to all, forwarding: bits 0, 1, 2 (octet) | time (long) | realm (UTF) | VLAN (int)
 *    | MAC (long) | sender (UTF) | target (UTF) | number (int)
 * </pre>
 */
public final class NeighbourFactCodec implements FactCodec<NeighbourFact> {

    public static final NeighbourFactCodec INSTANCE = new NeighbourFactCodec();

    private static final int VERSION = 1;
    private static final int IS_SENDER = 1;
    private static final int IS_TO_ALL = 1 << 1;
    private static final int IS_FORWARDING = 1 << 2;

    private NeighbourFactCodec() {}

    @Override
    public Comparator<NeighbourFact> order() {
        return NeighbourFact.order();
    }

    @Override
    public void write(List<NeighbourFact> facts, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeInt(facts.size());
        for (NeighbourFact fact : facts) {
            out.writeByte(fact.kind().code());
            out.writeByte((fact.isSender() ? IS_SENDER : 0)
                    | (fact.isToAll() ? IS_TO_ALL : 0)
                    | (fact.isForwarding() ? IS_FORWARDING : 0));
            out.writeLong(fact.time());
            out.writeUTF(fact.realm());
            out.writeInt(fact.vlan());
            out.writeLong(fact.mac());
            out.writeUTF(fact.sender());
            out.writeUTF(fact.target());
            out.writeInt(fact.number());
        }
    }

    @Override
    public List<NeighbourFact> read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("neighbour facts of version %d; this job reads %d".formatted(version, VERSION));
        }
        int count = in.readInt();
        List<NeighbourFact> facts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            facts.add(readFact(in));
        }
        return facts;
    }

    private static NeighbourFact readFact(DataInput in) throws IOException {
        NeighbourFact.Kind kind = NeighbourFact.Kind.ofCode(in.readUnsignedByte());
        int flags = in.readUnsignedByte();
        return new NeighbourFact(
                kind,
                (flags & IS_SENDER) != 0,
                in.readLong(),
                in.readUTF(),
                in.readInt(),
                in.readLong(),
                in.readUTF(),
                in.readUTF(),
                in.readInt(),
                (flags & IS_TO_ALL) != 0,
                (flags & IS_FORWARDING) != 0);
    }
}
