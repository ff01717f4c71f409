package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.NeighbourFact;
import io.parallax.model.SegmentFact;
import io.parallax.model.SensorFact;
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

    /** Hear of what became of packets at capture interfaces. */
    public static final List<Detector<SensorFact, ?>> OF_SENSORS = List.of(
            new SensorSilentDetector(),
            new SensorBlindDetector(),
            CaptureLossDetector.OF_INTERFACES,
            CaptureLossDetector.OF_MIRRORS);

    /** Hear of what lies between capture interfaces. */
    public static final List<Detector<SegmentFact, ?>> OF_SEGMENTS =
            List.of(new SensorClockDetector(), new DegradationDetector());

    /** Of signals about sensors and what lies between them: a sensor sees several routing domains. */
    static final String NO_REALM = "";

    private Detectors() {}

    /** What each of them says of itself. */
    public static List<Profile> profiles() {
        return Stream.<List<? extends Detector<?, ?>>>of(OF_FLOWS, OF_NEIGHBOURS, OF_SENSORS, OF_SEGMENTS)
                .flatMap(List::stream)
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

    /** The rules by which sensors are watched. */
    public static WatchRules<SensorFact> sensorRules(Tuning tuning) {
        return new WatchRules<>(SensorFactCodec.INSTANCE, OF_SENSORS, tuning);
    }

    /** The rules by which segments are watched. */
    public static WatchRules<SegmentFact> segmentRules(Tuning tuning) {
        return new WatchRules<>(SegmentFactCodec.INSTANCE, OF_SEGMENTS, tuning);
    }
}
