package io.parallax.operator;

import io.parallax.io.MatrixCells;
import io.parallax.matrix.CellSchedule;
import io.parallax.matrix.CellTable;
import io.parallax.matrix.SubnetRule;
import io.parallax.matrix.WindowCells;
import io.parallax.model.MatrixDelta;
import io.parallax.state.CellTableSerializer;
import io.parallax.wire.MatrixCell;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Adds up the matrix: a cell is stated when its window ends, and again, as a greater revision, at the next watermark after
 * late deltas, until the allowed lateness is over.
 *
 * <p>The key is a bucket of cells ({@link io.parallax.matrix.CellHash#bucket}), and a bucket's table one state value with
 * one timer per window: with a state value and timers per cell, those cost several times what the adding does
 * (docs/benchmarks/matrix.md). Needs the heap state backend ({@code hashmap}).
 */
public final class AccumulateMatrixFunction extends KeyedProcessFunction<Integer, MatrixDelta, MatrixCell> {

    private static final long serialVersionUID = 1L;

    private final CellSchedule schedule;
    private final MatrixCells records;

    private transient ValueState<CellTable> tables;
    private transient Counter tooLate;

    public AccumulateMatrixFunction(CellSchedule schedule, SubnetRule subnets) {
        this.schedule = schedule;
        this.records = new MatrixCells(schedule.windowSeconds(), subnets);
    }

    @Override
    public void open(OpenContext context) {
        tables = getRuntimeContext().getState(new ValueStateDescriptor<>("cell-table", CellTableSerializer.INSTANCE));
        tooLate = getRuntimeContext().getMetricGroup().counter("deltas_too_late");
    }

    @Override
    public void processElement(MatrixDelta delta, Context context, Collector<MatrixCell> out) throws Exception {
        TimerService timers = context.timerService();
        if (schedule.forgottenAt(delta.windowStart) <= timers.currentWatermark()) {
            // Only a meter that allows more lateness than we do can get here: it emits a revision before the watermark
            // passes.
            tooLate.inc();
            return;
        }
        CellTable table = tables.value();
        if (table == null) {
            table = new CellTable();
        }
        if (table.add(delta)) {
            timers.registerEventTimeTimer(
                    Math.max(schedule.closesAt(delta.windowStart), timers.currentWatermark() + 1));
        }
        tables.update(table);
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<MatrixCell> out) throws Exception {
        CellTable table = tables.value();
        if (table == null) {
            return;
        }
        table.state(schedule, time, cells -> {
            state(cells, out);
            context.timerService().registerEventTimeTimer(schedule.forgottenAt(cells.start()));
        });
        table.forget(schedule, time);
        if (table.isEmpty()) {
            tables.clear();
        } else {
            tables.update(table);
        }
    }

    private void state(WindowCells cells, Collector<MatrixCell> out) {
        for (int cell = 0; cell < cells.size(); cell++) {
            if (!cells.isStated(cell)) {
                out.collect(records.of(cells, cell));
            }
        }
    }
}
