package io.parallax.job;

import io.parallax.io.AssertedWatermarks;
import io.parallax.io.AvroTypes;
import io.parallax.io.IdleWatermarks;
import io.parallax.io.KafkaSinks;
import io.parallax.io.KafkaSources;
import io.parallax.io.ReceivedBatch;
import io.parallax.io.TableSinks;
import io.parallax.matrix.CellHash;
import io.parallax.model.AccountEntry;
import io.parallax.model.HeaderBlock;
import io.parallax.model.MatrixDelta;
import io.parallax.model.RawRecord;
import io.parallax.model.SegmentSample;
import io.parallax.operator.AccumulateMatrixFunction;
import io.parallax.operator.DecodeLedgerFunction;
import io.parallax.operator.EstimateSegmentsFunction;
import io.parallax.operator.MeterFlowsOperator;
import io.parallax.operator.ReconcileLedgerFunction;
import io.parallax.operator.SplitBlocksOperator;
import io.parallax.state.HeaderBlockSerializer;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.Segment;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The graph: {@link #connect} reads as the data flows. A step's operator name, uid, metric scope and anchor in
 * docs/20-topology.md are the same words.
 */
public final class ParallaxJob {

    private final StreamExecutionEnvironment environment;
    private final JobOptions options;
    private final KafkaSources sources;

    private ParallaxJob(StreamExecutionEnvironment environment, JobOptions options) {
        this.environment = environment;
        this.options = options;
        this.sources = new KafkaSources(
                options.bootstrapServers, options.groupId, options.isBounded, options.from == JobOptions.Start.LATEST);
    }

    /**
     * Adds the job to an environment.
     *
     * @throws IllegalArgumentException if an option's value is not allowed
     */
    public static void build(StreamExecutionEnvironment environment, JobOptions options) {
        options.validate();
        JobSettings.apply(environment, options);
        new ParallaxJob(environment, options).connect();
    }

    private void connect() {
        SingleOutputStreamOperator<HeaderBlock> blocks = splitBlocks(readHeaders());
        SingleOutputStreamOperator<Flow> flows = meterFlows(blocks);
        DataStream<MatrixCell> matrix = accumulateMatrix(flows);
        DataStream<Segment> segments = estimateSegments(flows);
        SingleOutputStreamOperator<CaptureLedger> ledger = decodeLedger();
        DataStream<Completeness> completeness = reconcileLedger(blocks, flows, ledger);
        DataStream<DeadLetter> refused = blocks.getSideOutput(SplitBlocksOperator.REFUSED)
                .union(ledger.getSideOutput(DecodeLedgerFunction.REFUSED));
        publish(flows, matrix, completeness, refused);
        sink(
                segments,
                "publish-segments",
                KafkaSinks.to(options.bootstrapServers).segments());
        if (options.tables != null) {
            keep(flows, matrix, completeness, refused, ledger, new TableSinks(new Path(options.tables)));
            sink(segments, "keep-segments", new TableSinks(new Path(options.tables)).segments());
        }
    }

    private DataStream<ReceivedBatch> readHeaders() {
        WatermarkStrategy<ReceivedBatch> watermarks = options.isBounded
                ? AssertedWatermarks.bounded(options.clockTolerance)
                : AssertedWatermarks.unbounded(options.silence, options.clockTolerance);
        return environment
                .fromSource(sources.packetHeaders(), watermarks, "read-headers")
                .uid("read-headers");
    }

    private SingleOutputStreamOperator<HeaderBlock> splitBlocks(DataStream<ReceivedBatch> batches) {
        return batches.transform(
                        "split-blocks",
                        HeaderBlockSerializer.TYPE,
                        new SplitBlocksOperator(
                                options.buckets,
                                options.packetsPerBlock,
                                options.realm,
                                options.window.toNanos(),
                                options.clockTolerance.toNanos(),
                                options.isBounded ? Long.MAX_VALUE : options.silence.toNanos()))
                .uid("split-blocks");
    }

    private SingleOutputStreamOperator<Flow> meterFlows(DataStream<HeaderBlock> blocks) {
        return blocks.keyBy(HeaderBlock::bucket, Types.INT)
                .transform(
                        "meter-flows",
                        AvroTypes.FLOW,
                        new MeterFlowsOperator(options.meterSettings(), options.subnetRule(), !options.isWithoutMatrix))
                .uid("meter-flows");
    }

    private DataStream<MatrixCell> accumulateMatrix(SingleOutputStreamOperator<Flow> flows) {
        DataStream<MatrixDelta> changes = flows.getSideOutput(MeterFlowsOperator.CHANGES);
        int buckets = options.buckets;
        return changes.keyBy(delta -> CellHash.bucket(delta, buckets), Types.INT)
                .process(
                        new AccumulateMatrixFunction(options.cellSchedule(), options.subnetRule()),
                        AvroTypes.MATRIX_CELL)
                .name("accumulate-matrix")
                .uid("accumulate-matrix");
    }

    private DataStream<Segment> estimateSegments(SingleOutputStreamOperator<Flow> flows) {
        DataStream<SegmentSample> samples = flows.getSideOutput(MeterFlowsOperator.SEGMENTS);
        return samples.keyBy(SegmentSample::bucket, Types.INT)
                .process(new EstimateSegmentsFunction(options.cellSchedule().windowSeconds()), AvroTypes.SEGMENT)
                .name("estimate-segments")
                .uid("estimate-segments");
    }

    private SingleOutputStreamOperator<CaptureLedger> decodeLedger() {
        WatermarkStrategy<RawRecord> watermarks =
                options.isBounded ? WatermarkStrategy.noWatermarks() : new IdleWatermarks<>();
        return environment
                .fromSource(sources.captureLedger(), watermarks, "read-ledger")
                .uid("read-ledger")
                .process(new DecodeLedgerFunction(), AvroTypes.CAPTURE_LEDGER)
                .name("decode-ledger")
                .uid("decode-ledger");
    }

    private DataStream<Completeness> reconcileLedger(
            SingleOutputStreamOperator<HeaderBlock> blocks,
            SingleOutputStreamOperator<Flow> flows,
            SingleOutputStreamOperator<CaptureLedger> ledger) {
        return blocks.getSideOutput(SplitBlocksOperator.SHARES)
                .union(
                        flows.getSideOutput(MeterFlowsOperator.SHARES),
                        ledger.getSideOutput(DecodeLedgerFunction.ENTRIES))
                .keyBy(AccountEntry::stream, Types.STRING)
                .process(new ReconcileLedgerFunction(options.accountSchedule()), AvroTypes.COMPLETENESS)
                .name("reconcile-ledger")
                .uid("reconcile-ledger");
    }

    private void publish(
            DataStream<Flow> flows,
            DataStream<MatrixCell> matrix,
            DataStream<Completeness> completeness,
            DataStream<DeadLetter> refused) {
        KafkaSinks topics = KafkaSinks.to(options.bootstrapServers);
        sink(flows, "publish-flows", topics.flows());
        sink(matrix, "publish-matrix", topics.matrix());
        sink(completeness, "publish-completeness", topics.completeness());
        sink(refused, "publish-dead-letters", topics.deadLetters());
    }

    private static void keep(
            DataStream<Flow> flows,
            DataStream<MatrixCell> matrix,
            DataStream<Completeness> completeness,
            DataStream<DeadLetter> refused,
            DataStream<CaptureLedger> ledger,
            TableSinks tables) {
        sink(flows, "keep-flows", tables.flows());
        sink(matrix, "keep-matrix", tables.matrix());
        sink(completeness, "keep-completeness", tables.completeness());
        sink(refused, "keep-dead-letters", tables.deadLetters());
        sink(ledger, "keep-ledger", tables.ledger());
    }

    private static <T> void sink(DataStream<T> rows, String name, Sink<T> sink) {
        rows.sinkTo(sink).name(name).uid(name);
    }
}
