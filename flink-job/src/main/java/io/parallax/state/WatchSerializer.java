package io.parallax.state;

import io.parallax.model.Fact;
import io.parallax.signal.Watch;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** As {@link Watch} writes itself, whatever it watches. Stands in checkpoints: its octets begin with a version. */
public final class WatchSerializer<F extends Fact> extends TypeSerializerSingleton<Watch<F>> {

    private static final long serialVersionUID = 1L;

    private static final WatchSerializer<?> INSTANCE = new WatchSerializer<>();

    private WatchSerializer() {}

    @SuppressWarnings("unchecked") // it has no state: one does for all
    public static <F extends Fact> WatchSerializer<F> instance() {
        return (WatchSerializer<F>) INSTANCE;
    }

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public Watch<F> createInstance() {
        return new Watch<>();
    }

    @Override
    public Watch<F> copy(Watch<F> from) {
        return from.copy();
    }

    @Override
    public Watch<F> copy(Watch<F> from, Watch<F> reuse) {
        return from.copy();
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(Watch<F> watch, DataOutputView target) throws IOException {
        watch.writeTo(target);
    }

    @Override
    public Watch<F> deserialize(DataInputView source) throws IOException {
        return Watch.readFrom(source);
    }

    @Override
    public Watch<F> deserialize(Watch<F> reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<Watch<F>> snapshotConfiguration() {
        return new Snapshot<>();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot<F extends Fact> extends SimpleTypeSerializerSnapshot<Watch<F>> {
        public Snapshot() {
            super(WatchSerializer::instance);
        }
    }
}
