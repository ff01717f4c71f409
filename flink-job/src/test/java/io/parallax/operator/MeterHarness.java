package io.parallax.operator;

import io.parallax.io.AvroTypes;
import io.parallax.model.HeaderBlock;
import io.parallax.model.RawRecord;
import io.parallax.wire.Flow;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * The meter as it runs in the job: with object reuse, and what leaves is copied, as the job's shuffle does. Its inventory is
 * idle, as that of unbounded input is.
 */
final class MeterHarness extends TwoInputHarness<Integer, HeaderBlock, RawRecord, Flow> {

    MeterHarness(MeterFlowsOperator meter) throws Exception {
        this(meter, new MockEnvironmentBuilder().build());
    }

    MeterHarness(MeterFlowsOperator meter, int maxParallelism, int parallelism, int subtask) throws Exception {
        this(meter, environment(maxParallelism, parallelism, subtask));
    }

    /** @param environment where the meter registers its metrics */
    MeterHarness(MeterFlowsOperator meter, MockEnvironment environment) throws Exception {
        super(meter, HeaderBlock::bucket, Types.INT, environment);
        getExecutionConfig().enableObjectReuse();
    }

    MeterHarness on(StateBackend backend) {
        setStateBackend(backend);
        return this;
    }

    @Override
    public void initializeState(OperatorSubtaskState state) throws Exception {
        setup(AvroTypes.FLOW.createSerializer(new SerializerConfigImpl()));
        super.initializeState(state);
    }

    /** With an inventory that is read to its end, as that of bounded input is. */
    void openWithInventory() throws Exception {
        super.open();
    }

    @Override
    public void open() throws Exception {
        super.open();
        step().processWatermarkStatus2(WatermarkStatus.IDLE);
    }

    void processElement(HeaderBlock block, long timestamp) throws Exception {
        processElement1(new StreamRecord<>(block, timestamp));
    }

    void processChange(RawRecord change) throws Exception {
        processElement2(new StreamRecord<>(change));
    }

    void processWatermark(long millis) throws Exception {
        step().processWatermark1(new Watermark(millis));
    }
}
