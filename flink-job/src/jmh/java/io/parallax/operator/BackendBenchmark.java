package io.parallax.operator;

import io.parallax.flow.BenchmarkBlocks;
import io.parallax.flow.MeterSettings;
import io.parallax.label.RealmRule;
import io.parallax.matrix.SubnetRule;
import io.parallax.model.HeaderBlock;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
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
 * The meter on both of Flink's state backends, over the same blocks. Guards the decision for the one on the heap: the value
 * is a table per bucket, and the other backend reads and writes all of it for every block. The score is per packet.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@OperationsPerInvocation(BackendBenchmark.PACKETS)
public class BackendBenchmark {

    static final int PACKETS = 400_000;

    private static final int KEY_GROUPS = 128;
    private static final MeterSettings SETTINGS =
            new MeterSettings(TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(60));

    /** Where the flow tables are kept. */
    public enum Backend {
        HASHMAP,
        ROCKSDB;

        StateBackend open() {
            return this == HASHMAP ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
        }
    }

    @Param({"10000", "100000"})
    public int flows;

    @Param({"HASHMAP", "ROCKSDB"})
    public Backend backend = Backend.HASHMAP;

    private final StreamRecord<HeaderBlock> element = new StreamRecord<>(new HeaderBlock());
    private MeterHarness harness = harness();
    private BenchmarkBlocks traffic = new BenchmarkBlocks(1);
    private List<HeaderBlock> blocks = List.of();
    private long seconds;

    /** Every flow is open before anything is measured. */
    @Setup
    public void open() throws Exception {
        harness.setStateBackend(backend.open());
        harness.open();
        traffic = new BenchmarkBlocks(flows);
        blocks = traffic.opening();
        fold();
    }

    /** The next second, and the rows of the windows that it ends: nobody reads them. */
    @Setup(Level.Invocation)
    public void goOn() throws Exception {
        seconds++;
        harness.processWatermark(TimeUnit.SECONDS.toMillis(seconds) - 1);
        harness.getOutput().clear();
        forget(MeterFlowsOperator.SHARES);
        forget(MeterFlowsOperator.SEGMENTS);
        blocks = traffic.second(PACKETS, TimeUnit.SECONDS.toNanos(seconds));
    }

    private void forget(OutputTag<?> tag) {
        Queue<?> side = harness.getSideOutput(tag);
        if (side != null) {
            side.clear();
        }
    }

    @Benchmark
    public int fold() throws Exception {
        for (HeaderBlock block : blocks) {
            element.replace(block);
            harness.processElement1(element);
        }
        return blocks.size();
    }

    @TearDown
    public void close() throws Exception {
        harness.close();
    }

    private static MeterHarness harness() {
        try {
            return new MeterHarness(
                    new MeterFlowsOperator(SETTINGS, SubnetRule.COMMON, RealmRule.only("default"), false, false),
                    KEY_GROUPS,
                    1,
                    0);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Buckets that the backend holds a table of. */
    int tables() {
        return harness.numKeyedStateEntries();
    }
}
