package io.parallax.operator;

import io.parallax.io.AvroTypes;
import io.parallax.io.SignalRecords;
import io.parallax.signal.CommonService;
import io.parallax.signal.SignalBudget;
import io.parallax.wire.Signal;
import java.time.Instant;
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
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Where signals of all detectors meet before they leave, by realm: holds and takes back what turns out to be
 * common ({@link CommonService}), and says of each whether it is within the alert budget ({@link SignalBudget}).
 *
 * <p>Signals are taken in the order of event time, then of their identities: what is decided does not depend on which detector
 * was read first.
 */
public final class RaiseSignalsFunction extends KeyedProcessFunction<String, Signal, Signal> {

    private static final long serialVersionUID = 1L;

    private static final long NANOS_OF_MILLI = 1_000_000;

    private static final Comparator<Signal> ORDER = Comparator.comparing(Signal::getDetectedAt)
            .thenComparing(Signal::getSignalId)
            .thenComparing(Signal::getRevision);

    private final int mostADay;

    private transient MapState<Long, List<Signal>> waiting;
    private transient MapState<String, List<Signal>> claims;
    private transient MapState<String, List<Signal>> held;
    private transient MapState<Long, List<String>> agenda;
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
        held = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("held", Types.STRING, Types.LIST(AvroTypes.SIGNAL)));
        agenda = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("agenda", Types.LONG, Types.LIST(Types.STRING)));
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
        release(time, context.timerService(), out);
        List<Signal> together = waiting.get(time);
        waiting.remove(time);
        if (together == null) {
            return;
        }
        together.sort(ORDER);
        for (Signal signal : together) {
            raise(signal, context.timerService(), out);
        }
    }

    private void release(long time, TimerService timers, Collector<Signal> out) throws Exception {
        List<String> due = agenda.get(time);
        agenda.remove(time);
        if (due == null) {
            return;
        }
        Instant now = Instant.ofEpochMilli(time);
        for (String service : due) {
            CommonService.Known known = known(service);
            if (!known.due().isAfter(now)) {
                keep(service, CommonService.release(known, now), timers, out);
            }
        }
    }

    private void raise(Signal signal, TimerService timers, Collector<Signal> out) throws Exception {
        if (!CommonService.isCandidate(signal)) {
            state(signal, out);
            return;
        }
        String service = CommonService.key(signal);
        CommonService.Verdict verdict = CommonService.judge(signal, known(service));
        common.inc(verdict.isCommon() ? 1 : 0);
        keep(service, verdict, timers, out);
    }

    private CommonService.Known known(String service) throws Exception {
        List<Signal> said = claims.get(service);
        List<Signal> kept = held.get(service);
        return new CommonService.Known(said == null ? List.of() : said, kept == null ? List.of() : kept);
    }

    private void keep(String service, CommonService.Verdict verdict, TimerService timers, Collector<Signal> out)
            throws Exception {
        put(claims, service, verdict.known().claims());
        put(held, service, verdict.known().held());
        if (!verdict.known().isEmpty()) {
            plan(service, ceilingMillis(verdict.known().due()), timers);
        }
        for (Signal said : verdict.said()) {
            state(said, out);
        }
    }

    private void plan(String service, long millis, TimerService timers) throws Exception {
        List<String> planned = agenda.get(millis);
        List<String> more = planned == null ? new ArrayList<>() : planned;
        if (!more.contains(service)) {
            more.add(service);
            agenda.put(millis, more);
            timers.registerEventTimeTimer(millis);
        }
    }

    private static void put(MapState<String, List<Signal>> state, String service, List<Signal> signals)
            throws Exception {
        if (signals.isEmpty()) {
            state.remove(service);
        } else {
            state.put(service, signals);
        }
    }

    /** A timer must not be earlier than what it is for. */
    private static long ceilingMillis(Instant time) {
        return time.plusNanos(NANOS_OF_MILLI - 1).toEpochMilli();
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
