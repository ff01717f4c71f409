package io.parallax.operator;

import io.parallax.io.DependencyRecords;
import io.parallax.model.DependencyDelta;
import io.parallax.wire.Completeness;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Tells every bucket of dependencies whether an interface was captured whole in a window. */
public final class MarkCoverageFunction implements FlatMapFunction<Completeness, DependencyDelta> {

    private static final long serialVersionUID = 1L;

    @Override
    public void flatMap(Completeness row, Collector<DependencyDelta> out) {
        for (int bucket = 0; bucket < DependencyDelta.BUCKETS; bucket++) {
            out.collect(DependencyRecords.mark(row, bucket));
        }
    }
}
