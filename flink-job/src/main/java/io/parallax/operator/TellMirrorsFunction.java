package io.parallax.operator;

import io.parallax.io.SensorFacts;
import io.parallax.model.Facts;
import io.parallax.model.SensorFact;
import io.parallax.wire.CaptureLedger;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Tells detectors what became of packets in mirror sessions. */
public final class TellMirrorsFunction implements FlatMapFunction<CaptureLedger, Facts<SensorFact>> {

    private static final long serialVersionUID = 1L;

    @Override
    public void flatMap(CaptureLedger row, Collector<Facts<SensorFact>> out) {
        SensorFacts.of(row, out::collect);
    }
}
