package io.parallax.matrix;

import io.parallax.model.FlowRow;
import io.parallax.model.MatrixLevel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
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

/** What the matrices cost per flow row, all levels, both directions, in both phases: ours, and a map from records to sums. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@OperationsPerInvocation(MatrixBenchmark.ROWS)
public class MatrixBenchmark {

    static final int ROWS = 20_000;
    private static final int CELLS_PER_PAIR = 4;
    private static final int SERVERS = 1_000;

    /** Cells of the window, at the two levels at which rows without names differ most. */
    @Param({"1000", "100000", "5000000"})
    public int cells;

    private record Cell(MatrixLevel level, String source, String destination, int locality) {}

    private final MatrixDeltas deltas = new MatrixDeltas(SubnetRule.COMMON, 10_000_000_000L);
    private final EntityNames names = new EntityNames(SubnetRule.COMMON);
    private final Map<MatrixLevel, WindowCells> matrices = new HashMap<>();
    private final Map<Cell, long[]> map = new HashMap<>();
    private final List<FlowRow> rows = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);

    @Setup(Level.Iteration)
    public void draw() {
        rows.clear();
        for (int i = 0; i < ROWS; i++) {
            int pair = random.nextInt(cells / CELLS_PER_PAIR);
            FlowRow row = new FlowRow();
            row.family = 4;
            row.sourceLow = 0x0A00_0000L + pair / SERVERS;
            row.destinationLow = 0x0B00_0000L + pair % SERVERS;
            row.octets = 1_000;
            row.reverseOctets = 200;
            row.revision = 15;
            rows.add(row);
        }
    }

    @Benchmark
    public Map<MatrixLevel, WindowCells> twoPhases() {
        for (FlowRow row : rows) {
            deltas.add(row);
        }
        deltas.flush(delta -> matrices.computeIfAbsent(delta.level(), level -> new WindowCells(level, "", 0))
                .merge(delta, null));
        return matrices;
    }

    @Benchmark
    public Map<Cell, long[]> mapOfRecords() {
        for (FlowRow row : rows) {
            for (MatrixLevel level : MatrixLevel.values()) {
                String source = names.source(level, row, row.source);
                String destination = names.destination(level, row, row.destination);
                add(new Cell(level, source, destination, 0), row.octets);
                add(new Cell(level, destination, source, 0), row.reverseOctets);
            }
        }
        return map;
    }

    private void add(Cell cell, long octets) {
        long[] sums = map.computeIfAbsent(cell, key -> new long[Measure.COUNT]);
        sums[Measure.OCTETS] += octets;
        sums[Measure.REVISION]++;
    }
}
