package io.parallax.operator;

import io.parallax.io.AvroTypes;
import io.parallax.io.DependencySignals;
import io.parallax.signal.LostDependency;
import io.parallax.wire.DependencyChange;
import io.parallax.wire.Signal;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Signals of dependencies that disappeared; one that comes back ends its signal. What came back comes and goes: it is not
 * told again until {@link LostDependency#PROFILE}'s quiet time has passed. Kept of each: the open signal, whether it came
 * back, and a timer that forgets both.
 */
public final class DetectDependenciesFunction extends KeyedProcessFunction<String, DependencyChange, Signal> {

    private static final long serialVersionUID = 1L;

    private static final long KEPT_MILLIS = TimeUnit.NANOSECONDS.toMillis(LostDependency.PROFILE.quietNanos());

    private transient ValueState<Signal> open;
    private transient ValueState<Boolean> cameBack;
    private transient ValueState<Long> forgetAt;
    private transient Counter raised;

    @Override
    public void open(OpenContext context) {
        open = getRuntimeContext().getState(new ValueStateDescriptor<>("open-signal", AvroTypes.SIGNAL));
        cameBack = getRuntimeContext().getState(new ValueStateDescriptor<>("came-back", Types.BOOLEAN));
        forgetAt = getRuntimeContext().getState(new ValueStateDescriptor<>("forget-at", Types.LONG));
        raised = getRuntimeContext().getMetricGroup().counter("signals");
    }

    @Override
    public void processElement(DependencyChange change, Context context, Collector<Signal> out) throws Exception {
        switch (change.getChange()) {
            case "disappeared" -> disappear(change, context, out);
            case "returned" -> comeBack(change, context, out);
            case "retracted" -> end("retracted", out);
            default -> {} // new ones are told by the host's own list, and names that change are no signal
        }
    }

    private void disappear(DependencyChange change, Context context, Collector<Signal> out) throws Exception {
        Optional<Signal> signal = DependencySignals.lost(change);
        if (signal.isPresent() && cameBack.value() == null && open.value() == null) {
            open.update(signal.get());
            keep(change, context);
            tell(signal.get(), out);
        }
    }

    private void comeBack(DependencyChange change, Context context, Collector<Signal> out) throws Exception {
        cameBack.update(true);
        keep(change, context);
        end("close", out);
    }

    private void end(String state, Collector<Signal> out) throws Exception {
        Signal signal = open.value();
        if (signal != null) {
            open.clear();
            tell(DependencySignals.ended(signal, state), out);
        }
    }

    private void tell(Signal signal, Collector<Signal> out) {
        raised.inc();
        out.collect(signal);
    }

    private void keep(DependencyChange change, Context context) throws Exception {
        long at = change.getChangedAt().toEpochMilli() + KEPT_MILLIS;
        forgetAt.update(at);
        context.timerService().registerEventTimeTimer(at);
    }

    /** At the end of the input nothing ended what is open. */
    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Signal> out) throws Exception {
        Long last = forgetAt.value();
        if (last != null && last > time) {
            return;
        }
        if (context.timerService().currentWatermark() != Long.MAX_VALUE) {
            end("close", out);
        }
        open.clear();
        cameBack.clear();
        forgetAt.clear();
    }
}
