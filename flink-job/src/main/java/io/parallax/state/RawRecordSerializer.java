package io.parallax.state;

import io.parallax.model.RawRecord;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Topic (UTF), partition (4), offset (8), timestamp (8), sent at (8), key (UTF), length of the value (4; -1: no value), value. Travels between
 * operators only, never stored in state.
 */
public final class RawRecordSerializer extends TypeSerializerSingleton<RawRecord> {

    private static final long serialVersionUID = 1L;

    public static final RawRecordSerializer INSTANCE = new RawRecordSerializer();
    public static final TypeInformation<RawRecord> TYPE = new HandWrittenType<>(RawRecord.class, INSTANCE);

    private static final int NO_VALUE = -1;

    private RawRecordSerializer() {}

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public RawRecord createInstance() {
        return new RawRecord("", 0, 0, 0, null);
    }

    @Override
    public RawRecord copy(RawRecord from) {
        return from;
    }

    @Override
    public RawRecord copy(RawRecord from, RawRecord reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(RawRecord row, DataOutputView target) throws IOException {
        target.writeUTF(row.topic());
        target.writeInt(row.partition());
        target.writeLong(row.offset());
        target.writeLong(row.timestampMillis());
        target.writeLong(row.sentAtNanos());
        target.writeUTF(row.key());
        byte[] value = row.value();
        if (value == null) {
            target.writeInt(NO_VALUE);
        } else {
            target.writeInt(value.length);
            target.write(value);
        }
    }

    @Override
    public RawRecord deserialize(DataInputView source) throws IOException {
        return new RawRecord(
                source.readUTF(),
                source.readInt(),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readUTF(),
                readValue(source));
    }

    private static byte @Nullable [] readValue(DataInputView source) throws IOException {
        int length = source.readInt();
        if (length == NO_VALUE) {
            return null;
        }
        byte[] value = new byte[length];
        source.readFully(value);
        return value;
    }

    @Override
    public RawRecord deserialize(RawRecord reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<RawRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<RawRecord> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
