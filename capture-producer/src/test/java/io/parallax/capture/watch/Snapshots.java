package io.parallax.capture.watch;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Snapshots of a producer at noon that captures eth1 and of which all is well. */
final class Snapshots {

    static final Instant STARTED = Instant.parse("2026-03-01T11:00:00Z");
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final long NOON_NANOS = NOON.getEpochSecond() * 1_000_000_000L;
    static final DeliveryView DELIVERY = new DeliveryView(0, 1_000, 10, 10, 0, true, "", 0);

    private Snapshots() {}

    /** 1,000 frames on the interface, 10 dropped, 40 filtered, 950 decoded, all published. */
    static LaneTotals totals() {
        return new LaneTotals(
                1_000, 990, 10, 0, Map.of("kernel_filter", 40L), Map.of("decoded", 950L), Map.of(), 950, 95_000, 2);
    }

    static LaneTotals totals(long interfaceFrames, long received, long dropped, Map<String, Long> outcomes) {
        long frames = outcomes.values().stream().mapToLong(Long::longValue).sum();
        return new LaneTotals(
                interfaceFrames, received, dropped, 0, Map.of(), outcomes, Map.of(), frames, frames * 100, 1);
    }

    static LaneStatus lane(LaneTotals totals) {
        return new LaneStatus("eth1", LaneState.OPEN, "", totals, 40_000, NOON_NANOS, 1.0, 0.0, List.of());
    }

    static LaneStatus lane(LaneState state, String detail) {
        return new LaneStatus("eth1", state, detail, totals(), 40_000, NOON_NANOS, 1.0, 0.0, List.of());
    }

    static LaneStatus lane(LaneTotals totals, long lastFrameNanos) {
        return new LaneStatus("eth1", LaneState.OPEN, "", totals, 40_000, lastFrameNanos, 1.0, 0.0, List.of());
    }

    static LaneStatus laneWithOwnTraffic(double share) {
        return new LaneStatus("eth1", LaneState.OPEN, "", totals(), 40_000, NOON_NANOS, 1.0, share, List.of());
    }

    static LaneStatus lane(MirrorSession session) {
        return new LaneStatus("eth1", LaneState.OPEN, "", totals(), 40_000, NOON_NANOS, 1.0, 0.0, List.of(session));
    }

    static CaptureStatus status(LaneStatus lane) {
        return new CaptureStatus(STARTED, "capvm1", List.of(lane), DELIVERY, List.of());
    }

    static CaptureStatus status(DeliveryView delivery) {
        return new CaptureStatus(STARTED, "capvm1", List.of(lane(totals())), delivery, List.of());
    }
}
