package io.parallax.flow;

import io.parallax.flow.BenchmarkTraffic.Spread;
import io.parallax.io.FlowRecords;
import io.parallax.model.FlowRow;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What it costs to close a window, per flow row: all decisions about a flow are made then, and none per packet. An
 * invocation closes one window with a row for each flow; before it, untimed, the table is copied anew.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@OperationsPerInvocation(TableBenchmark.FLOWS)
public class AdvanceBenchmark {

    private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);
    private static final MeterSettings SETTINGS = new MeterSettings(WINDOW, 6 * WINDOW);

    /** Observation points that see each packet: with more than one there is one to choose. */
    @Param({"1", "2", "3"})
    public int copies = 1;

    private final FlowTable full = new FlowTable(SETTINGS);
    private final FlowRecords records = new FlowRecords(10);
    private FlowTable table = full;

    /** Flows that live, with one window that is closed and one that is about to be. */
    @Setup
    public void fill() {
        BenchmarkBlocks traffic = BenchmarkBlocks.ofOneBucket(
                new BenchmarkTraffic(Spread.EVEN, TableBenchmark.FLOWS, BenchmarkTraffic.TCP, copies));
        traffic.opening().forEach(full::fold);
        full.advance(WINDOW, WINDOW, row -> {});
        traffic.second(TableBenchmark.PACKETS, WINDOW).forEach(full::fold);
    }

    @Setup(Level.Invocation)
    public void copy() {
        table = full.copy();
    }

    /** Rows as the meter states them. */
    @Benchmark
    public void rows(Blackhole out) {
        table.advance(2 * WINDOW, 2 * WINDOW, out::consume);
    }

    /** Rows and the records that leave the job, Community ID included. */
    @Benchmark
    public void records(Blackhole out) {
        table.advance(2 * WINDOW, 2 * WINDOW, row -> out.consume(records.of(row)));
    }

    int closedRows() {
        int[] rows = {0};
        copy();
        table.advance(2 * WINDOW, 2 * WINDOW, (FlowRow row) -> rows[0]++);
        return rows[0];
    }
}
