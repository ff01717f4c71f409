package io.parallax.operator;

import io.parallax.matrix.CellSchedule;
import io.parallax.matrix.MatrixDeltas;
import io.parallax.matrix.SubnetRule;
import io.parallax.matrix.WindowCells;
import io.parallax.model.FlowRow;
import io.parallax.state.WindowCellsSerializer;
import io.parallax.wire.MatrixCell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What the matrix costs per flow row, from the row to the record of the cell and on into the hour: differences, shuffle as
 * octets, sums in keyed state, statement at the end of the window. CPU time of the thread; prints each window, then medians
 * of the second half. Arguments: cells at levels address and vm together, windows.
 */
public final class MatrixStageCost {

    private static final int ROWS_PER_FLUSH = 20_000;
    private static final int LEAST_ROWS = 200_000;
    private static final int CELLS_PER_PAIR = 4;
    private static final int SERVERS = 1_000;
    private static final int WINDOW_SECONDS = 10;

    /** From one window to the next, so that each is forgotten before the next begins. Seconds. */
    private static final long STEP_SECONDS = 3L * WINDOW_SECONDS;

    private static final long WINDOW_NANOS = 10_000_000_000L;
    private static final int UNCAPPED = 10_000_000;
    private static final String[] PARTS = {
        "differences", "shuffle", "sums", "statement", "hour: shuffle", "hour: sums", "all"
    };

    private final int pairs;
    private final int rowsPerWindow;
    private final List<FlowRow> rows = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private final MatrixDeltas deltas = new MatrixDeltas(SubnetRule.COMMON, WINDOW_NANOS);
    private final MeasuredStage<String, WindowCells, MatrixCell> hours;
    private final MeasuredStage<String, WindowCells, MatrixCell> windows;
    private final List<WindowCells> changes = new ArrayList<>();

    private MatrixStageCost(int cells) throws Exception {
        pairs = cells / CELLS_PER_PAIR;
        rowsPerWindow = Math.max(LEAST_ROWS, 2 * pairs / ROWS_PER_FLUSH * ROWS_PER_FLUSH);
        hours = stage(new CellSchedule(3_600, Duration.ofSeconds(60)), false);
        windows = stage(new CellSchedule(WINDOW_SECONDS, Duration.ZERO), true);
        for (int i = 0; i < ROWS_PER_FLUSH; i++) {
            rows.add(new FlowRow());
        }
    }

    private MeasuredStage<String, WindowCells, MatrixCell> stage(CellSchedule schedule, boolean isRolledUp)
            throws Exception {
        return new MeasuredStage<>(
                new AccumulateMatrixFunction(schedule, UNCAPPED, isRolledUp),
                WindowCells::key,
                Types.STRING,
                WindowCellsSerializer.INSTANCE,
                (tag, change) -> changes.add((WindowCells) change));
    }

    private void draw(long window) {
        for (FlowRow row : rows) {
            int pair = random.nextInt(pairs);
            row.family = 4;
            row.windowStart = TimeUnit.SECONDS.toNanos(window * STEP_SECONDS);
            row.sourceLow = 0x0A00_0000L + pair / SERVERS;
            row.destinationLow = 0x0B00_0000L + pair % SERVERS;
            row.octets = 1_000;
            row.reverseOctets = 200;
            row.revision = 15;
        }
    }

    /** CPU time per flow row by part, ns; the last is the number of records. */
    private double[] window(int number) throws Exception {
        long addNanos = 0;
        for (int done = 0; done < rowsPerWindow; done += ROWS_PER_FLUSH) {
            draw(number);
            long begin = MeasuredStage.cpuNanos();
            rows.forEach(deltas::add);
            List<WindowCells> flushed = new ArrayList<>();
            deltas.flush(flushed::add);
            addNanos += MeasuredStage.cpuNanos() - begin;
            flushed.forEach(windows::add);
        }
        long stateNanos = windows.advance(TimeUnit.SECONDS.toMillis(number * STEP_SECONDS + WINDOW_SECONDS) - 1);
        changes.forEach(hours::add);
        changes.clear();
        windows.advance(TimeUnit.SECONDS.toMillis(number * STEP_SECONDS + 2 * WINDOW_SECONDS) - 1);
        long[] inWindow = windows.takeNanos();
        long[] inHour = hours.takeNanos();
        double[] parts = {addNanos, inWindow[0], inWindow[1], stateNanos, inHour[0], inHour[1]};
        double[] figures = new double[parts.length + 2];
        for (int i = 0; i < parts.length; i++) {
            figures[i] = parts[i] / rowsPerWindow;
            figures[parts.length] += figures[i];
        }
        figures[parts.length + 1] = windows.takeStated();
        return figures;
    }

    public static void main(String[] arguments) throws Exception {
        MatrixStageCost cost = new MatrixStageCost(Integer.parseInt(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        List<double[]> counted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] figures = cost.window(i);
            System.out.printf(
                    "window %d, %,d rows, %,.0f cells stated: %,.0f ns a row%n",
                    i, cost.rowsPerWindow, figures[PARTS.length], figures[PARTS.length - 1]);
            if (i >= count / 2) {
                counted.add(figures);
            }
        }
        for (int part = 0; part < PARTS.length; part++) {
            int at = part;
            double[] sorted =
                    counted.stream().mapToDouble(each -> each[at]).sorted().toArray();
            System.out.printf(
                    "%-14s %,7.0f ns a row (%,.0f to %,.0f)%n",
                    PARTS[part], sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
        }
        System.out.println(Arrays.toString(arguments));
    }
}
