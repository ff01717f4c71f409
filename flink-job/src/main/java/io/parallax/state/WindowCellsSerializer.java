package io.parallax.state;

import io.parallax.matrix.WindowCells;
import io.parallax.model.MatrixLevel;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A matrix as {@link WindowCells} writes it, between operators and in checkpoints: another layout needs another serializer
 * class, whose snapshot reads this one's. State of before, by bucket instead of by matrix, can't be read: cells would have to
 * change their keys.
 */
public final class WindowCellsSerializer extends TypeSerializerSingleton<WindowCells> {

    private static final long serialVersionUID = 1L;

    public static final WindowCellsSerializer INSTANCE = new WindowCellsSerializer();
    public static final TypeInformation<WindowCells> TYPE = new HandWrittenType<>(WindowCells.class, INSTANCE);

    private WindowCellsSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public WindowCells createInstance() {
        return new WindowCells(MatrixLevel.ADDRESS, "", 0);
    }

    @Override
    public WindowCells copy(WindowCells from) {
        return from.copy();
    }

    @Override
    public WindowCells copy(WindowCells from, WindowCells reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(WindowCells table, DataOutputView target) throws IOException {
        table.writeTo(target);
    }

    @Override
    public WindowCells deserialize(DataInputView source) throws IOException {
        return WindowCells.readFrom(source);
    }

    @Override
    public WindowCells deserialize(WindowCells reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<WindowCells> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<WindowCells> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
