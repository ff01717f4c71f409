package io.parallax.operator;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/**
 * A keyed step on the heap state backend whose input comes through its serializer, as between two machines. What it states
 * is counted and let go; side outputs go to a listener.
 */
final class MeasuredStage<K, I, O> implements AutoCloseable {

    private static final int KEY_GROUPS = 128;

    private final KeyedOneInputStreamOperatorTestHarness<K, I, O> harness;
    private final TypeSerializer<I> serializer;
    private final DataOutputSerializer octets = new DataOutputSerializer(1 << 16);
    private final StreamRecord<I> element = new StreamRecord<>(null);

    private long stated;
    private long shuffleNanos;
    private long stepNanos;

    MeasuredStage(
            KeyedProcessFunction<K, I, O> function,
            KeySelector<I, K> key,
            TypeInformation<K> keyType,
            TypeSerializer<I> serializer,
            BiConsumer<OutputTag<?>, Object> side)
            throws Exception {
        this.serializer = serializer;
        this.harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<K, I, O>(function) {
                    @Override
                    public void open() throws Exception {
                        output = new Counted<>(() -> stated++, side);
                        super.open();
                    }
                },
                key,
                keyType,
                KEY_GROUPS,
                1,
                0);
        harness.getExecutionConfig().enableObjectReuse();
        harness.open();
    }

    /** Takes {@code row} in, as the octets that another machine sent. */
    void add(I row) {
        try {
            long begin = cpuNanos();
            octets.clear();
            serializer.serialize(row, octets);
            I read = serializer.deserialize(new DataInputDeserializer(octets.getSharedBuffer(), 0, octets.length()));
            long arrived = cpuNanos();
            element.replace(read);
            harness.processElement(element);
            shuffleNanos += arrived - begin;
            stepNanos += cpuNanos() - arrived;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (Exception e) {
            throw new IllegalStateException("the step failed", e);
        }
    }

    /** CPU time of what the watermark brings about, ns. */
    long advance(long millis) throws Exception {
        long begin = cpuNanos();
        harness.processWatermark(millis);
        return cpuNanos() - begin;
    }

    /** CPU time since the last call, ns: 0 to octets and back, 1 in the step. */
    long[] takeNanos() {
        long[] taken = {shuffleNanos, stepNanos};
        shuffleNanos = 0;
        stepNanos = 0;
        return taken;
    }

    /** Records stated since the last call. */
    long takeStated() {
        long taken = stated;
        stated = 0;
        return taken;
    }

    static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }

    private record Counted<T>(Runnable each, BiConsumer<OutputTag<?>, Object> side) implements Output<StreamRecord<T>> {
        @Override
        public void collect(StreamRecord<T> record) {
            each.run();
        }

        @Override
        public <X> void collect(OutputTag<X> tag, StreamRecord<X> record) {
            side.accept(tag, record.getValue());
        }

        @Override
        public void emitWatermark(Watermark mark) {}

        @Override
        public void emitWatermark(WatermarkEvent mark) {}

        @Override
        public void emitWatermarkStatus(WatermarkStatus status) {}

        @Override
        public void emitLatencyMarker(LatencyMarker marker) {}

        @Override
        public void emitRecordAttributes(RecordAttributes attributes) {}

        @Override
        public void close() {}
    }
}
