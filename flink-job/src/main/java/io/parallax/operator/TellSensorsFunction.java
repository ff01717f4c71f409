package io.parallax.operator;

import io.parallax.io.SensorFacts;
import io.parallax.model.Facts;
import io.parallax.model.SensorFact;
import io.parallax.wire.Completeness;
import org.apache.flink.api.common.functions.MapFunction;

/** Tells detectors what became of packets at an interface. */
public final class TellSensorsFunction implements MapFunction<Completeness, Facts<SensorFact>> {

    private static final long serialVersionUID = 1L;

    @Override
    public Facts<SensorFact> map(Completeness row) {
        return SensorFacts.of(row);
    }
}
