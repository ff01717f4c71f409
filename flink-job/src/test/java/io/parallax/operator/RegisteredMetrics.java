package io.parallax.operator;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups.UnregisteredOperatorMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups.UnregisteredTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;

/** Holds the metrics that an operator in a harness registers. */
public final class RegisteredMetrics extends UnregisteredTaskMetricGroup {

    private final Map<String, Metric> metrics = new TreeMap<>();

    /** An environment for a harness whose operator registers here. */
    public MockEnvironment environment() {
        return new MockEnvironmentBuilder().setMetricGroup(this).build();
    }

    /** By name: those of the operator itself, without Flink's own, which are in camel case. */
    public Map<String, Metric> all() {
        Map<String, Metric> own = new TreeMap<>(metrics);
        own.keySet().removeIf(name -> name.chars().anyMatch(Character::isUpperCase));
        return own;
    }

    /** The value of a counter or gauge of whole numbers. */
    public long value(String name) {
        Metric metric = metrics.get(name);
        if (metric instanceof Counter counter) {
            return counter.getCount();
        }
        if (metric instanceof Gauge<?> gauge) {
            return ((Number) gauge.getValue()).longValue();
        }
        throw new AssertionError("no counter or gauge " + name + " among " + metrics.keySet());
    }

    @Override
    public InternalOperatorMetricGroup getOrAddOperator(
            OperatorID operator, String name, Map<String, String> variables) {
        return new Operator();
    }

    private final class Operator extends UnregisteredOperatorMetricGroup {
        @Override
        protected void addMetric(String name, Metric metric) {
            metrics.put(name, metric);
        }
    }
}
