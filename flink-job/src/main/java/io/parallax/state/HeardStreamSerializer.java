package io.parallax.state;

import io.parallax.flow.HeardStream;
import io.parallax.flow.StreamClock;
import io.parallax.model.StreamName;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Sensor (UTF), interface (UTF), lane (4), records (8), passed (8), is silent (1), number of the clock's words (4), words (8
 * each). Stands in checkpoints.
 */
public final class HeardStreamSerializer extends TypeSerializerSingleton<HeardStream> {

    private static final long serialVersionUID = 1L;

    public static final HeardStreamSerializer INSTANCE = new HeardStreamSerializer();

    /** Of a clock that is on its way between two runs: it is asked for nothing but its words. */
    private static final long NO_TOLERANCE = Long.MAX_VALUE;

    private static final int MAX_WORDS = 64;

    private HeardStreamSerializer() {}

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public HeardStream createInstance() {
        return new HeardStream(new StreamName("", ""), 0, new StreamClock(NO_TOLERANCE));
    }

    @Override
    public HeardStream copy(HeardStream from) {
        HeardStream copy = new HeardStream(from.name, from.lane, new StreamClock(NO_TOLERANCE));
        copy.records = from.records;
        copy.passedNanos = from.passedNanos;
        copy.isSilent = from.isSilent;
        copy.clock.restore(from.clock.words());
        return copy;
    }

    @Override
    public HeardStream copy(HeardStream from, HeardStream reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(HeardStream stream, DataOutputView target) throws IOException {
        target.writeUTF(stream.name.sensorId());
        target.writeUTF(stream.name.interfaceName());
        target.writeInt(stream.lane);
        target.writeLong(stream.records);
        target.writeLong(stream.passedNanos);
        target.writeBoolean(stream.isSilent);
        long[] words = stream.clock.words();
        target.writeInt(words.length);
        for (long word : words) {
            target.writeLong(word);
        }
    }

    @Override
    public HeardStream deserialize(DataInputView source) throws IOException {
        StreamName name = new StreamName(source.readUTF(), source.readUTF());
        HeardStream stream = new HeardStream(name, source.readInt(), new StreamClock(NO_TOLERANCE));
        stream.records = source.readLong();
        stream.passedNanos = source.readLong();
        stream.isSilent = source.readBoolean();
        stream.clock.restore(readWords(source));
        return stream;
    }

    private static long[] readWords(DataInputView source) throws IOException {
        int count = source.readInt();
        if (count < 0 || count > MAX_WORDS) {
            throw new IOException("a clock of " + count + " words");
        }
        long[] words = new long[count];
        for (int i = 0; i < count; i++) {
            words[i] = source.readLong();
        }
        return words;
    }

    @Override
    public HeardStream deserialize(HeardStream reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<HeardStream> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints; its class name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<HeardStream> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
