package io.parallax.operator;

import io.parallax.io.AvroTypes;
import io.parallax.io.SignalRecords;
import io.parallax.signal.CommonService;
import io.parallax.signal.SignalBudget;
import io.parallax.wire.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Where signals of all detectors meet before they leave, by realm: takes back what turns out to be common
 * ({@link CommonService}), and says of each whether it is within the alert budget ({@link SignalBudget}).
 *
 * <p>Signals are taken in the order of event time, then of their identities: what is decided does not depend on which detector
 * was read first.
 */
public final class RaiseSignalsFunction extends KeyedProcessFunction<String, Signal, Signal> {

    private static final long serialVersionUID = 1L;

    private static final Comparator<Signal> ORDER = Comparator.comparing(Signal::getDetectedAt)
            .thenComparing(Signal::getSignalId)
            .thenComparing(Signal::getRevision);

    private final int mostADay;

    private transient MapState<Long, List<Signal>> waiting;
    private transient MapState<String, List<Signal>> claims;
    private transient MapState<String, Boolean> isWithinBudget;
    private transient ValueState<long[]> budget;
    private transient Counter raised;
    private transient Counter beyondBudget;
    private transient Counter common;

    /** @param mostADay signals within budget a day */
    public RaiseSignalsFunction(int mostADay) {
        this.mostADay = mostADay;
    }

    @Override
    public void open(OpenContext context) {
        waiting = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("waiting", Types.LONG, Types.LIST(AvroTypes.SIGNAL)));
        claims = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("claims", Types.STRING, Types.LIST(AvroTypes.SIGNAL)));
        isWithinBudget =
                getRuntimeContext().getMapState(new MapStateDescriptor<>("within-budget", Types.STRING, Types.BOOLEAN));
        budget = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("budget", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        raised = metrics.counter("signals_raised");
        beyondBudget = metrics.counter("signals_beyond_budget");
        common = metrics.counter("signals_common");
    }

    @Override
    public void processElement(Signal signal, Context context, Collector<Signal> out) throws Exception {
        long time = context.timestamp();
        List<Signal> together = waiting.get(time);
        List<Signal> more = together == null ? new ArrayList<>() : together;
        more.add(signal);
        waiting.put(time, more);
        context.timerService().registerEventTimeTimer(time);
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Signal> out) throws Exception {
        List<Signal> together = waiting.get(time);
        waiting.remove(time);
        if (together == null) {
            return;
        }
        together.sort(ORDER);
        for (Signal signal : together) {
            raise(signal, out);
        }
    }

    private void raise(Signal signal, Collector<Signal> out) throws Exception {
        if (!CommonService.isCandidate(signal)) {
            state(signal, out);
            return;
        }
        String service = CommonService.key(signal);
        List<Signal> known = claims.get(service);
        CommonService.Verdict verdict = CommonService.judge(signal, known == null ? List.of() : known);
        if (verdict.known().isEmpty()) {
            claims.remove(service);
        } else {
            claims.put(service, verdict.known());
        }
        common.inc(verdict.isCommon() ? 1 : 0);
        for (Signal said : verdict.said()) {
            state(said, out);
        }
    }

    private void state(Signal signal, Collector<Signal> out) throws Exception {
        String id = signal.getSignalId();
        Boolean known = isWithinBudget.get(id);
        boolean isWithin = known == null ? offer(signal) : known;
        signal.setIsWithinBudget(isWithin);
        if (SignalRecords.isEnd(signal)) {
            isWithinBudget.remove(id);
        } else {
            isWithinBudget.put(id, isWithin);
        }
        if (known == null) {
            raised.inc();
            beyondBudget.inc(isWithin ? 0 : 1);
        }
        out.collect(signal);
    }

    /** What only lists a dependency asks nobody for time. */
    private boolean offer(Signal signal) throws Exception {
        if (SignalRecords.isListing(signal)) {
            return true;
        }
        long[] figures = budget.value();
        SignalBudget current = figures == null ? new SignalBudget() : SignalBudget.of(figures);
        boolean isWithin =
                current.offer(SignalRecords.detectedAtNanos(signal), SignalRecords.evidence(signal), mostADay);
        budget.update(current.figures());
        return isWithin;
    }
}
