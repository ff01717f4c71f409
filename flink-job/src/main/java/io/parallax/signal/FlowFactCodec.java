package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Flow facts, with a dictionary of their texts: facts that are told together are about few hosts.
 *
 * <pre>
 *  version (octet): 1
 *  texts: count (int), each modified UTF-8
 *  facts: count (int), each
 *    kind (octet) | out (octet) | time (long) | realm, source, destination, names, flow: six numbers of texts (int)
 *    | protocol, source port, destination port (short) | flow start (long)
 *    of a VOLUME: packets, octets, transport octets both ways: six (long)
 * </pre>
 */
public final class FlowFactCodec implements FactCodec<FlowFact> {

    public static final FlowFactCodec INSTANCE = new FlowFactCodec();

    private static final int VERSION = 1;
    private static final int UNSIGNED_SHORT = 0xFFFF;

    private FlowFactCodec() {}

    @Override
    public Comparator<FlowFact> order() {
        return FlowFact.order();
    }

    @Override
    public void write(List<FlowFact> facts, DataOutput out) throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        List<String> texts = new ArrayList<>();
        int[] references = new int[facts.size() * 6];
        int next = 0;
        for (FlowFact fact : facts) {
            for (String text : new String[] {
                fact.realm(),
                fact.source(),
                fact.destination(),
                fact.sourceName(),
                fact.destinationName(),
                fact.flowId()
            }) {
                Integer number = numbers.putIfAbsent(text, texts.size());
                if (number == null) {
                    number = texts.size();
                    texts.add(text);
                }
                references[next++] = number;
            }
        }
        out.writeByte(VERSION);
        out.writeInt(texts.size());
        for (String text : texts) {
            out.writeUTF(text);
        }
        out.writeInt(facts.size());
        for (int i = 0; i < facts.size(); i++) {
            write(facts.get(i), references, i * 6, out);
        }
    }

    private static void write(FlowFact fact, int[] references, int first, DataOutput out) throws IOException {
        out.writeByte(fact.kind().code());
        out.writeBoolean(fact.isOut());
        out.writeLong(fact.time());
        for (int i = first; i < first + 6; i++) {
            out.writeInt(references[i]);
        }
        out.writeShort(fact.protocol());
        out.writeShort(fact.sourcePort());
        out.writeShort(fact.destinationPort());
        out.writeLong(fact.flowStart());
        if (fact.kind() == FlowFact.Kind.VOLUME) {
            out.writeLong(fact.packets());
            out.writeLong(fact.octets());
            out.writeLong(fact.reversePackets());
            out.writeLong(fact.reverseOctets());
            out.writeLong(fact.transportOctets());
            out.writeLong(fact.reverseTransportOctets());
        }
    }

    @Override
    public List<FlowFact> read(DataInput in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("flow facts of version %d; this job reads %d".formatted(version, VERSION));
        }
        String[] texts = new String[in.readInt()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = in.readUTF();
        }
        int count = in.readInt();
        List<FlowFact> facts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            facts.add(read(texts, in));
        }
        return facts;
    }

    private static FlowFact read(String[] texts, DataInput in) throws IOException {
        FlowFact.Kind kind = FlowFact.Kind.ofCode(in.readUnsignedByte());
        boolean isOut = in.readBoolean();
        long time = in.readLong();
        String realm = texts[in.readInt()];
        String source = texts[in.readInt()];
        String destination = texts[in.readInt()];
        String sourceName = texts[in.readInt()];
        String destinationName = texts[in.readInt()];
        String flowId = texts[in.readInt()];
        int protocol = in.readShort() & UNSIGNED_SHORT;
        int sourcePort = in.readShort() & UNSIGNED_SHORT;
        int destinationPort = in.readShort() & UNSIGNED_SHORT;
        long flowStart = in.readLong();
        boolean isVolume = kind == FlowFact.Kind.VOLUME;
        return new FlowFact(
                kind,
                isOut,
                time,
                realm,
                source,
                destination,
                sourceName,
                destinationName,
                protocol,
                sourcePort,
                destinationPort,
                flowId,
                flowStart,
                isVolume ? in.readLong() : 0,
                isVolume ? in.readLong() : 0,
                isVolume ? in.readLong() : 0,
                isVolume ? in.readLong() : 0,
                isVolume ? in.readLong() : 0,
                isVolume ? in.readLong() : 0);
    }
}
