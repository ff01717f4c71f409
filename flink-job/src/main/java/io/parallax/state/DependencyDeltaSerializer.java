package io.parallax.state;

import io.parallax.dependency.Texts;
import io.parallax.model.DependencyDelta;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** As {@link Texts} writes it. Travels between operators only; in state it stands inside a table, which has a version. */
public final class DependencyDeltaSerializer extends TypeSerializerSingleton<DependencyDelta> {

    private static final long serialVersionUID = 1L;

    public static final DependencyDeltaSerializer INSTANCE = new DependencyDeltaSerializer();
    public static final TypeInformation<DependencyDelta> TYPE = new HandWrittenType<>(DependencyDelta.class, INSTANCE);

    private DependencyDeltaSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public DependencyDelta createInstance() {
        return new DependencyDelta();
    }

    @Override
    public DependencyDelta copy(DependencyDelta from) {
        return from.copy();
    }

    @Override
    public DependencyDelta copy(DependencyDelta from, DependencyDelta reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(DependencyDelta delta, DataOutputView target) throws IOException {
        Texts.write(delta, target);
    }

    @Override
    public DependencyDelta deserialize(DataInputView source) throws IOException {
        return Texts.readDelta(source);
    }

    @Override
    public DependencyDelta deserialize(DependencyDelta reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<DependencyDelta> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<DependencyDelta> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
