package io.parallax.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializer;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TopologyTest {

    private Topology topology;

    @BeforeEach
    void build() throws Exception {
        topology = Topology.of(Topology.everything());
    }

    @Test
    void thePageDrawsTheGraphThatIsBuilt() throws Exception {
        new GeneratedPage("20-topology.md").requireToBe(TopologyDocument.of(topology));
    }

    /** A savepoint finds the state of a step by its uid: another name means lost state. */
    @Test
    void everyStepHasAUidEqualToItsName() throws Exception {
        for (StreamNode node : topology.nodes()) {
            String step = Topology.step(node);
            String expected = node.getOperatorName().endsWith(": Committer") ? "Sink Committer: " + step : step;
            if (Topology.isAggregator(node)) {
                expected = node.getOperatorName();
            }
            assertThat(node.getTransformationUID()).isEqualTo(expected);
        }
    }

    @Test
    void blocksAreSplitInTheThreadThatReads() throws Exception {
        assertThat(topology.ways())
                .contains(new Topology.Way("read-headers", "split-blocks", false, true, ""))
                .contains(new Topology.Way("split-blocks", "meter-flows", true, false, ""));
    }

    @Test
    void rowsAreWrittenInTheThreadThatMakesThem() throws Exception {
        assertThat(topology.ways())
                .filteredOn(
                        way -> way.from().equals("meter-flows") || way.from().equals("accumulate-matrix"))
                .filteredOn(way -> !way.isShuffled())
                .hasSize(4)
                .allMatch(Topology.Way::isChained);
    }

    @Test
    void nothingGoesThroughKryo() throws Exception {
        assertThat(topology.environment().getConfiguration().get(PipelineOptions.GENERIC_TYPES))
                .isFalse();
        for (StreamNode node : topology.nodes()) {
            assertThat(node.getTypeSerializerOut()).isNotInstanceOf(KryoSerializer.class);
            for (TypeSerializer<?> in : node.getTypeSerializersIn()) {
                assertThat(in).isNotInstanceOf(KryoSerializer.class);
            }
        }
    }

    @Test
    void whatTheJobRestsOnIsSetWhateverTheClusterHas() {
        var settings = topology.environment().getConfiguration();
        assertThat(topology.environment().getConfig().isObjectReuseEnabled()).isTrue();
        assertThat(settings.get(PipelineOptions.AUTO_GENERATE_UIDS)).isFalse();
        assertThat(settings.get(StateBackendOptions.STATE_BACKEND)).isEqualTo("hashmap");
        assertThat(topology.environment().getCheckpointInterval()).isEqualTo(10_000);
    }

    @Test
    void everyStepRunsAsOftenAsTheOptionSays() throws Exception {
        assertThat(topology.nodes())
                .filteredOn(node -> !Topology.isAggregator(node))
                .extracting(StreamNode::getParallelism)
                .containsOnly(2);
    }

    @Test
    void withoutTablesOnlyTopicsAreWritten() throws Exception {
        JobOptions options = Topology.everything();
        options.tables = null;
        Set<String> steps = Topology.of(options).steps();
        assertThat(steps).contains("publish-flows", "publish-matrix", "publish-completeness", "publish-dead-letters");
        assertThat(steps).noneMatch(step -> step.startsWith("keep-"));
    }

    /** A state that was written by one can be restored by the other. */
    @Test
    void boundedAndUnboundedJobsHaveTheSameSteps() throws Exception {
        JobOptions bounded = Topology.everything();
        bounded.isBounded = true;
        assertThat(Topology.of(bounded).steps()).isEqualTo(topology.steps());
    }

    @Test
    void everyStepIsDescribedAndNoOther() throws Exception {
        assertThat(topology.steps()).containsExactlyInAnyOrderElementsOf(TopologyDocument.described());
    }
}
