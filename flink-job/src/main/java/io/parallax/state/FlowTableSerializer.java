package io.parallax.state;

import io.parallax.flow.FlowTable;
import io.parallax.flow.MeterSettings;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A bucket's flow table, preceded by its format version (5). Stands in checkpoints: {@link FlowTable#writeTo} may only
 * change together with the version, and a reader of the older one has to stay.
 *
 * <p>Heap state copies a table when it is first touched after a checkpoint began, while the old one is being written: a
 * copy is a handful of array copies.
 */
public final class FlowTableSerializer extends TypeSerializerSingleton<FlowTable> {

    private static final long serialVersionUID = 1L;

    public static final FlowTableSerializer INSTANCE = new FlowTableSerializer();
    public static final TypeInformation<FlowTable> TYPE = new HandWrittenType<>(FlowTable.class, INSTANCE);

    private static final int FIRST_VERSION = 1;
    private static final int SECOND_VERSION = 2;
    private static final int THIRD_VERSION = 3;
    private static final int FOURTH_VERSION = 4;
    private static final int VERSION = 5;
    private static final long ANY_WINDOW = 1;

    private FlowTableSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public FlowTable createInstance() {
        return new FlowTable(new MeterSettings(ANY_WINDOW, 0));
    }

    @Override
    public FlowTable copy(FlowTable from) {
        return from.copy();
    }

    @Override
    public FlowTable copy(FlowTable from, FlowTable reuse) {
        return from.copy();
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(FlowTable table, DataOutputView target) throws IOException {
        target.writeShort(VERSION);
        table.writeTo(target);
    }

    @Override
    public FlowTable deserialize(DataInputView source) throws IOException {
        int version = source.readUnsignedShort();
        return switch (version) {
            case VERSION -> FlowTable.readFrom(source);
            case FOURTH_VERSION -> FlowTable.readFourthVersion(source);
            case THIRD_VERSION -> FlowTable.readThirdVersion(source);
            case SECOND_VERSION -> FlowTable.readSecondVersion(source);
            case FIRST_VERSION -> FlowTable.readFirstVersion(source);
            default ->
                throw new IOException("flow table of format version %d in the state; this job reads %d to %d"
                        .formatted(version, FIRST_VERSION, VERSION));
        };
    }

    @Override
    public FlowTable deserialize(FlowTable reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<FlowTable> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<FlowTable> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
