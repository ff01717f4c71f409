package io.parallax.operator;

import io.parallax.flow.BlockSplitter;
import io.parallax.flow.EventTime;
import io.parallax.flow.StreamPositions;
import io.parallax.flow.StreamPositions.Position;
import io.parallax.io.AvroTypes;
import io.parallax.io.DeadLetters;
import io.parallax.io.ReceivedBatch;
import io.parallax.model.HeaderBlock;
import io.parallax.model.StreamName;
import io.parallax.state.PositionSerializer;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Splits batches of headers into blocks by bucket; chained to the source, so that only blocks are shuffled.
 *
 * <p>Repeats of a batch are dropped by its epoch and sequence, what cannot be decoded goes to {@link #REFUSED}. Blocks wait
 * for more packets, but never behind a watermark or a checkpoint barrier: what is counted before one is sent before it. An
 * operator and not a function, because functions are told of neither.
 */
public final class SplitBlocksOperator extends AbstractStreamOperator<HeaderBlock>
        implements OneInputStreamOperator<ReceivedBatch, HeaderBlock> {

    private static final long serialVersionUID = 1L;

    public static final OutputTag<DeadLetter> REFUSED = new OutputTag<>("dead-letters", AvroTypes.DEAD_LETTER);

    private final int buckets;
    private final int packetsPerBlock;
    private final String realm;

    private transient BlockSplitter splitter;
    private transient HeaderBatchReader reader;
    private transient StreamPositions positions;
    private transient ListState<Position> positionState;
    private transient StreamRecord<HeaderBlock> blockRecord;
    private transient Consumer<HeaderBlock> send;
    private transient Counter batches;
    private transient Counter headers;
    private transient Counter refused;

    /** @param realm routing domain of all headers, until an inventory tells them apart */
    public SplitBlocksOperator(int buckets, int packetsPerBlock, String realm) {
        this.buckets = buckets;
        this.packetsPerBlock = packetsPerBlock;
        this.realm = realm;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        positions = new StreamPositions();
        positionState = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("stream-positions", PositionSerializer.INSTANCE));
        for (Position position : positionState.get()) {
            positions.restore(position);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        splitter = new BlockSplitter(buckets, packetsPerBlock);
        reader = new HeaderBatchReader();
        blockRecord = new StreamRecord<>(null);
        send = block -> output.collect(blockRecord.replace(block));
        MetricGroup metrics = getMetricGroup();
        batches = metrics.counter("batches");
        headers = metrics.counter("headers");
        refused = metrics.counter("records_refused");
        metrics.gauge("headers_repeated", () -> positions.repeatedHeaders());
        metrics.gauge("headers_missing", () -> positions.missingHeaders());
        metrics.gauge("headers_non_ip", () -> splitter.nonIpHeaders());
    }

    @Override
    public void processElement(StreamRecord<ReceivedBatch> element) {
        ReceivedBatch received = element.getValue();
        HeaderBatch batch = received.batch();
        if (batch == null) {
            refuse(received, Objects.requireNonNull(received.failure()));
            return;
        }
        try {
            split(batch);
        } catch (WireFormatException e) {
            refuse(received, e);
        }
        splitter.flushFull(send);
    }

    private void split(HeaderBatch batch) throws WireFormatException {
        reader.open(batch);
        String stream = Topics.streamId(batch.getSensorId(), batch.getInterfaceName(), batch.getLane());
        int count = batch.getHeaderCount();
        int repeated = positions.accept(
                stream, batch.getBootEpoch(), batch.getFirstSequence(), count, batch.getLowWatermarkNanoseconds());
        batches.inc();
        headers.inc(count - repeated);
        if (repeated < count) {
            splitter.add(reader, new StreamName(batch.getSensorId(), batch.getInterfaceName()), realm, repeated);
        }
    }

    private void refuse(ReceivedBatch received, WireFormatException reason) {
        refused.inc();
        output.collect(REFUSED, new StreamRecord<>(DeadLetters.of(received.raw(), reason)));
    }

    /**
     * Sends what was counted, then the watermark. Before the end of the input it says once more how far the streams were
     * really heard: the meter tells a flow that fell silent from one that the input cut off by it, and would otherwise
     * depend on when the last periodic watermark was due.
     */
    @Override
    public void processWatermark(Watermark mark) throws Exception {
        splitter.flush(send);
        long heard = positions.latestLowWatermarkNanos();
        if (mark.getTimestamp() == Long.MAX_VALUE && heard != Long.MIN_VALUE) {
            super.processWatermark(new Watermark(EventTime.watermarkMillis(heard)));
        }
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        splitter.flush(send);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        positionState.clear();
        positions.forEach(this::store);
    }

    private void store(Position position) {
        try {
            positionState.add(position);
        } catch (Exception e) {
            throw new IllegalStateException("storing the position of " + position.stream, e);
        }
    }

    @Override
    public void finish() throws Exception {
        splitter.flush(send);
        super.finish();
    }
}
