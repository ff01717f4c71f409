package io.parallax.operator;

import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/**
 * A harness of an operator with a keyed and a broadcast input. Flink's own of that kind takes no environment, and so hides
 * what the operator registers as metrics.
 *
 * @param <I> elements of the keyed input
 * @param <J> elements of the broadcast input
 */
public class TwoInputHarness<K, I, J, O> extends AbstractStreamOperatorTestHarness<O> {

    private final TwoInputStreamOperator<I, J, O> step;

    public TwoInputHarness(
            TwoInputStreamOperator<I, J, O> operator,
            KeySelector<I, K> key,
            TypeInformation<K> keyType,
            MockEnvironment environment)
            throws Exception {
        super(operator, environment);
        this.step = operator;
        config.setStatePartitioner(0, key);
        config.setStateKeySerializer(keyType.createSerializer(new SerializerConfigImpl()));
        config.serializeAllConfigs();
    }

    static MockEnvironment environment(int maxParallelism, int parallelism, int subtask) {
        return new MockEnvironmentBuilder()
                .setMaxParallelism(maxParallelism)
                .setParallelism(parallelism)
                .setSubtaskIndex(subtask)
                .build();
    }

    final void processElement1(StreamRecord<I> element) throws Exception {
        step.setKeyContextElement1(element);
        step.processElement1(element);
    }

    final void processElement2(StreamRecord<J> element) throws Exception {
        step.processElement2(element);
    }

    final TwoInputStreamOperator<I, J, O> step() {
        return step;
    }

    /** Keys that the heap backend has state of. */
    final int numKeyedStateEntries() {
        return ((HeapKeyedStateBackend<?>) ((AbstractStreamOperator<?>) step).<K>getKeyedStateBackend())
                .numKeyValueStateEntries();
    }
}
