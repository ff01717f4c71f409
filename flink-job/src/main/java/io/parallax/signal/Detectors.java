package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.util.List;

/** Every detector there is, by what it hears of; the order is that in which they are told. */
public final class Detectors {

    /** Hear of flows, at the hosts of both ends. */
    public static final List<Detector<FlowFact, ?>> OF_FLOWS = List.of();

    private Detectors() {}

    /** The rules by which flows are watched. */
    public static WatchRules<FlowFact> flowRules(Tuning tuning) {
        return new WatchRules<>(FlowFactCodec.INSTANCE, OF_FLOWS, tuning);
    }
}
