package io.parallax.state;

import io.parallax.dependency.DependencyTable;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * As {@link DependencyTable} writes it: a version (1), then its parts. Stands in checkpoints: the version tells another layout
 * from this one.
 */
public final class DependencyTableSerializer extends TypeSerializerSingleton<DependencyTable> {

    private static final long serialVersionUID = 1L;

    public static final DependencyTableSerializer INSTANCE = new DependencyTableSerializer();
    public static final TypeInformation<DependencyTable> TYPE = new HandWrittenType<>(DependencyTable.class, INSTANCE);

    private DependencyTableSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public DependencyTable createInstance() {
        return new DependencyTable();
    }

    @Override
    public DependencyTable copy(DependencyTable from) {
        return from.copy();
    }

    @Override
    public DependencyTable copy(DependencyTable from, DependencyTable reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(DependencyTable table, DataOutputView target) throws IOException {
        table.writeTo(target);
    }

    @Override
    public DependencyTable deserialize(DataInputView source) throws IOException {
        return DependencyTable.readFrom(source);
    }

    @Override
    public DependencyTable deserialize(DependencyTable reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<DependencyTable> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<DependencyTable> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
