package io.parallax.operator;

import io.parallax.flow.EventTime;
import io.parallax.io.Segments;
import io.parallax.model.SegmentSample;
import io.parallax.state.SegmentTableSerializer;
import io.parallax.vantage.SegmentTable;
import io.parallax.vantage.SegmentWindow;
import io.parallax.wire.Segment;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Gathers samples per pair of interfaces and states each pair once, when the watermark passes the end of the window. The
 * meter states rows before it passes that watermark on, so nothing of a window is missing then.
 *
 * <p>The key is a bucket of pairs ({@link SegmentSample#bucket}), with one timer per window. Needs the heap state backend
 * ({@code hashmap}).
 */
public final class EstimateSegmentsFunction extends KeyedProcessFunction<Integer, SegmentSample, Segment> {

    private static final long serialVersionUID = 1L;

    private final long windowNanos;
    private final Segments records;

    private transient ValueState<SegmentTable> tables;
    private transient Counter tooLate;
    private transient Counter beyondPairs;

    public EstimateSegmentsFunction(int windowSeconds) {
        this.windowNanos = TimeUnit.SECONDS.toNanos(windowSeconds);
        this.records = new Segments(windowSeconds);
    }

    @Override
    public void open(OpenContext context) {
        tables = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("segment-table", SegmentTableSerializer.INSTANCE));
        tooLate = getRuntimeContext().getMetricGroup().counter("samples_too_late");
        beyondPairs = getRuntimeContext().getMetricGroup().counter("samples_beyond_pairs");
    }

    @Override
    public void processElement(SegmentSample sample, Context context, Collector<Segment> out) throws Exception {
        long closesAt = EventTime.watermarkMillis(sample.windowStart + windowNanos);
        if (closesAt <= context.timerService().currentWatermark()) {
            // Late packets made a flow in a window that has been stated.
            tooLate.inc();
            return;
        }
        SegmentTable table = tables.value();
        if (table == null) {
            table = new SegmentTable();
        }
        table.add(sample);
        tables.update(table);
        context.timerService().registerEventTimeTimer(closesAt);
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Segment> out) throws Exception {
        SegmentTable table = tables.value();
        if (table == null) {
            return;
        }
        SegmentWindow window = table.remove(EventTime.passedNanos(time) - windowNanos);
        if (window != null) {
            window.forEach(pair -> out.collect(records.of(window.start(), pair)));
            beyondPairs.inc(window.rowsBeyond());
        }
        if (table.isEmpty()) {
            tables.clear();
        } else {
            tables.update(table);
        }
    }
}
