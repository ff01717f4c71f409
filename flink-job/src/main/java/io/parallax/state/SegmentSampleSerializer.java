package io.parallax.state;

import io.parallax.model.SegmentSample;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Window start (8), hash of the flow (8), whether timed (1), there (8), back (8), counts (12 x 8), four names (UTF). Travels
 * between operators only, never stored in state.
 */
public final class SegmentSampleSerializer extends TypeSerializerSingleton<SegmentSample> {

    private static final long serialVersionUID = 1L;

    public static final SegmentSampleSerializer INSTANCE = new SegmentSampleSerializer();
    public static final TypeInformation<SegmentSample> TYPE = new HandWrittenType<>(SegmentSample.class, INSTANCE);

    private SegmentSampleSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public SegmentSample createInstance() {
        return new SegmentSample();
    }

    @Override
    public SegmentSample copy(SegmentSample from) {
        return copy(from, new SegmentSample());
    }

    @Override
    public SegmentSample copy(SegmentSample from, SegmentSample reuse) {
        reuse.windowStart = from.windowStart;
        reuse.flowHash = from.flowHash;
        reuse.isTimed = from.isTimed;
        reuse.there = from.there;
        reuse.back = from.back;
        reuse.counts.clear();
        reuse.counts.add(from.counts);
        reuse.sensorId = from.sensorId;
        reuse.interfaceName = from.interfaceName;
        reuse.otherSensorId = from.otherSensorId;
        reuse.otherInterfaceName = from.otherInterfaceName;
        return reuse;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(SegmentSample sample, DataOutputView target) throws IOException {
        target.writeLong(sample.windowStart);
        target.writeLong(sample.flowHash);
        target.writeBoolean(sample.isTimed);
        target.writeLong(sample.there);
        target.writeLong(sample.back);
        sample.counts.writeTo(target);
        target.writeUTF(sample.sensorId);
        target.writeUTF(sample.interfaceName);
        target.writeUTF(sample.otherSensorId);
        target.writeUTF(sample.otherInterfaceName);
    }

    @Override
    public SegmentSample deserialize(DataInputView source) throws IOException {
        return deserialize(new SegmentSample(), source);
    }

    @Override
    public SegmentSample deserialize(SegmentSample reuse, DataInputView source) throws IOException {
        reuse.windowStart = source.readLong();
        reuse.flowHash = source.readLong();
        reuse.isTimed = source.readBoolean();
        reuse.there = source.readLong();
        reuse.back = source.readLong();
        reuse.counts.readFrom(source);
        reuse.sensorId = source.readUTF();
        reuse.interfaceName = source.readUTF();
        reuse.otherSensorId = source.readUTF();
        reuse.otherInterfaceName = source.readUTF();
        return reuse;
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<SegmentSample> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SegmentSample> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
