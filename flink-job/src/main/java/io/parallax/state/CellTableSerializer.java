package io.parallax.state;

import io.parallax.matrix.CellTable;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Number of windows (4), then each as {@link CellTable} writes it. Stands in checkpoints: another layout needs another
 * serializer class, whose snapshot reads this one's.
 */
public final class CellTableSerializer extends TypeSerializerSingleton<CellTable> {

    private static final long serialVersionUID = 1L;

    public static final CellTableSerializer INSTANCE = new CellTableSerializer();
    public static final TypeInformation<CellTable> TYPE = new HandWrittenType<>(CellTable.class, INSTANCE);

    private CellTableSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public CellTable createInstance() {
        return new CellTable();
    }

    @Override
    public CellTable copy(CellTable from) {
        return from.copy();
    }

    @Override
    public CellTable copy(CellTable from, CellTable reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(CellTable table, DataOutputView target) throws IOException {
        table.writeTo(target);
    }

    @Override
    public CellTable deserialize(DataInputView source) throws IOException {
        return CellTable.readFrom(source);
    }

    @Override
    public CellTable deserialize(CellTable reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<CellTable> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<CellTable> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
