package io.parallax.state;

import io.parallax.flow.StreamPositions.Position;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Stream (UTF), epoch (8), next sequence (8), low watermark (8). Stands in checkpoints. */
public final class PositionSerializer extends TypeSerializerSingleton<Position> {

    private static final long serialVersionUID = 1L;

    public static final PositionSerializer INSTANCE = new PositionSerializer();
    public static final TypeInformation<Position> TYPE = new HandWrittenType<>(Position.class, INSTANCE);

    private PositionSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public Position createInstance() {
        return new Position("", 0, 0, 0);
    }

    @Override
    public Position copy(Position from) {
        return new Position(from.stream, from.epoch, from.nextSequence, from.lowWatermarkNanos);
    }

    @Override
    public Position copy(Position from, Position reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(Position position, DataOutputView target) throws IOException {
        target.writeUTF(position.stream);
        target.writeLong(position.epoch);
        target.writeLong(position.nextSequence);
        target.writeLong(position.lowWatermarkNanos);
    }

    @Override
    public Position deserialize(DataInputView source) throws IOException {
        return new Position(source.readUTF(), source.readLong(), source.readLong(), source.readLong());
    }

    @Override
    public Position deserialize(Position reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<Position> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Position> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
