package io.parallax.operator;

import io.parallax.dependency.DependencyDeltas;
import io.parallax.flow.EventTime;
import io.parallax.flow.FlowTable;
import io.parallax.flow.MeterSettings;
import io.parallax.flow.StreamShares;
import io.parallax.io.FlowRecords;
import io.parallax.label.RealmRule;
import io.parallax.matrix.MatrixDeltas;
import io.parallax.matrix.SubnetRule;
import io.parallax.matrix.WindowCells;
import io.parallax.model.AccountEntry;
import io.parallax.model.DependencyDelta;
import io.parallax.model.Facts;
import io.parallax.model.FlowFact;
import io.parallax.model.FlowRow;
import io.parallax.model.FlowStep;
import io.parallax.model.HeaderBlock;
import io.parallax.model.RawRecord;
import io.parallax.model.SegmentSample;
import io.parallax.model.StreamShare;
import io.parallax.signal.FlowFacts;
import io.parallax.state.AccountEntrySerializer;
import io.parallax.state.DependencyDeltaSerializer;
import io.parallax.state.FlowFactsSerializer;
import io.parallax.state.FlowTableSerializer;
import io.parallax.state.HeaderBlockSerializer;
import io.parallax.state.SegmentSampleSerializer;
import io.parallax.state.WindowCellsSerializer;
import io.parallax.vantage.SegmentSamples;
import io.parallax.wire.Flow;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;

/**
 * Meters: a bucket's flow table is the keyed state, and one timer per bucket drives it, not one per flow.
 *
 * <p>Flows leave as records, what they change in the matrix leaves by {@link #CHANGES}, what became of each interface's
 * packets by {@link #SHARES}. An operator and not a function,
 * because it has to see watermarks: the last one before the end of the input tells how far the input was heard.
 *
 * <p>The second input is the inventory, every task gets all of it: rows bear the names that it gives, and are stated again
 * when it changes what was stated, at the next watermark and so once for many changes.
 *
 * <p>Needs the heap state backend ({@code hashmap}): another one would read and write the whole table per block.
 */
public final class MeterFlowsOperator extends AbstractStreamOperator<Flow>
        implements TwoInputStreamOperator<HeaderBlock, RawRecord, Flow>, Triggerable<Integer, VoidNamespace> {

    private static final long serialVersionUID = 1L;

    public static final OutputTag<WindowCells> CHANGES = new OutputTag<>("matrix-changes", WindowCellsSerializer.TYPE);

    /** What became of the packets, per interface and window. */
    public static final OutputTag<AccountEntry> SHARES = new OutputTag<>("packet-shares", AccountEntrySerializer.TYPE);
    /** What rows that several interfaces saw tell of the way between these; each row once, in its first revision. */
    public static final OutputTag<SegmentSample> SEGMENTS =
            new OutputTag<>("segment-samples", SegmentSampleSerializer.TYPE);

    /** What rows change in dependencies, added up between two watermarks. */
    public static final OutputTag<DependencyDelta> DEPENDENCIES =
            new OutputTag<>("dependency-deltas", DependencyDeltaSerializer.TYPE);

    /** How attempts go, ahead of the rows of their windows, and what passed: for the hosts at both ends of a flow. */
    public static final OutputTag<Facts<FlowFact>> FACTS = new OutputTag<>("flow-facts", FlowFactsSerializer.TYPE);

    /** Accumulator of the packets that came after the allowed lateness; also the metric of that name. */
    public static final String TOO_LATE = "packets_too_late";

    private static final int BLOCKS = 0;
    private static final ListStateDescriptor<HeaderBlock> WAITING =
            new ListStateDescriptor<>("waiting-blocks", HeaderBlockSerializer.INSTANCE);
    private static final ValueStateDescriptor<FlowTable> TABLES =
            new ValueStateDescriptor<>("flow-table", FlowTableSerializer.INSTANCE);

    private final MeterSettings settings;
    private final SubnetRule subnets;
    private final RealmRule realms;
    private final boolean hasMatrix;
    private final boolean isInventoryBounded;

    private transient FlowRecords records;
    private transient MatrixDeltas deltas;
    private transient SegmentSamples samples;
    private transient StreamRecord<SegmentSample> sampleRecord;
    private transient Consumer<SegmentSample> sample;
    private transient ValueState<FlowTable> tables;
    private transient KnownInventory known;
    private transient MeterSettings current;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient StreamRecord<Flow> flowRecord;
    private transient Consumer<FlowRow> emit;
    private transient Consumer<WindowCells> change;
    private transient StreamShares shares;
    private transient Consumer<StreamShare> share;
    private transient Consumer<AccountEntry> account;
    private transient DependencyDeltas dependencies;
    private transient Consumer<DependencyDelta> dependency;
    private transient FlowFacts facts;
    private transient Consumer<Facts<FlowFact>> tellFacts;
    private transient Consumer<FlowStep> step;
    private transient Set<Integer> untold;
    private transient boolean isUntoldKnown;
    private transient boolean isWaiting;
    private transient long heardUntilNanos;
    private transient Counter packets;
    private transient Counter rows;
    private transient Counter tooLate;
    private transient Counter aggregated;
    private transient LongCounter tooLateTotal;

    /**
     * @param realms of what ARP and neighbour discovery claim
     * @param hasMatrix whether anybody reads {@link #CHANGES}
     * @param isInventoryBounded blocks wait until the inventory has ended, so that all of it is known for all of them
     */
    public MeterFlowsOperator(
            MeterSettings settings,
            SubnetRule subnets,
            RealmRule realms,
            boolean hasMatrix,
            boolean isInventoryBounded) {
        this.settings = settings;
        this.subnets = subnets;
        this.realms = realms;
        this.hasMatrix = hasMatrix;
        this.isInventoryBounded = isInventoryBounded;
    }

    @Override
    public void open() throws Exception {
        super.open();
        records = new FlowRecords((int) TimeUnit.NANOSECONDS.toSeconds(settings.windowNanos()));
        deltas = new MatrixDeltas(subnets, settings.windowNanos());
        tables = getPartitionedState(TABLES);
        known = new KnownInventory(getOperatorStateBackend(), settings::prefixLength, realms);
        settle();
        timers = getInternalTimerService("due", VoidNamespaceSerializer.INSTANCE, this);
        flowRecord = new StreamRecord<>(null);
        samples = new SegmentSamples();
        sampleRecord = new StreamRecord<>(null);
        sample = one -> output.collect(SEGMENTS, sampleRecord.replace(one));
        change = delta -> output.collect(CHANGES, new StreamRecord<>(delta));
        emit = this::emit;
        shares = new StreamShares(settings.windowNanos());
        share = shares::add;
        account = entry -> output.collect(SHARES, new StreamRecord<>(entry));
        dependencies = new DependencyDeltas();
        dependency = delta -> output.collect(DEPENDENCIES, new StreamRecord<>(delta));
        facts = new FlowFacts(settings.windowNanos());
        tellFacts = told -> output.collect(FACTS, new StreamRecord<>(told));
        step = facts::add;
        untold = new TreeSet<>();
        heardUntilNanos = Long.MIN_VALUE;
        isWaiting = isInventoryBounded;
        MetricGroup metrics = getMetricGroup();
        packets = metrics.counter("packets");
        rows = metrics.counter("rows");
        tooLate = metrics.counter(TOO_LATE);
        aggregated = metrics.counter("packets_aggregated");
        metrics.gauge("claims_refused", (Gauge<Long>) known::refusedClaims);
        tooLateTotal = new LongCounter();
        getRuntimeContext().addAccumulator(TOO_LATE, tooLateTotal);
    }

    private void settle() throws Exception {
        known.settle();
        current = settings.withSensorHosts(known.hostOfSensor(settings.sensorHosts()));
    }

    @Override
    public void processElement1(StreamRecord<HeaderBlock> element) throws Exception {
        if (isWaiting) {
            getPartitionedState(WAITING).add(element.getValue());
        } else {
            fold(element.getValue());
        }
    }

    private void fold(HeaderBlock block) throws Exception {
        FlowTable table = tables.value();
        if (table == null) {
            table = new FlowTable(current, EventTime.passedNanos(timers.currentWatermark()));
        }
        configure(table);
        table.passed(EventTime.passedNanos(timers.currentWatermark()));
        long tooLateBefore = table.tooLatePackets();
        long aggregatedBefore = table.aggregatedPackets();
        table.fold(block);
        table.drainShares(share);
        packets.inc(block.packetCount() - block.evidenceCount());
        tooLate.inc(table.tooLatePackets() - tooLateBefore);
        aggregated.inc(table.aggregatedPackets() - aggregatedBefore);
        tooLateTotal.add(table.tooLatePackets() - tooLateBefore);
        keep(table);
    }

    @Override
    public void processElement2(StreamRecord<RawRecord> change) throws Exception {
        known.take(change.getValue());
    }

    private void foldAll(ListState<HeaderBlock> blocks) throws Exception {
        for (HeaderBlock block : blocks.get()) {
            fold(block);
        }
        blocks.clear();
    }

    private void configure(FlowTable table) {
        table.configure(current);
        table.nameBy(known.inventory());
    }

    private void keep(FlowTable table) throws Exception {
        if (table.isUntold()) {
            untold.add((Integer) getCurrentKey());
        }
        if (table.isEmpty()) {
            tables.clear();
            return;
        }
        tables.update(table);
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, EventTime.watermarkMillis(table.due()));
    }

    @Override
    public void onEventTime(InternalTimer<Integer, VoidNamespace> timer) throws Exception {
        FlowTable table = tables.value();
        if (table == null) {
            return;
        }
        configure(table);
        long time = EventTime.passedNanos(timer.getTimestamp());
        table.advance(time, heardUntilNanos, emit);
        if (table.isUntold()) {
            table.tell(toldUntil(timers.currentWatermark()), time, step);
        }
        keep(table);
        flush(); // ahead of the watermark that is being processed
    }

    private void flush() {
        shares.flush(account);
        dependencies.flush(dependency);
        deltas.flush(change);
        facts.flush(tellFacts);
    }

    private void emit(FlowRow row) {
        rows.inc();
        shares.add(row);
        output.collect(flowRecord.replace(records.of(row)));
        samples.of(row, sample);
        dependencies.add(row);
        facts.add(row);
        if (hasMatrix) {
            deltas.add(row);
            if (deltas.isFull()) {
                deltas.flush(change);
            }
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<Integer, VoidNamespace> timer) {
        throw new IllegalStateException("no processing-time timer is ever set");
    }

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        if (mark.getTimestamp() != Long.MAX_VALUE) {
            heardUntilNanos = EventTime.passedNanos(mark.getTimestamp());
        }
        super.processWatermark1(mark);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (known.isChanged()) {
            settle();
            getKeyedStateBackend()
                    .applyToAllKeys(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            TABLES,
                            (bucket, state) -> relabel(state));
        }
        tellSteps(toldUntil(mark.getTimestamp()));
        flush();
        super.processWatermark(mark);
    }

    private long toldUntil(long watermark) {
        return Math.min(EventTime.passedNanos(watermark), heardUntilNanos);
    }

    /** Steps of attempts don't wait for a window to close: each watermark tells those that it has passed. */
    private void tellSteps(long passedNanos) throws Exception {
        if (!isUntoldKnown) {
            isUntoldKnown = true;
            getKeyedStateBackend()
                    .applyToAllKeys(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            TABLES,
                            (bucket, state) -> findUntold((Integer) bucket, state));
        }
        for (Iterator<Integer> buckets = untold.iterator(); buckets.hasNext(); ) {
            setCurrentKey(buckets.next());
            FlowTable table = tables.value();
            if (table != null) {
                configure(table);
                table.tell(passedNanos, Long.MIN_VALUE, step);
                tables.update(table);
            }
            if (table == null || !table.isUntold()) {
                buckets.remove();
            }
        }
    }

    private void findUntold(Integer bucket, ValueState<FlowTable> state) throws Exception {
        FlowTable table = state.value();
        if (table != null && table.isUntold()) {
            untold.add(bucket);
        }
    }

    private void relabel(ValueState<FlowTable> state) throws Exception {
        FlowTable table = state.value();
        if (table != null) {
            configure(table);
            table.relabel(emit);
            state.update(table);
        }
    }

    /** Read to its end, the inventory has no say in what time it is. */
    @Override
    public void processWatermark2(Watermark mark) throws Exception {
        if (isWaiting) {
            isWaiting = false;
            settle();
            getKeyedStateBackend()
                    .applyToAllKeys(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            WAITING,
                            (bucket, blocks) -> foldAll(blocks));
        }
        processWatermarkStatus2(WatermarkStatus.IDLE);
    }

    /**
     * Never idle: reconcile-ledger also hears from split-blocks directly, and would take its watermark for the meter's, ahead
     * of what the meter still has to state. The inventory is idle most of the time.
     */
    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) throws Exception {
        if (input != BLOCKS) {
            super.processWatermarkStatus(status, input);
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        flush();
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }
}
