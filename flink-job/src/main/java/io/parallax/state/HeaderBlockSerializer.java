package io.parallax.state;

import io.parallax.model.HeaderBlock;
import io.parallax.model.StreamName;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Bucket (4), entries (4), packets (4), evidence among them (4), streams (2, each two UTF texts), realms (2, each a UTF text), the entries' octets,
 * the packets' octets: two copies of memory, whatever the number of packets. Travels between operators; in state only while
 * the inventory of a bounded run is being read.
 */
public final class HeaderBlockSerializer extends TypeSerializerSingleton<HeaderBlock> {

    private static final long serialVersionUID = 1L;

    public static final HeaderBlockSerializer INSTANCE = new HeaderBlockSerializer();
    public static final TypeInformation<HeaderBlock> TYPE = new HandWrittenType<>(HeaderBlock.class, INSTANCE);

    private HeaderBlockSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public HeaderBlock createInstance() {
        return new HeaderBlock();
    }

    @Override
    public HeaderBlock copy(HeaderBlock from) {
        return copy(from, new HeaderBlock());
    }

    @Override
    public HeaderBlock copy(HeaderBlock from, HeaderBlock reuse) {
        reuse.copyFrom(from);
        return reuse;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(HeaderBlock block, DataOutputView target) throws IOException {
        target.writeInt(block.bucket());
        target.writeInt(block.entryCount());
        target.writeInt(block.packetCount());
        target.writeInt(block.evidenceCount());
        target.writeShort(block.streams().size());
        for (StreamName stream : block.streams()) {
            target.writeUTF(stream.sensorId());
            target.writeUTF(stream.interfaceName());
        }
        target.writeShort(block.realms().size());
        for (String realm : block.realms()) {
            target.writeUTF(realm);
        }
        target.write(block.entryOctets(), 0, block.entryCount() * HeaderBlock.ENTRY_OCTETS);
        target.write(block.packetOctets(), 0, block.packetCount() * HeaderBlock.PACKET_OCTETS);
    }

    @Override
    public HeaderBlock deserialize(DataInputView source) throws IOException {
        return deserialize(new HeaderBlock(), source);
    }

    @Override
    public HeaderBlock deserialize(HeaderBlock reuse, DataInputView source) throws IOException {
        int bucket = source.readInt();
        int entries = source.readInt();
        int packets = source.readInt();
        int evidence = source.readInt();
        reuse.reset(bucket, entries, packets);
        for (int i = source.readUnsignedShort(); i > 0; i--) {
            reuse.streams().add(new StreamName(source.readUTF(), source.readUTF()));
        }
        for (int i = source.readUnsignedShort(); i > 0; i--) {
            reuse.realms().add(source.readUTF());
        }
        source.readFully(reuse.entryOctets(), 0, entries * HeaderBlock.ENTRY_OCTETS);
        source.readFully(reuse.packetOctets(), 0, packets * HeaderBlock.PACKET_OCTETS);
        reuse.filled(entries, packets, evidence);
        return reuse;
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<HeaderBlock> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<HeaderBlock> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
