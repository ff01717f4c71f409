package io.parallax.state;

import io.parallax.vantage.SegmentTable;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Number of windows (4), then each as {@link SegmentTable} writes it. Stands in checkpoints: another layout needs another
 * serializer class, whose snapshot reads this one's.
 */
public final class SegmentTableSerializer extends TypeSerializerSingleton<SegmentTable> {

    private static final long serialVersionUID = 1L;

    public static final SegmentTableSerializer INSTANCE = new SegmentTableSerializer();
    public static final TypeInformation<SegmentTable> TYPE = new HandWrittenType<>(SegmentTable.class, INSTANCE);

    private SegmentTableSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public SegmentTable createInstance() {
        return new SegmentTable();
    }

    @Override
    public SegmentTable copy(SegmentTable from) {
        return from.copy();
    }

    @Override
    public SegmentTable copy(SegmentTable from, SegmentTable reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(SegmentTable table, DataOutputView target) throws IOException {
        table.writeTo(target);
    }

    @Override
    public SegmentTable deserialize(DataInputView source) throws IOException {
        return SegmentTable.readFrom(source);
    }

    @Override
    public SegmentTable deserialize(SegmentTable reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<SegmentTable> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SegmentTable> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
