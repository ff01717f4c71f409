package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.NeighbourFact;
import java.util.List;
import java.util.stream.Stream;

/** Every detector there is, by what it hears of; the order is that in which they are told. */
public final class Detectors {

    /** Hear of flows, at the hosts of both ends. */
    public static final List<Detector<FlowFact, ?>> OF_FLOWS = List.of(
            new ScanDetector(),
            new LateralDetector(),
            new PivotDetector(),
            new FloodDetector(),
            new BruteForceDetector(),
            new BeaconDetector(),
            new UploadDetector(),
            new VolumeDetector(),
            new TunnelDetector(),
            new ServiceDetector(),
            new OutageDetector(),
            new SilenceDetector());

    /** Hear of what neighbours say on a link. */
    public static final List<Detector<NeighbourFact, ?>> OF_NEIGHBOURS =
            List.of(new SweepDetector(), new ConflictDetector(), new RogueDhcpDetector());

    private Detectors() {}

    /** What each of them says of itself. */
    public static List<Profile> profiles() {
        return Stream.<Detector<?, ?>>concat(OF_FLOWS.stream(), OF_NEIGHBOURS.stream())
                .map(Detector::profile)
                .toList();
    }

    /** The rules by which flows are watched. */
    public static WatchRules<FlowFact> flowRules(Tuning tuning) {
        return new WatchRules<>(FlowFactCodec.INSTANCE, OF_FLOWS, tuning);
    }

    /** The rules by which neighbours are watched. */
    public static WatchRules<NeighbourFact> neighbourRules(Tuning tuning) {
        return new WatchRules<>(NeighbourFactCodec.INSTANCE, OF_NEIGHBOURS, tuning);
    }
}
