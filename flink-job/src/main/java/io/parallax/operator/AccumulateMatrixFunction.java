package io.parallax.operator;

import io.parallax.io.MatrixCells;
import io.parallax.matrix.CappedCells;
import io.parallax.matrix.CellSchedule;
import io.parallax.matrix.WindowCells;
import io.parallax.state.WindowCellsSerializer;
import io.parallax.wire.MatrixCell;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the matrices: cells are stated when their window ends, and those that change later again, as greater revisions, at
 * the next watermark, until the allowed lateness is over. What was stated leaves by {@link #CHANGES} too, as differences, for
 * a longer window to add up.
 *
 * <p>A key is a matrix ({@link WindowCells#key}), so that it can be held to its cap. Needs the heap state backend
 * ({@code hashmap}).
 */
public final class AccumulateMatrixFunction extends KeyedProcessFunction<String, WindowCells, MatrixCell> {

    private static final long serialVersionUID = 1L;
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    /** What changed in the stated cells, in the hour that their window begins in. */
    public static final OutputTag<WindowCells> CHANGES =
            new OutputTag<>("matrix-window-changes", WindowCellsSerializer.TYPE);

    private final CellSchedule schedule;
    private final int maxCells;
    private final boolean isRolledUp;
    private final MatrixCells records;

    private transient ValueState<WindowCells> matrices;
    private transient ValueState<WindowCells> revisions;
    private transient CappedCells cap;
    private transient Counter tooLate;

    /**
     * @param maxCells of a matrix, as {@link CappedCells} keeps it
     * @param isRolledUp whether anybody reads {@link #CHANGES}
     */
    public AccumulateMatrixFunction(CellSchedule schedule, int maxCells, boolean isRolledUp) {
        this.schedule = schedule;
        this.maxCells = maxCells;
        this.isRolledUp = isRolledUp;
        this.records = new MatrixCells(schedule.windowSeconds());
    }

    @Override
    public void open(OpenContext context) {
        matrices = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("matrix-cells", WindowCellsSerializer.INSTANCE));
        revisions = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("matrix-revisions", WindowCellsSerializer.INSTANCE));
        tooLate = getRuntimeContext().getMetricGroup().counter("deltas_too_late");
        Counter cells = getRuntimeContext().getMetricGroup().counter("cells_folded");
        Counter entities = getRuntimeContext().getMetricGroup().counter("entities_folded");
        cap = new CappedCells(maxCells, cells::inc, entities::inc);
    }

    @Override
    public void processElement(WindowCells delta, Context context, Collector<MatrixCell> out) throws Exception {
        TimerService timers = context.timerService();
        if (schedule.forgottenAt(delta.start()) <= timers.currentWatermark()) {
            // Only a meter that allows more lateness than we do can get here: it emits a revision before the watermark
            // passes.
            tooLate.inc();
            return;
        }
        WindowCells held = matrices.value();
        WindowCells cells = held == null ? new WindowCells(delta.level(), delta.realm(), delta.start()) : held;
        if (!cells.hasUnstated()) {
            timers.registerEventTimeTimer(Math.max(schedule.closesAt(delta.start()), timers.currentWatermark() + 1));
        }
        WindowCells revised = isRolledUp && cells.wasStated() ? revised(cells) : null;
        matrices.update(cap.add(cells, delta, revised));
        if (revised != null) {
            revisions.update(revised);
        }
    }

    /** What changed since the last statement. */
    private WindowCells revised(WindowCells cells) throws Exception {
        @Nullable WindowCells held = revisions.value();
        return held == null ? new WindowCells(cells.level(), cells.realm(), hourOf(cells)) : held;
    }

    private static long hourOf(WindowCells cells) {
        return Math.floorDiv(cells.start(), HOUR_NANOS) * HOUR_NANOS;
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<MatrixCell> out) throws Exception {
        WindowCells cells = matrices.value();
        if (cells == null) {
            return;
        }
        if (cells.hasUnstated() && schedule.closesAt(cells.start()) <= time) {
            state(cap.capped(cells), context, out);
        }
        if (schedule.forgottenAt(cells.start()) <= time) {
            matrices.clear();
        }
    }

    private void state(WindowCells cells, OnTimerContext context, Collector<MatrixCell> out) throws Exception {
        for (int cell = 0; cell < cells.size(); cell++) {
            if (!cells.isStated(cell)) {
                out.collect(records.of(cells, cell));
            }
        }
        if (isRolledUp) {
            context.output(CHANGES, cells.wasStated() ? revised(cells) : cells.as(hourOf(cells)));
            revisions.clear();
        }
        cells.markStated();
        matrices.update(cells);
        context.timerService().registerEventTimeTimer(schedule.forgottenAt(cells.start()));
    }
}
