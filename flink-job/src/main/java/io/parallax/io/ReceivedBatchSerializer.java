package io.parallax.io;

import io.parallax.model.RawRecord;
import io.parallax.state.HandWrittenType;
import io.parallax.state.RawRecordSerializer;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.SingleObjectCodec;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Sends the record as it came and decodes it again. In the job the source is chained to {@code split-blocks}, and nothing
 * is serialized between them; this is for a graph whose chain somebody has broken.
 */
final class ReceivedBatchSerializer extends TypeSerializer<ReceivedBatch> {

    private static final long serialVersionUID = 1L;

    static final TypeInformation<ReceivedBatch> TYPE =
            new HandWrittenType<>(ReceivedBatch.class, new ReceivedBatchSerializer());

    private transient @Nullable SingleObjectCodec<HeaderBatch> codec;

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public TypeSerializer<ReceivedBatch> duplicate() {
        return new ReceivedBatchSerializer();
    }

    @Override
    public ReceivedBatch createInstance() {
        return decoded(RawRecordSerializer.INSTANCE.createInstance());
    }

    @Override
    public ReceivedBatch copy(ReceivedBatch from) {
        return from;
    }

    @Override
    public ReceivedBatch copy(ReceivedBatch from, ReceivedBatch reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(ReceivedBatch received, DataOutputView target) throws IOException {
        RawRecordSerializer.INSTANCE.serialize(received.raw(), target);
    }

    @Override
    public ReceivedBatch deserialize(DataInputView source) throws IOException {
        return decoded(RawRecordSerializer.INSTANCE.deserialize(source));
    }

    private ReceivedBatch decoded(RawRecord raw) {
        if (codec == null) {
            codec = SingleObjectCodec.of(HeaderBatch.getClassSchema());
        }
        return ReceivedBatch.of(raw, codec);
    }

    @Override
    public ReceivedBatch deserialize(ReceivedBatch reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        RawRecordSerializer.INSTANCE.copy(source, target);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReceivedBatchSerializer;
    }

    @Override
    public int hashCode() {
        return ReceivedBatchSerializer.class.hashCode();
    }

    @Override
    public TypeSerializerSnapshot<ReceivedBatch> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ReceivedBatch> {
        public Snapshot() {
            super(ReceivedBatchSerializer::new);
        }
    }
}
