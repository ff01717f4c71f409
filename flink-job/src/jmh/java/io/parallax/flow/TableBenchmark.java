package io.parallax.flow;

import io.parallax.flow.BenchmarkTraffic.Spread;
import io.parallax.state.FlowTableSerializer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a checkpoint costs per flow. Guards the decision to keep a whole flow table as one state value: the heap backend
 * copies it once when it is touched during a checkpoint, and writes it whole. The score is per flow.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@OperationsPerInvocation(TableBenchmark.FLOWS)
public class TableBenchmark {

    static final int FLOWS = 10_000;
    /** Enough that next to every flow has packets in both directions. */
    static final int PACKETS = 20 * FLOWS;

    private static final MeterSettings SETTINGS =
            new MeterSettings(TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(60));

    private FlowTable table = new FlowTable(SETTINGS);
    private final DataOutputSerializer out = new DataOutputSerializer(1 << 20);
    private final DataInputDeserializer in = new DataInputDeserializer();

    @Setup
    public void fill() throws IOException {
        table = new FlowTable(SETTINGS);
        BenchmarkBlocks traffic = BenchmarkBlocks.ofOneBucket(new BenchmarkTraffic(Spread.EVEN, FLOWS));
        traffic.opening().forEach(table::fold);
        traffic.second(PACKETS, TimeUnit.SECONDS.toNanos(1)).forEach(table::fold);
        write();
    }

    @Benchmark
    public FlowTable copy() {
        return FlowTableSerializer.INSTANCE.copy(table);
    }

    @Benchmark
    public int write() throws IOException {
        out.clear();
        FlowTableSerializer.INSTANCE.serialize(table, out);
        return out.length();
    }

    @Benchmark
    public FlowTable read() throws IOException {
        in.setBuffer(out.getSharedBuffer(), 0, out.length());
        return FlowTableSerializer.INSTANCE.deserialize(in);
    }

    /** Of a checkpoint, per flow with one observation point per direction and one window. */
    double octetsPerFlow() throws IOException {
        return (double) write() / table.size();
    }
}
