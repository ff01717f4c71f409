package io.parallax.flow;

import io.parallax.flow.BenchmarkTraffic.Spread;
import io.parallax.model.FlowKey;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.apache.flink.util.function.ThrowingConsumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a packet costs from a decoded batch to the counters of its flow, shuffle included.
 *
 * <p>Guards the decision to shuffle blocks by bucket and to keep a flow table per bucket, in place of an element per packet
 * and a state value per flow: {@link #blocks} against {@link #keyedElements} in the same run, over the same traffic. The
 * alternative is given every advantage: a hand-written serializer, no timers, no windows, no TCP, and it tells no
 * observation points apart. {@link #elements} is its floor, a plain HashMap without Flink.
 *
 * <p>Every flow is open before anything is measured. An invocation takes in the second of traffic that follows on the one
 * before, so windows begin as they do in the job; closing them is not measured here but in {@link AdvanceBenchmark}. The
 * score is per packet; {@link #blocks} allocates nothing per packet, only per block the names in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@OperationsPerInvocation(MeterBenchmark.PACKETS)
public class MeterBenchmark {

    static final int PACKETS = 400_000;
    private static final int KEY_GROUPS = 128;
    private static final long REALM_HASH = FlowKey.realmHash(BenchmarkTraffic.REALM);

    /** 1000000 is worth a run by hand: {@code -p flows=1000000}. */
    @Param({"10000", "100000"})
    public int flows;

    @Param({"ZIPF", "EVEN"})
    public Spread spread = Spread.ZIPF;

    private final List<HeaderBatch> batches = new ArrayList<>();
    private BenchmarkTraffic traffic = new BenchmarkTraffic(Spread.ZIPF, 1);
    private final BenchmarkTables tables = new BenchmarkTables();
    private long seconds;

    private final HeaderBatchReader reader = new HeaderBatchReader();
    private final PacketHeader header = new PacketHeader();
    private final FlowKey key = new FlowKey();
    private final DataOutputSerializer out = new DataOutputSerializer(1 << 20);
    private final DataInputDeserializer in = new DataInputDeserializer();

    private final Map<RecordKey, Counters> counters = new HashMap<>();
    private final StreamRecord<Packet> element = new StreamRecord<>(new Packet());
    private KeyedOneInputStreamOperatorTestHarness<RecordKey, Packet, Long> harness = harness();

    /** The 5-tuple as a key of primitives. */
    public record RecordKey(long aHigh, long aLow, long bHigh, long bLow, long tuple) {}

    /** The element of the alternative. */
    static final class Packet {
        RecordKey key = new RecordKey(0, 0, 0, 0, 0);
        long time;
        int octets;
        int controlBits;
    }

    /** The state of the alternative. Public, so that Flink takes it for a POJO. */
    public static final class Counters {
        public long packets;
        public long octets;
        public long first = Long.MAX_VALUE;
        public long last = Long.MIN_VALUE;
        public int controlBits;

        void add(Packet packet) {
            packets++;
            octets += packet.octets;
            first = Math.min(first, packet.time);
            last = Math.max(last, packet.time);
            controlBits |= packet.controlBits;
        }
    }

    private static final class CountPackets extends KeyedProcessFunction<RecordKey, Packet, Long> {
        private static final long serialVersionUID = 1L;
        private transient ValueState<Counters> state;

        @Override
        public void open(OpenContext context) {
            state = getRuntimeContext().getState(new ValueStateDescriptor<>("counters", Counters.class));
        }

        @Override
        public void processElement(Packet packet, Context context, Collector<Long> out) throws Exception {
            Counters counters = state.value();
            if (counters == null) {
                counters = new Counters();
            }
            counters.add(packet);
            state.update(counters);
        }
    }

    @Setup
    public void open() throws Exception {
        harness.open();
        traffic = new BenchmarkTraffic(spread, flows);
        traffic.open(0, batches::add);
        blocks();
        elements();
        keyedElements();
    }

    /** The next second, and the end of the windows that it ends. */
    @Setup(Level.Invocation)
    public void goOn() {
        seconds++;
        batches.clear();
        tables.advance(TimeUnit.SECONDS.toNanos(seconds));
        traffic.continueFor(PACKETS, TimeUnit.SECONDS.toNanos(seconds), batches::add);
    }

    @TearDown
    public void close() throws Exception {
        harness.close();
    }

    /** Splits, serializes and deserializes blocks, folds them into tables: what the job does. */
    @Benchmark
    public long blocks() {
        long before = tables.foldedPackets();
        batches.forEach(tables::take);
        tables.flush();
        return tables.foldedPackets() - before;
    }

    /** Serializes and deserializes each packet and counts it in the value of its key. */
    @Benchmark
    public long elements() throws Exception {
        return forEachPacket(packet ->
                counters.computeIfAbsent(packet.key, f -> new Counters()).add(packet));
    }

    /** The same with Flink's keyed heap state: what a meter would do at first. */
    @Benchmark
    public long keyedElements() throws Exception {
        return forEachPacket(packet -> {
            harness.getOneInputOperator().setKeyContextElement(element);
            harness.getOneInputOperator().processElement(element);
        });
    }

    private long forEachPacket(ThrowingConsumer<Packet, Exception> count) throws Exception {
        long counted = 0;
        for (int i = 0; i < batches.size(); i++) {
            reader.open(batches.get(i));
            while (reader.next(header)) {
                write();
                read(element.getValue());
                count.accept(element.getValue());
                counted++;
            }
        }
        return counted;
    }

    private void write() throws IOException {
        key.of(header, REALM_HASH);
        KeyGroupRangeAssignment.assignToKeyGroup(key.hash, KEY_GROUPS);
        out.clear();
        out.writeLong(key.aHigh);
        out.writeLong(key.aLow);
        out.writeLong(key.bHigh);
        out.writeLong(key.bLow);
        out.writeLong(key.tuple);
        out.writeLong(header.timeNanos);
        out.writeInt(header.octetsIp);
        out.writeShort(header.tcpControlBits);
    }

    private void read(Packet packet) throws IOException {
        in.setBuffer(out.getSharedBuffer(), 0, out.length());
        packet.key = new RecordKey(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
        packet.time = in.readLong();
        packet.octets = in.readInt();
        packet.controlBits = in.readUnsignedShort();
    }

    private static KeyedOneInputStreamOperatorTestHarness<RecordKey, Packet, Long> harness() {
        try {
            var harness = new KeyedOneInputStreamOperatorTestHarness<RecordKey, Packet, Long>(
                    new KeyedProcessOperator<>(new CountPackets()),
                    packet -> packet.key,
                    TypeInformation.of(RecordKey.class),
                    KEY_GROUPS,
                    1,
                    0);
            harness.getExecutionConfig().enableObjectReuse();
            return harness;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Flows that each side has found. */
    int flowsInTables() {
        return tables.flows();
    }

    int flowsInState() {
        return harness.numKeyedStateEntries();
    }

    int flowsInMap() {
        return counters.size();
    }
}
