package io.parallax.capture.watch;

import java.time.Instant;
import java.util.Optional;

/**
 * Two successive snapshots.
 *
 * @param at wall clock of the later one
 */
record Look(CaptureStatus earlier, CaptureStatus now, Instant at) {

    /** What the lane counted in between; everything of a lane that is new. */
    LaneTotals counted(LaneStatus lane) {
        return lane.totals().since(earlier(lane).map(LaneStatus::totals).orElse(LaneTotals.NONE));
    }

    /** The mirror session in the earlier snapshot. */
    Optional<MirrorSession> earlier(LaneStatus lane, MirrorSession session) {
        return earlier(lane)
                .flatMap(before -> before.mirrorSessions().stream()
                        .filter(session::isSameAs)
                        .findFirst());
    }

    private Optional<LaneStatus> earlier(LaneStatus lane) {
        return earlier.lanes().stream()
                .filter(before -> before.interfaceName().equals(lane.interfaceName()))
                .findFirst();
    }
}
