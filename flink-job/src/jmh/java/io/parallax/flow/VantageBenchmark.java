package io.parallax.flow;

import io.parallax.flow.BenchmarkTraffic.Spread;
import io.parallax.wire.HeaderBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a second and a third observation point of every flow cost. Guards the decision to count each point by itself and to
 * choose the canonical one only when a window closes: {@code copies} 2 and 3 against 1 in the same run. What the choice
 * costs then is in {@link AdvanceBenchmark}.
 *
 * <p>The score is per packet that was sent, however often it was seen: the difference of two scores is what one further
 * observation of it costs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@OperationsPerInvocation(VantageBenchmark.PACKETS)
public class VantageBenchmark {

    static final int PACKETS = 400_000;

    /** 1000000 is worth a run by hand: {@code -p flows=1000000}. */
    @Param({"10000", "100000"})
    public int flows;

    /** Observation points that see each packet. */
    @Param({"1", "2", "3"})
    public int copies;

    private final List<HeaderBatch> batches = new ArrayList<>();
    private BenchmarkTraffic traffic = new BenchmarkTraffic(Spread.ZIPF, 1);
    private BenchmarkTables tables = new BenchmarkTables();
    private long seconds;

    @Setup
    public void open() {
        traffic = new BenchmarkTraffic(Spread.ZIPF, flows, BenchmarkTraffic.TCP, copies);
        tables = BenchmarkTables.filledWith(traffic);
    }

    @Setup(Level.Invocation)
    public void goOn() {
        seconds++;
        batches.clear();
        tables.advance(TimeUnit.SECONDS.toNanos(seconds));
        traffic.continueFor(PACKETS, TimeUnit.SECONDS.toNanos(seconds), batches::add);
    }

    @Benchmark
    public long blocks() {
        long before = tables.foldedPackets();
        batches.forEach(tables::take);
        tables.flush();
        return tables.foldedPackets() - before;
    }
}
