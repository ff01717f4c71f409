package io.parallax.operator;

import io.parallax.dependency.Change;
import io.parallax.dependency.DependencySchedule;
import io.parallax.dependency.DependencyTable;
import io.parallax.io.AvroTypes;
import io.parallax.io.DependencyRecords;
import io.parallax.model.DependencyDelta;
import io.parallax.state.DependencyTableSerializer;
import io.parallax.wire.Dependency;
import io.parallax.wire.DependencyChange;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Adds up dependencies: one is stated when a window in which something of it changed is over, as it stands since it was
 * first seen. What is worth telling of it leaves by {@link #CHANGES}.
 *
 * <p>The key is a bucket of dependencies ({@link DependencyDelta#bucket}), with one timer per window and one for those that
 * may have fallen silent. Needs the heap state backend ({@code hashmap}).
 */
public final class TraceDependenciesFunction extends KeyedProcessFunction<Integer, DependencyDelta, Dependency> {

    private static final long serialVersionUID = 1L;

    /** New, changed, returned, disappeared, retracted. */
    public static final OutputTag<DependencyChange> CHANGES =
            new OutputTag<>("dependency-changes", AvroTypes.DEPENDENCY_CHANGE);

    private final DependencySchedule schedule;
    private final DependencyRecords records;

    private transient ValueState<DependencyTable> tables;
    private transient Counter changes;
    private transient Counter folded;
    private transient Counter beyond;

    public TraceDependenciesFunction(DependencySchedule schedule) {
        this.schedule = schedule;
        this.records = new DependencyRecords(schedule);
    }

    @Override
    public void open(OpenContext context) {
        tables = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("dependency-table", DependencyTableSerializer.INSTANCE));
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        changes = metrics.counter("changes");
        folded = metrics.counter("deltas_folded");
        beyond = metrics.counter("attempts_beyond");
    }

    @Override
    public void processElement(DependencyDelta delta, Context context, Collector<Dependency> out) throws Exception {
        DependencyTable table = tables.value();
        if (table == null) {
            table = new DependencyTable();
        }
        table.add(delta, schedule);
        tables.update(table);
        if (!delta.isMark()) {
            TimerService timers = context.timerService();
            timers.registerEventTimeTimer(
                    Math.max(schedule.closesAt(delta.windowStart), timers.currentWatermark() + 1));
        }
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Dependency> out) throws Exception {
        DependencyTable table = tables.value();
        if (table == null) {
            return;
        }
        int bucket = context.getCurrentKey();
        table.advance(schedule, time, (dependency, change, atNanos) -> {
            out.collect(records.of(dependency, bucket, atNanos));
            if (!change.equals(Change.NONE)) {
                changes.inc();
                context.output(CHANGES, records.of(dependency, change, atNanos));
            }
        });
        folded.inc(table.takeDeltasFolded());
        beyond.inc(table.takeAttemptsBeyond());
        arm(table, context.timerService());
        if (table.isEmpty()) {
            tables.clear();
        } else {
            tables.update(table);
        }
    }

    /** Behind the end of the input nobody falls silent, and a timer would only arrange the next one. */
    private static void arm(DependencyTable table, TimerService timers) {
        if (timers.currentWatermark() != Long.MAX_VALUE) {
            long next = table.arm();
            if (next != Long.MAX_VALUE) {
                timers.registerEventTimeTimer(next);
            }
        }
    }
}
