package io.parallax.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** The job's graph as Flink has it once it is built, a step of ours for each of Flink's, sinks in one piece. */
final class Topology {

    /** A way from one step to another; by a shuffle on a key, or straight on; the name of a side output, or "". */
    record Way(String from, String to, boolean isShuffled, boolean isChained, String output) {}

    private static final String AGGREGATOR = "Sink pre-commit aggregator";

    private final StreamExecutionEnvironment environment;
    private final StreamGraph graph;
    private final Map<String, Integer> tasks = new LinkedHashMap<>();

    private Topology(StreamExecutionEnvironment environment) throws Exception {
        this.environment = environment;
        this.graph = environment.getStreamGraph();
        JobGraph tasksOfGraph = graph.getJobGraph();
        int task = 0;
        for (JobVertex vertex : tasksOfGraph.getVerticesSortedTopologicallyFromSources()) {
            for (OperatorIDPair operator : vertex.getOperatorIDs()) {
                tasks.put(operator.getUserDefinedOperatorName(), task);
            }
            task++;
        }
    }

    static Topology of(JobOptions options) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        ParallaxJob.build(environment, options);
        return new Topology(environment);
    }

    /** Every output there is. */
    static JobOptions everything() {
        JobOptions options = new JobOptions();
        options.bootstrapServers = "kafka.invalid:9092";
        options.tables = Path.of("target", "topology").toUri().toString(); // tables are made with the graph
        options.parallelism = 2;
        return options;
    }

    StreamExecutionEnvironment environment() {
        return environment;
    }

    List<StreamNode> nodes() throws Exception {
        return graph.getStreamNodesSortedTopologicallyFromSources();
    }

    Set<String> steps() throws Exception {
        Set<String> steps = new TreeSet<>();
        nodes().forEach(node -> steps.add(step(node)));
        return steps;
    }

    /** Without what is inside of a sink. */
    List<Way> ways() throws Exception {
        List<Way> ways = new ArrayList<>();
        for (StreamNode node : nodes()) {
            for (StreamEdge edge : node.getOutEdges()) {
                StreamNode target = graph.getStreamNode(edge.getTargetId());
                if (!step(node).equals(step(target))) {
                    ways.add(new Way(
                            step(node),
                            step(target),
                            !edge.getPartitioner().toString().equals("FORWARD"),
                            Objects.equals(tasks.get(node.getOperatorName()), tasks.get(target.getOperatorName())),
                            name(edge.getOutputTag())));
                }
            }
        }
        return ways;
    }

    private static String name(@Nullable OutputTag<?> tag) {
        return tag == null ? "" : tag.getId();
    }

    /** Whether it is the one part of a table's sink that there is once: it gathers the files of a checkpoint for one commit. */
    static boolean isAggregator(StreamNode node) {
        return node.getOperatorName().contains(AGGREGATOR);
    }

    /** The step that an operator is, or is a part of. */
    static String step(StreamNode node) {
        return node.getOperatorName()
                .replaceFirst("^Source: ", "")
                .replaceFirst(": (Writer|Committer|" + AGGREGATOR + ".*)$", "");
    }
}
