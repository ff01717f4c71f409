package io.parallax.job;

import io.parallax.io.AssertedWatermarks;
import io.parallax.io.AvroTypes;
import io.parallax.io.DependencySignals;
import io.parallax.io.IdleWatermarks;
import io.parallax.io.KafkaSinks;
import io.parallax.io.KafkaSources;
import io.parallax.io.ReceivedBatch;
import io.parallax.matrix.WindowCells;
import io.parallax.model.AccountEntry;
import io.parallax.model.DependencyDelta;
import io.parallax.model.Facts;
import io.parallax.model.HeaderBlock;
import io.parallax.model.RawRecord;
import io.parallax.model.SegmentSample;
import io.parallax.model.SensorFact;
import io.parallax.operator.AccumulateMatrixFunction;
import io.parallax.operator.DecodeInventoryFunction;
import io.parallax.operator.DecodeLedgerFunction;
import io.parallax.operator.DetectDependenciesFunction;
import io.parallax.operator.DetectFunction;
import io.parallax.operator.EstimateSegmentsFunction;
import io.parallax.operator.MarkCoverageFunction;
import io.parallax.operator.MeterFlowsOperator;
import io.parallax.operator.RaiseSignalsFunction;
import io.parallax.operator.ReconcileLedgerFunction;
import io.parallax.operator.SplitBlocksOperator;
import io.parallax.operator.TellMirrorsFunction;
import io.parallax.operator.TellSegmentsFunction;
import io.parallax.operator.TellSensorsFunction;
import io.parallax.operator.TraceDependenciesFunction;
import io.parallax.signal.Detectors;
import io.parallax.state.DependencyDeltaSerializer;
import io.parallax.state.HeaderBlockSerializer;
import io.parallax.state.SegmentFactsSerializer;
import io.parallax.state.SensorFactsSerializer;
import io.parallax.table.TableSinks;
import io.parallax.table.TableSpecs;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.Dependency;
import io.parallax.wire.Flow;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.Segment;
import io.parallax.wire.Signal;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
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
        SingleOutputStreamOperator<InventoryEntry> inventory = decodeInventory();
        SingleOutputStreamOperator<Flow> flows =
                meterFlows(blocks, inventory.getSideOutput(DecodeInventoryFunction.CHANGES));
        SingleOutputStreamOperator<MatrixCell> matrix = accumulateMatrix(flows);
        DataStream<MatrixCell> hourly = accumulateMatrixHourly(matrix);
        DataStream<Segment> segments = estimateSegments(flows);
        SingleOutputStreamOperator<CaptureLedger> ledger = decodeLedger();
        DataStream<Completeness> completeness = reconcileLedger(blocks, flows, ledger);
        DataStream<DeadLetter> refused = blocks.getSideOutput(SplitBlocksOperator.REFUSED)
                .union(
                        ledger.getSideOutput(DecodeLedgerFunction.REFUSED),
                        inventory.getSideOutput(DecodeInventoryFunction.REFUSED));
        publish(flows, matrix, completeness, refused);
        SingleOutputStreamOperator<Dependency> dependencies = traceDependencies(flows, completeness);
        publishDependencies(dependencies);
        DataStream<Signal> signals = raiseSignals(detectFlows(flows).union(detectNeighbours(blocks)))
                .union( // not through raise-signals: it would wait for the ledger
                        detectDependencies(dependencies),
                        detectSensors(completeness, ledger),
                        detectSegments(segments));
        sink(signals, "publish-signals", KafkaSinks.to(options.bootstrapServers).signals());
        sink(
                hourly,
                "publish-matrix-hourly",
                KafkaSinks.to(options.bootstrapServers).matrixHourly());
        sink(
                segments,
                "publish-segments",
                KafkaSinks.to(options.bootstrapServers).segments());
        if (options.tables != null) {
            TableSinks tables = new TableSinks(options.tableCatalog());
            keep(flows, matrix, completeness, refused, ledger, tables);
            keepDependencies(dependencies, tables);
            tables.keep(hourly, TableSpecs.MATRIX_HOURLY);
            tables.keep(segments, TableSpecs.SEGMENTS);
            tables.keep(signals, TableSpecs.SIGNALS);
            tables.keep(inventory, TableSpecs.INVENTORY);
            tables.maintain(
                    completeness, options.isBounded ? Duration.ZERO : options.tableMaintenance, options.orphanAge);
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
                                options.realmRule(),
                                options.window.toNanos(),
                                options.clockTolerance.toNanos(),
                                options.isBounded ? Long.MAX_VALUE : options.silence.toNanos()))
                .uid("split-blocks");
    }

    /** In bounded input nothing is stated before all of the inventory is read: its watermark comes with its end. */
    private SingleOutputStreamOperator<InventoryEntry> decodeInventory() {
        return environment
                .fromSource(sources.inventory(), untimed(), "read-inventory")
                .uid("read-inventory")
                .process(new DecodeInventoryFunction(), AvroTypes.INVENTORY_ENTRY)
                .name("decode-inventory")
                .uid("decode-inventory");
    }

    private SingleOutputStreamOperator<Flow> meterFlows(
            DataStream<HeaderBlock> blocks, DataStream<RawRecord> inventory) {
        return blocks.keyBy(HeaderBlock::bucket, Types.INT)
                .connect(inventory.broadcast())
                .transform(
                        "meter-flows",
                        AvroTypes.FLOW,
                        new MeterFlowsOperator(
                                options.meterSettings(),
                                options.subnetRule(),
                                options.realmRule(),
                                !options.isWithoutMatrix,
                                options.isBounded))
                .uid("meter-flows");
    }

    private SingleOutputStreamOperator<MatrixCell> accumulateMatrix(SingleOutputStreamOperator<Flow> flows) {
        return flows.getSideOutput(MeterFlowsOperator.CHANGES)
                .keyBy(WindowCells::key, Types.STRING)
                .process(
                        new AccumulateMatrixFunction(options.cellSchedule(), options.maxCells, true),
                        AvroTypes.MATRIX_CELL)
                .name("accumulate-matrix")
                .uid("accumulate-matrix");
    }

    private DataStream<MatrixCell> accumulateMatrixHourly(SingleOutputStreamOperator<MatrixCell> matrix) {
        return matrix.getSideOutput(AccumulateMatrixFunction.CHANGES)
                .keyBy(WindowCells::key, Types.STRING)
                .process(
                        new AccumulateMatrixFunction(options.hourSchedule(), options.maxCells, false),
                        AvroTypes.MATRIX_CELL)
                .name("accumulate-matrix-hourly")
                .uid("accumulate-matrix-hourly");
    }

    private DataStream<Segment> estimateSegments(SingleOutputStreamOperator<Flow> flows) {
        DataStream<SegmentSample> samples = flows.getSideOutput(MeterFlowsOperator.SEGMENTS);
        return samples.keyBy(SegmentSample::bucket, Types.INT)
                .process(new EstimateSegmentsFunction(options.cellSchedule().windowSeconds()), AvroTypes.SEGMENT)
                .name("estimate-segments")
                .uid("estimate-segments");
    }

    private SingleOutputStreamOperator<CaptureLedger> decodeLedger() {
        return environment
                .fromSource(sources.captureLedger(), ledgerTime(), "read-ledger")
                .uid("read-ledger")
                .process(new DecodeLedgerFunction(), AvroTypes.CAPTURE_LEDGER)
                .name("decode-ledger")
                .uid("decode-ledger");
    }

    private WatermarkStrategy<RawRecord> ledgerTime() {
        return options.isBounded
                ? WatermarkStrategy.noWatermarks()
                : AssertedWatermarks.ofLedger(options.silence, options.clockTolerance);
    }

    /** Of input by which time is not measured. */
    private WatermarkStrategy<RawRecord> untimed() {
        return options.isBounded ? WatermarkStrategy.noWatermarks() : new IdleWatermarks<>();
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

    /** Silence counts only where all was captured: every bucket hears what the accounts of the interfaces say. */
    private SingleOutputStreamOperator<Dependency> traceDependencies(
            SingleOutputStreamOperator<Flow> flows, DataStream<Completeness> completeness) {
        DataStream<DependencyDelta> marks = completeness
                .flatMap(new MarkCoverageFunction())
                .returns(DependencyDeltaSerializer.TYPE)
                .name("mark-coverage")
                .uid("mark-coverage");
        return flows.getSideOutput(MeterFlowsOperator.DEPENDENCIES)
                .union(marks)
                .keyBy(delta -> delta.bucket, Types.INT)
                .process(new TraceDependenciesFunction(options.dependencySchedule()), AvroTypes.DEPENDENCY)
                .name("trace-dependencies")
                .uid("trace-dependencies");
    }

    private DataStream<Signal> detectFlows(SingleOutputStreamOperator<Flow> flows) {
        return flows.getSideOutput(MeterFlowsOperator.FACTS)
                .keyBy(Facts::bucket, Types.INT)
                .process(new DetectFunction<>(Detectors::flowRules), AvroTypes.SIGNAL)
                .name("detect-flows")
                .uid("detect-flows");
    }

    private DataStream<Signal> detectNeighbours(SingleOutputStreamOperator<HeaderBlock> blocks) {
        return blocks.getSideOutput(SplitBlocksOperator.NEIGHBOURS)
                .keyBy(Facts::bucket, Types.INT)
                .process(new DetectFunction<>(Detectors::neighbourRules), AvroTypes.SIGNAL)
                .name("detect-neighbours")
                .uid("detect-neighbours");
    }

    private DataStream<Signal> raiseSignals(DataStream<Signal> detected) {
        return detected.keyBy(Signal::getRealm, Types.STRING)
                .process(new RaiseSignalsFunction(options.alertBudget), AvroTypes.SIGNAL)
                .name("raise-signals")
                .uid("raise-signals");
    }

    private DataStream<Signal> detectDependencies(SingleOutputStreamOperator<Dependency> dependencies) {
        return dependencies
                .getSideOutput(TraceDependenciesFunction.CHANGES)
                .keyBy(DependencySignals::key, Types.STRING)
                .process(new DetectDependenciesFunction(), AvroTypes.SIGNAL)
                .name("detect-dependencies")
                .uid("detect-dependencies");
    }

    private static DataStream<Signal> detectSensors(
            DataStream<Completeness> completeness, DataStream<CaptureLedger> ledger) {
        DataStream<Facts<SensorFact>> mirrors = ledger.flatMap(new TellMirrorsFunction())
                .returns(SensorFactsSerializer.TYPE)
                .name("tell-mirrors")
                .uid("tell-mirrors");
        return completeness
                .map(new TellSensorsFunction())
                .returns(SensorFactsSerializer.TYPE)
                .name("tell-sensors")
                .uid("tell-sensors")
                .union(mirrors)
                .keyBy(Facts::bucket, Types.INT)
                .process(new DetectFunction<>(Detectors::sensorRules), AvroTypes.SIGNAL)
                .name("detect-sensors")
                .uid("detect-sensors");
    }

    private static DataStream<Signal> detectSegments(DataStream<Segment> segments) {
        return segments.map(new TellSegmentsFunction())
                .returns(SegmentFactsSerializer.TYPE)
                .name("tell-segments")
                .uid("tell-segments")
                .keyBy(Facts::bucket, Types.INT)
                .process(new DetectFunction<>(Detectors::segmentRules), AvroTypes.SIGNAL)
                .name("detect-segments")
                .uid("detect-segments");
    }

    private void publishDependencies(SingleOutputStreamOperator<Dependency> dependencies) {
        KafkaSinks topics = KafkaSinks.to(options.bootstrapServers);
        sink(dependencies, "publish-dependencies", topics.dependencies());
        sink(
                dependencies.getSideOutput(TraceDependenciesFunction.CHANGES),
                "publish-dependency-changes",
                topics.dependencyChanges());
    }

    private static void keepDependencies(SingleOutputStreamOperator<Dependency> dependencies, TableSinks tables) {
        tables.keep(dependencies, TableSpecs.DEPENDENCIES);
        tables.keep(dependencies.getSideOutput(TraceDependenciesFunction.CHANGES), TableSpecs.DEPENDENCY_CHANGES);
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
        tables.keep(flows, TableSpecs.FLOWS);
        tables.keep(matrix, TableSpecs.MATRIX);
        tables.keep(completeness, TableSpecs.COMPLETENESS);
        tables.keep(refused, TableSpecs.DEAD_LETTERS);
        tables.keep(ledger, TableSpecs.LEDGER);
    }

    private static <T> void sink(DataStream<T> rows, String name, Sink<T> sink) {
        rows.sinkTo(sink).name(name).uid(name);
    }
}
