package io.parallax.operator;

import io.parallax.flow.EventTime;
import io.parallax.io.SignalRecords;
import io.parallax.model.Fact;
import io.parallax.model.Facts;
import io.parallax.signal.Memory;
import io.parallax.signal.Tuning;
import io.parallax.signal.Watch;
import io.parallax.signal.WatchRules;
import io.parallax.state.WatchSerializer;
import io.parallax.wire.Signal;
import java.io.Serializable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Detectors at work: a bucket's {@link Watch} is the keyed state. Facts wait in it until event time has passed them, in
 * steps of {@value #STEP_MILLIS} ms.
 *
 * <p>Needs the heap state backend ({@code hashmap}): another one would read and write all that is known of a bucket each time.
 */
public final class DetectFunction<F extends Fact> extends KeyedProcessFunction<Integer, Facts<F>, Signal> {

    private static final long serialVersionUID = 1L;

    private static final long STEP_MILLIS = 100;

    /** Makes the rules from how detectors are tuned. */
    public interface Rules<F extends Fact> extends Serializable {
        WatchRules<F> of(Tuning tuning);
    }

    private final Rules<F> rules;

    private transient WatchRules<F> current;
    private transient ValueState<Watch<F>> watches;
    private transient Counter raised;
    private transient Counter late;
    private transient Counter forgotten;

    public DetectFunction(Rules<F> rules) {
        this.rules = rules;
    }

    @Override
    public void open(OpenContext context) {
        current = rules.of(Tuning.DEFAULT);
        watches = getRuntimeContext().getState(new ValueStateDescriptor<>("watch", WatchSerializer.<F>instance()));
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        raised = metrics.counter("signals");
        late = metrics.counter("facts_late");
        forgotten = metrics.counter("subjects_forgotten");
    }

    @Override
    public void processElement(Facts<F> facts, Context context, Collector<Signal> out) throws Exception {
        Watch<F> watch = watches.value();
        if (watch == null) {
            watch = new Watch<>();
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE); // the end of the input, if there is one
        }
        watch.configure(current);
        facts.facts().forEach(watch::add);
        keep(watch, context.timerService());
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Signal> out) throws Exception {
        Watch<F> watch = watches.value();
        if (watch == null) {
            return;
        }
        watch.configure(current);
        boolean isEnd = context.timerService().currentWatermark() == Long.MAX_VALUE; // nobody knows what came after it
        watch.advance(isEnd ? Long.MAX_VALUE : EventTime.passedNanos(time) - 1, signal -> {
            raised.inc();
            out.collect(SignalRecords.of(signal));
        });
        late.inc(watch.takeLateFacts());
        forgotten.inc(watch.takeForgottenSubjects());
        keep(watch, context.timerService());
    }

    private void keep(Watch<F> watch, TimerService timers) throws Exception {
        if (watch.isEmpty()) {
            watches.clear();
            timers.deleteEventTimeTimer(Long.MAX_VALUE);
            return;
        }
        watches.update(watch);
        long due = watch.due();
        if (due != Memory.NEVER) {
            timers.registerEventTimeTimer(step(due));
        }
    }

    /** The first step whose watermark says that {@code due} itself has passed, ms: when it fires, something is done. */
    static long step(long due) {
        long passed = EventTime.watermarkMillis(due) + 1;
        return Math.floorDiv(passed, STEP_MILLIS) * STEP_MILLIS + STEP_MILLIS - 1;
    }
}
