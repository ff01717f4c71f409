package io.parallax.operator;

import io.parallax.completeness.AccountSchedule;
import io.parallax.completeness.WindowAccount;
import io.parallax.io.CompletenessRecords;
import io.parallax.model.AccountEntry;
import io.parallax.state.WindowAccountSerializer;
import io.parallax.wire.Completeness;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keeps the accounts of interfaces (the key): an account is stated a second after its window's end, and again, as a greater
 * revision, at the next watermark after something in it changed, until the allowed lateness is over.
 */
public final class ReconcileLedgerFunction extends KeyedProcessFunction<String, AccountEntry, Completeness> {

    private static final long serialVersionUID = 1L;

    private final AccountSchedule schedule;
    private final CompletenessRecords records;

    private transient MapState<Long, WindowAccount> accounts;
    private transient Counter rows;
    private transient Counter unbalanced;
    private transient Counter tooLate;

    public ReconcileLedgerFunction(AccountSchedule schedule) {
        this.schedule = schedule;
        this.records = new CompletenessRecords(schedule.windowSeconds());
    }

    @Override
    public void open(OpenContext context) {
        accounts = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "accounts", LongSerializer.INSTANCE, WindowAccountSerializer.INSTANCE));
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        rows = metrics.counter("rows");
        unbalanced = metrics.counter("rows_unbalanced");
        tooLate = metrics.counter("entries_too_late");
    }

    @Override
    public void processElement(AccountEntry entry, Context context, Collector<Completeness> out) throws Exception {
        TimerService timers = context.timerService();
        long start = schedule.windowStart(entry.windowStartNanos);
        if (schedule.forgottenAt(start) <= timers.currentWatermark()) {
            tooLate.inc();
            return;
        }
        WindowAccount account = accounts.get(start);
        if (account == null) {
            account = new WindowAccount(entry.sensorId, entry.interfaceName, start);
            timers.registerEventTimeTimer(schedule.forgottenAt(start));
        }
        account.add(entry);
        accounts.put(start, account);
        if (!account.isStated()) {
            timers.registerEventTimeTimer(Math.max(schedule.statedAt(start), timers.currentWatermark() + 1));
        }
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Completeness> out) throws Exception {
        for (Iterator<Map.Entry<Long, WindowAccount>> each = accounts.iterator(); each.hasNext(); ) {
            Map.Entry<Long, WindowAccount> kept = each.next();
            WindowAccount account = kept.getValue();
            if (!account.isStated() && schedule.statedAt(account.windowStartNanos()) <= time) {
                state(account, out);
                kept.setValue(account);
            }
            if (schedule.forgottenAt(account.windowStartNanos()) <= time) {
                each.remove();
            }
        }
        if (accounts.isEmpty()) {
            accounts.clear(); // an empty map would be an entry of the state
        }
    }

    private void state(WindowAccount account, Collector<Completeness> out) {
        out.collect(records.of(account));
        rows.inc();
        if (account.residual() != 0) {
            unbalanced.inc();
        }
        account.setStated();
    }
}
