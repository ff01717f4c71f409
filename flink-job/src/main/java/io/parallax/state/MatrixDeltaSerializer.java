package io.parallax.state;

import io.parallax.matrix.LevelNumbers;
import io.parallax.model.MatrixDelta;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Level (1), family (1), window start (8), four address words (8 each), packets, octets, flows opened, growth of the
 * revision (8 each), realm (UTF). Travels between operators only, never stored in state.
 */
public final class MatrixDeltaSerializer extends TypeSerializerSingleton<MatrixDelta> {

    private static final long serialVersionUID = 1L;

    public static final MatrixDeltaSerializer INSTANCE = new MatrixDeltaSerializer();
    public static final TypeInformation<MatrixDelta> TYPE = new HandWrittenType<>(MatrixDelta.class, INSTANCE);

    private MatrixDeltaSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public MatrixDelta createInstance() {
        return new MatrixDelta();
    }

    @Override
    public MatrixDelta copy(MatrixDelta from) {
        return copy(from, new MatrixDelta());
    }

    @Override
    public MatrixDelta copy(MatrixDelta from, MatrixDelta reuse) {
        reuse.level = from.level;
        reuse.realm = from.realm;
        reuse.windowStart = from.windowStart;
        reuse.family = from.family;
        reuse.sourceHigh = from.sourceHigh;
        reuse.sourceLow = from.sourceLow;
        reuse.destinationHigh = from.destinationHigh;
        reuse.destinationLow = from.destinationLow;
        reuse.packets = from.packets;
        reuse.octets = from.octets;
        reuse.flowsOpened = from.flowsOpened;
        reuse.revision = from.revision;
        return reuse;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(MatrixDelta delta, DataOutputView target) throws IOException {
        target.writeByte(LevelNumbers.of(delta.level));
        target.writeByte(delta.family);
        target.writeLong(delta.windowStart);
        target.writeLong(delta.sourceHigh);
        target.writeLong(delta.sourceLow);
        target.writeLong(delta.destinationHigh);
        target.writeLong(delta.destinationLow);
        target.writeLong(delta.packets);
        target.writeLong(delta.octets);
        target.writeLong(delta.flowsOpened);
        target.writeLong(delta.revision);
        target.writeUTF(delta.realm);
    }

    @Override
    public MatrixDelta deserialize(DataInputView source) throws IOException {
        return deserialize(new MatrixDelta(), source);
    }

    @Override
    public MatrixDelta deserialize(MatrixDelta reuse, DataInputView source) throws IOException {
        reuse.level = LevelNumbers.level(source.readByte());
        reuse.family = source.readByte();
        reuse.windowStart = source.readLong();
        reuse.sourceHigh = source.readLong();
        reuse.sourceLow = source.readLong();
        reuse.destinationHigh = source.readLong();
        reuse.destinationLow = source.readLong();
        reuse.packets = source.readLong();
        reuse.octets = source.readLong();
        reuse.flowsOpened = source.readLong();
        reuse.revision = source.readLong();
        reuse.realm = source.readUTF();
        return reuse;
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<MatrixDelta> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<MatrixDelta> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
