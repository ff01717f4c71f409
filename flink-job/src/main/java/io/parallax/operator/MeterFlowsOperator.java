package io.parallax.operator;

import io.parallax.flow.EventTime;
import io.parallax.flow.FlowTable;
import io.parallax.flow.MeterSettings;
import io.parallax.flow.StreamShares;
import io.parallax.io.FlowRecords;
import io.parallax.matrix.MatrixDeltas;
import io.parallax.matrix.SubnetRule;
import io.parallax.model.AccountEntry;
import io.parallax.model.FlowRow;
import io.parallax.model.HeaderBlock;
import io.parallax.model.MatrixDelta;
import io.parallax.model.SegmentSample;
import io.parallax.model.StreamShare;
import io.parallax.state.AccountEntrySerializer;
import io.parallax.state.FlowTableSerializer;
import io.parallax.state.MatrixDeltaSerializer;
import io.parallax.state.SegmentSampleSerializer;
import io.parallax.vantage.SegmentSamples;
import io.parallax.wire.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
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
 * <p>Needs the heap state backend ({@code hashmap}): another one would read and write the whole table per block.
 */
public final class MeterFlowsOperator extends AbstractStreamOperator<Flow>
        implements OneInputStreamOperator<HeaderBlock, Flow>, Triggerable<Integer, VoidNamespace> {

    private static final long serialVersionUID = 1L;

    public static final OutputTag<MatrixDelta> CHANGES = new OutputTag<>("matrix-changes", MatrixDeltaSerializer.TYPE);

    /** What became of the packets, per interface and window. */
    public static final OutputTag<AccountEntry> SHARES = new OutputTag<>("packet-shares", AccountEntrySerializer.TYPE);
    /** What rows that several interfaces saw tell of the way between these; each row once, in its first revision. */
    public static final OutputTag<SegmentSample> SEGMENTS =
            new OutputTag<>("segment-samples", SegmentSampleSerializer.TYPE);

    /** Accumulator of the packets that came after the allowed lateness; also the metric of that name. */
    public static final String TOO_LATE = "packets_too_late";

    private final MeterSettings settings;
    private final SubnetRule subnets;
    private final boolean hasMatrix;

    private transient FlowRecords records;
    private transient MatrixDeltas deltas;
    private transient SegmentSamples samples;
    private transient StreamRecord<SegmentSample> sampleRecord;
    private transient Consumer<SegmentSample> sample;
    private transient ValueState<FlowTable> tables;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient StreamRecord<Flow> flowRecord;
    private transient StreamRecord<MatrixDelta> deltaRecord;
    private transient Consumer<FlowRow> emit;
    private transient Consumer<MatrixDelta> change;
    private transient StreamShares shares;
    private transient Consumer<StreamShare> share;
    private transient Consumer<AccountEntry> account;
    private transient long heardUntilNanos;
    private transient Counter packets;
    private transient Counter rows;
    private transient Counter tooLate;
    private transient Counter aggregated;
    private transient LongCounter tooLateTotal;

    /** @param hasMatrix whether anybody reads {@link #CHANGES} */
    public MeterFlowsOperator(MeterSettings settings, SubnetRule subnets, boolean hasMatrix) {
        this.settings = settings;
        this.subnets = subnets;
        this.hasMatrix = hasMatrix;
    }

    @Override
    public void open() throws Exception {
        super.open();
        records = new FlowRecords((int) TimeUnit.NANOSECONDS.toSeconds(settings.windowNanos()));
        deltas = new MatrixDeltas(subnets);
        tables = getPartitionedState(new ValueStateDescriptor<>("flow-table", FlowTableSerializer.INSTANCE));
        timers = getInternalTimerService("due", VoidNamespaceSerializer.INSTANCE, this);
        flowRecord = new StreamRecord<>(null);
        deltaRecord = new StreamRecord<>(null);
        samples = new SegmentSamples();
        sampleRecord = new StreamRecord<>(null);
        sample = one -> output.collect(SEGMENTS, sampleRecord.replace(one));
        change = delta -> output.collect(CHANGES, deltaRecord.replace(delta));
        emit = this::emit;
        shares = new StreamShares(settings.windowNanos());
        share = shares::add;
        account = entry -> output.collect(SHARES, new StreamRecord<>(entry));
        heardUntilNanos = Long.MIN_VALUE;
        MetricGroup metrics = getMetricGroup();
        packets = metrics.counter("packets");
        rows = metrics.counter("rows");
        tooLate = metrics.counter(TOO_LATE);
        aggregated = metrics.counter("packets_aggregated");
        tooLateTotal = new LongCounter();
        getRuntimeContext().addAccumulator(TOO_LATE, tooLateTotal);
    }

    @Override
    public void processElement(StreamRecord<HeaderBlock> element) throws Exception {
        HeaderBlock block = element.getValue();
        FlowTable table = tables.value();
        if (table == null) {
            table = new FlowTable(settings, EventTime.passedNanos(timers.currentWatermark()));
        }
        table.configure(settings);
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

    private void keep(FlowTable table) throws Exception {
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
        table.configure(settings);
        table.advance(EventTime.passedNanos(timer.getTimestamp()), heardUntilNanos, emit);
        keep(table);
        shares.flush(account); // ahead of the watermark that is being processed
    }

    private void emit(FlowRow row) {
        rows.inc();
        shares.add(row);
        output.collect(flowRecord.replace(records.of(row)));
        samples.of(row, sample);
        if (hasMatrix) {
            deltas.of(row, change);
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<Integer, VoidNamespace> timer) {
        throw new IllegalStateException("no processing-time timer is ever set");
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.getTimestamp() != Long.MAX_VALUE) {
            heardUntilNanos = EventTime.passedNanos(mark.getTimestamp());
        }
        shares.flush(account);
        super.processWatermark(mark);
    }

    /**
     * Never idle: reconcile-ledger also hears from split-blocks directly, and would take its watermark for the meter's, ahead
     * of what the meter still has to state.
     */
    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        super.processWatermarkStatus(WatermarkStatus.ACTIVE);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        shares.flush(account);
    }

    @Override
    public void finish() throws Exception {
        shares.flush(account);
        super.finish();
    }
}
