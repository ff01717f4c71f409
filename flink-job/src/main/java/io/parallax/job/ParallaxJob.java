package io.parallax.job;

import io.parallax.io.AssertedWatermarks;
import io.parallax.io.AvroTypes;
import io.parallax.io.KafkaSinks;
import io.parallax.io.KafkaSources;
import io.parallax.io.ReceivedBatch;
import io.parallax.io.TableSinks;
import io.parallax.matrix.CellHash;
import io.parallax.model.HeaderBlock;
import io.parallax.model.MatrixDelta;
import io.parallax.operator.AccumulateMatrixFunction;
import io.parallax.operator.DecodeLedgerFunction;
import io.parallax.operator.MeterFlowsOperator;
import io.parallax.operator.SplitBlocksOperator;
import io.parallax.state.HeaderBlockSerializer;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
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
        SingleOutputStreamOperator<CaptureLedger> ledger = decodeLedger();
        DataStream<DeadLetter> refused = blocks.getSideOutput(SplitBlocksOperator.REFUSED)
                .union(ledger.getSideOutput(DecodeLedgerFunction.REFUSED));
        publish(flows, matrix, refused);
        if (options.tables != null) {
            keep(flows, matrix, refused, ledger, new TableSinks(new Path(options.tables)));
        }
    }

    private DataStream<ReceivedBatch> readHeaders() {
        WatermarkStrategy<ReceivedBatch> watermarks =
                options.isBounded ? AssertedWatermarks.bounded() : AssertedWatermarks.unbounded(options.silence);
        return environment
                .fromSource(sources.packetHeaders(), watermarks, "read-headers")
                .uid("read-headers");
    }

    private SingleOutputStreamOperator<HeaderBlock> splitBlocks(DataStream<ReceivedBatch> batches) {
        return batches.transform(
                        "split-blocks",
                        HeaderBlockSerializer.TYPE,
                        new SplitBlocksOperator(options.buckets, options.packetsPerBlock, options.realm))
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

    private SingleOutputStreamOperator<CaptureLedger> decodeLedger() {
        return environment
                .fromSource(sources.captureLedger(), WatermarkStrategy.noWatermarks(), "read-ledger")
                .uid("read-ledger")
                .process(new DecodeLedgerFunction(), AvroTypes.CAPTURE_LEDGER)
                .name("decode-ledger")
                .uid("decode-ledger");
    }

    private void publish(DataStream<Flow> flows, DataStream<MatrixCell> matrix, DataStream<DeadLetter> refused) {
        KafkaSinks topics = KafkaSinks.to(options.bootstrapServers);
        sink(flows, "publish-flows", topics.flows());
        sink(matrix, "publish-matrix", topics.matrix());
        sink(refused, "publish-dead-letters", topics.deadLetters());
    }

    private static void keep(
            DataStream<Flow> flows,
            DataStream<MatrixCell> matrix,
            DataStream<DeadLetter> refused,
            DataStream<CaptureLedger> ledger,
            TableSinks tables) {
        sink(flows, "keep-flows", tables.flows());
        sink(matrix, "keep-matrix", tables.matrix());
        sink(refused, "keep-dead-letters", tables.deadLetters());
        sink(ledger, "keep-ledger", tables.ledger());
    }

    private static <T> void sink(DataStream<T> rows, String name, Sink<T> sink) {
        rows.sinkTo(sink).name(name).uid(name);
    }
}
