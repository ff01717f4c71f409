package io.parallax.operator;

import io.parallax.flow.BlockSplitter;
import io.parallax.flow.EventTime;
import io.parallax.flow.HeardStream;
import io.parallax.flow.HeardStreams;
import io.parallax.flow.StreamClock;
import io.parallax.flow.StreamPositions;
import io.parallax.flow.StreamPositions.Position;
import io.parallax.flow.StreamShares;
import io.parallax.io.AvroTypes;
import io.parallax.io.DeadLetters;
import io.parallax.io.ReceivedBatch;
import io.parallax.label.RealmRule;
import io.parallax.model.AccountEntry;
import io.parallax.model.Facts;
import io.parallax.model.HeaderBlock;
import io.parallax.model.NeighbourFact;
import io.parallax.model.RawRecord;
import io.parallax.model.SensorEvent;
import io.parallax.model.StreamName;
import io.parallax.signal.NeighbourFacts;
import io.parallax.state.AccountEntrySerializer;
import io.parallax.state.HeardStreamSerializer;
import io.parallax.state.NeighbourFactsSerializer;
import io.parallax.state.PositionSerializer;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.OutputTag;

/**
 * Splits batches of headers into blocks by bucket; chained to the source, so that only blocks are shuffled.
 *
 * <p>Repeats of a batch are dropped by its epoch and sequence, what cannot be decoded goes to {@link #REFUSED}. Blocks wait
 * for more packets, but never behind a watermark or a checkpoint barrier: what is counted before one is sent before it. An
 * operator and not a function, because functions are told of neither.
 *
 * <p>Times of a stream whose clock is wrong are corrected here, before anybody counts by them ({@link StreamClock}).
 */
public final class SplitBlocksOperator extends AbstractStreamOperator<HeaderBlock>
        implements OneInputStreamOperator<ReceivedBatch, HeaderBlock> {

    private static final long serialVersionUID = 1L;

    public static final OutputTag<DeadLetter> REFUSED = new OutputTag<>("dead-letters", AvroTypes.DEAD_LETTER);

    /** What was received and what was not, per interface and window. */
    public static final OutputTag<AccountEntry> SHARES = new OutputTag<>("header-shares", AccountEntrySerializer.TYPE);

    /** What neighbours said on the links. */
    public static final OutputTag<Facts<NeighbourFact>> NEIGHBOURS =
            new OutputTag<>("neighbour-facts", NeighbourFactsSerializer.TYPE);

    /** What there is to tell about the sensors: who fell silent, whose clock is wrong. */
    public static final OutputTag<SensorEvent> SENSOR_EVENTS =
            new OutputTag<>("sensor-events", TypeInformation.of(SensorEvent.class));

    private final int buckets;
    private final int packetsPerBlock;
    private final RealmRule realms;
    private final long windowNanos;
    private final long toleranceNanos;
    private final long silenceNanos;

    private transient BlockSplitter splitter;
    private transient HeaderBatchReader reader;
    private transient StreamPositions positions;
    private transient ListState<Position> positionState;
    private transient HeardStreams streams;
    private transient ListState<HeardStream> streamState;
    private transient Consumer<SensorEvent> tell;
    private transient StreamRecord<HeaderBlock> blockRecord;
    private transient Consumer<HeaderBlock> send;
    private transient StreamShares shares;
    private transient NeighbourFacts neighbours;
    private transient Consumer<Facts<NeighbourFact>> tellNeighbours;
    private transient Consumer<AccountEntry> account;
    private transient Counter batches;
    private transient Counter headers;
    private transient Counter refused;

    /**
     * Splits for a meter of those windows.
     *
     * @param realms routing domains of headers
     * @param windowNanos length of the windows of {@link #SHARES}
     * @param toleranceNanos a stream whose clock is further off is corrected
     * @param silenceNanos a stream unheard for longer is declared silent; {@code Long.MAX_VALUE}: never, for bounded input
     */
    public SplitBlocksOperator(
            int buckets,
            int packetsPerBlock,
            RealmRule realms,
            long windowNanos,
            long toleranceNanos,
            long silenceNanos) {
        this.windowNanos = windowNanos;
        this.buckets = buckets;
        this.packetsPerBlock = packetsPerBlock;
        this.realms = realms;
        this.toleranceNanos = toleranceNanos;
        this.silenceNanos = silenceNanos;
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
        streams = new HeardStreams(toleranceNanos);
        streamState = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("heard-streams", HeardStreamSerializer.INSTANCE));
        for (HeardStream stream : streamState.get()) {
            streams.restore(stream);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        shares = new StreamShares(windowNanos);
        account = entry -> output.collect(SHARES, new StreamRecord<>(entry));
        neighbours = new NeighbourFacts();
        tellNeighbours = facts -> output.collect(NEIGHBOURS, new StreamRecord<>(facts));
        splitter = new BlockSplitter(buckets, packetsPerBlock, shares, neighbours);
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
        metrics.gauge("neighbour_messages_left_out", () -> neighbours.leftOut());
        metrics.gauge("streams_silent", () -> streams.silent());
        metrics.gauge("streams_skewed", () -> streams.skewed());
        metrics.gauge("clock_offset_max_millis", () -> TimeUnit.NANOSECONDS.toMillis(streams.worstOffsetNanos()));
        StreamRecord<SensorEvent> eventRecord = new StreamRecord<>(null);
        tell = event -> output.collect(SENSOR_EVENTS, eventRecord.replace(event));
        if (silenceNanos != Long.MAX_VALUE) {
            awaitTick();
        }
    }

    /** One timer at a time: after a time in which this instance was held up there is one tick, and not all that it missed. */
    @SuppressWarnings("FutureReturnValueIgnored") // what the callback throws fails the task
    private void awaitTick() {
        long tickMillis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(silenceNanos / HeardStreams.TICKS_OF_SILENCE));
        ProcessingTimeService time = getProcessingTimeService();
        time.registerTimer(time.getCurrentProcessingTime() + tickMillis, due -> {
            streams.tick(tell);
            awaitTick();
        });
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
            split(batch, received.raw());
        } catch (WireFormatException e) {
            refuse(received, e);
        }
        splitter.flushFull(send);
    }

    /** A batch that contradicts itself leaves no trace: neither headers nor a position, so that the real one still counts. */
    private void split(HeaderBatch batch, RawRecord raw) throws WireFormatException {
        reader.open(batch);
        String stream = Topics.streamId(batch.getSensorId(), batch.getInterfaceName(), batch.getLane());
        StreamName name = new StreamName(batch.getSensorId(), batch.getInterfaceName());
        int count = batch.getHeaderCount();
        HeardStream heard = streams.of(name, batch.getLane());
        long passedNanos = hear(heard, batch, raw);
        int repeated = positions.known(stream, batch.getBootEpoch(), batch.getFirstSequence(), count);
        if (count > 0) {
            splitter.add(reader, name, realms, repeated, heard.clock);
        }
        long missingBefore = positions.missingHeaders();
        positions.accept(stream, batch.getBootEpoch(), batch.getFirstSequence(), count, passedNanos);
        countMissing(name, batch, positions.missingHeaders() - missingBefore);
        batches.inc();
        headers.inc(count - repeated);
    }

    private void countMissing(StreamName name, HeaderBatch batch, long headers) {
        if (headers > 0) {
            shares.open(name);
            shares.missing(batch.getFirstTimeNanoseconds(), headers);
        }
    }

    private long hear(HeardStream stream, HeaderBatch batch, RawRecord raw) {
        return streams.hear(
                stream,
                raw.timestampMillis(),
                raw.sentAtNanos(),
                batch.getLowWatermarkNanoseconds(),
                batch.getLastTimeNanoseconds(),
                batch.getEndOfStream(),
                tell);
    }

    private void flush() {
        splitter.flush(send);
        shares.flush(account);
        neighbours.flush(tellNeighbours);
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
        flush();
        long heard = positions.latestLowWatermarkNanos();
        if (mark.getTimestamp() == Long.MAX_VALUE && heard != Long.MIN_VALUE) {
            super.processWatermark(new Watermark(EventTime.watermarkMillis(heard)));
        }
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        flush();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        positionState.clear();
        positions.forEach(this::store);
        streamState.clear();
        streams.forEach(this::store);
    }

    private void store(HeardStream stream) {
        try {
            streamState.add(stream);
        } catch (Exception e) {
            throw new IllegalStateException("storing what was heard of " + stream.name, e);
        }
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
        flush();
        super.finish();
    }
}
