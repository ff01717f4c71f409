package io.parallax.matrix;

import io.parallax.model.FlowRow;
import io.parallax.model.MatrixDelta;
import io.parallax.operator.AccumulateMatrixFunction;
import io.parallax.state.MatrixDeltaSerializer;
import io.parallax.wire.Addresses;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * What the matrix costs per flow row, both levels, both directions.
 *
 * <p>Guards the decision to keep the cells of a bucket in a table of our own ({@link CellTable}): it goes when a plain map
 * from text to sums is as fast.
 *
 * <p>An invocation is a window of {@link #ROWS} rows; the score is per row. Windows of 10 s, 60 s of lateness, so that eight
 * windows are held.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@OperationsPerInvocation(MatrixBenchmark.ROWS)
public class MatrixBenchmark {

    static final int ROWS = 20_000;
    private static final int WINDOW_SECONDS = 10;
    private static final int BUCKETS = 128;
    private static final CellSchedule SCHEDULE = new CellSchedule(WINDOW_SECONDS, Duration.ofSeconds(60));
    private static final int HELD_WINDOWS = 8;
    private static final int KEY_GROUPS = 128;
    private static final int SERVERS = 100;

    /** Address pairs that the rows of a window fall on. */
    @Param({"2000", "20000"})
    public int pairs;

    private final FlowRow row = new FlowRow();
    private final MatrixDeltas deltas = new MatrixDeltas(SubnetRule.COMMON);
    private final DataOutputSerializer out = new DataOutputSerializer(128);
    private final DataInputDeserializer in = new DataInputDeserializer();
    private final StreamRecord<MatrixDelta> received = new StreamRecord<>(new MatrixDelta());
    private final CellTable[] tables = new CellTable[BUCKETS];
    private final TreeMap<Long, Map<String, long[]>> maps = new TreeMap<>();
    private int[] pairOfRow = new int[0];
    private long window;
    private final KeyedOneInputStreamOperatorTestHarness<Integer, MatrixDelta, MatrixCell> stage = stage();

    @Setup
    public void open() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        pairOfRow = random.ints(ROWS, 0, pairs).toArray();
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            tables[bucket] = new CellTable();
        }
        stage.open();
    }

    @TearDown
    public void close() throws Exception {
        stage.close();
    }

    /** Deltas alone. */
    @Benchmark
    public long deltasOnly() {
        long[] sum = new long[1];
        rows(delta -> sum[0] += delta.octets);
        return sum[0];
    }

    /** Deltas and the tables of the buckets, without Flink. */
    @Benchmark
    public CellTable[] accumulateInTables() {
        rows(delta -> tables[CellHash.bucket(delta, BUCKETS)].add(delta));
        for (CellTable table : tables) {
            table.forget(SCHEDULE, endOfWindow());
        }
        return tables;
    }

    /** The alternative: a map per window, its keys as entities are written in the output. */
    @Benchmark
    public Map<Long, Map<String, long[]>> accumulateInMaps() {
        rows(delta -> {
            long[] sums = maps.computeIfAbsent(delta.windowStart, start -> new HashMap<>())
                    .computeIfAbsent(text(delta), cell -> new long[4]);
            sums[0] += delta.packets;
            sums[1] += delta.octets;
            sums[2] += delta.flowsOpened;
            sums[3] += delta.revision;
        });
        if (maps.size() >= HELD_WINDOWS) {
            maps.pollFirstEntry();
        }
        return maps;
    }

    /** The whole stage: deltas, key group, serializer both ways, state, timers, and the cells stated at the window's end. */
    @Benchmark
    public int wholeStage() throws Exception {
        rows(this::shuffleAndProcess);
        stage.processWatermark(endOfWindow());
        int stated = stage.getOutput().size();
        stage.getOutput().clear();
        return stated;
    }

    private static String text(MatrixDelta delta) {
        return delta.level.label() + "|" + delta.realm + "|"
                + Addresses.ip(delta.family, delta.sourceHigh, delta.sourceLow) + "|"
                + Addresses.ip(delta.family, delta.destinationHigh, delta.destinationLow);
    }

    private long endOfWindow() {
        return SCHEDULE.closesAt(row.windowStart);
    }

    private void shuffleAndProcess(MatrixDelta delta) {
        // What the sender of a keyed exchange does with the key.
        KeyGroupRangeAssignment.assignToKeyGroup(CellHash.bucket(delta, BUCKETS), KEY_GROUPS);
        try {
            out.clear();
            MatrixDeltaSerializer.INSTANCE.serialize(delta, out);
            in.setBuffer(out.getSharedBuffer(), 0, out.length());
            MatrixDeltaSerializer.INSTANCE.deserialize(received.getValue(), in);
            stage.getOneInputOperator().setKeyContextElement(received);
            stage.getOneInputOperator().processElement(received);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void rows(Consumer<MatrixDelta> to) {
        window++;
        row.realm = "default";
        row.family = PacketHeader.FAMILY_IPV4;
        row.windowStart = TimeUnit.SECONDS.toNanos(window * WINDOW_SECONDS);
        row.revision = 15;
        row.packets = 10;
        row.octets = 1_000;
        row.reversePackets = 5;
        row.reverseOctets = 200;
        for (int pair : pairOfRow) {
            row.sourceLow = 0x0A00_0000L + pair / SERVERS;
            row.destinationLow = 0x0A10_0000L + pair % SERVERS;
            deltas.of(row, to);
        }
    }

    private static KeyedOneInputStreamOperatorTestHarness<Integer, MatrixDelta, MatrixCell> stage() {
        try {
            KeyedOneInputStreamOperatorTestHarness<Integer, MatrixDelta, MatrixCell> stage =
                    new KeyedOneInputStreamOperatorTestHarness<>(
                            new KeyedProcessOperator<>(new AccumulateMatrixFunction(SCHEDULE, SubnetRule.COMMON)),
                            delta -> CellHash.bucket(delta, BUCKETS),
                            Types.INT,
                            KEY_GROUPS,
                            1,
                            0);
            stage.getExecutionConfig().enableObjectReuse();
            return stage;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
