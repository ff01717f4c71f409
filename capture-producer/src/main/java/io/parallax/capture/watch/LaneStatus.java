package io.parallax.capture.watch;

import java.util.List;

/**
 * One captured interface.
 *
 * @param detail why it is gone or refused; empty while it is open
 * @param handOffMaxNanos longest time a batch took to be handed over, since the process started
 * @param lastFrameNanos capture time of the last frame, nanoseconds since the epoch; 0 before the first
 * @param samplingProbability share of the packets that is selected on purpose, above 0 up to 1
 * @param ownTrafficShare of the frames that passed the kernel's filter lately, those that are our own way to Kafka, 0 to 1
 */
public record LaneStatus(
        String interfaceName,
        LaneState state,
        String detail,
        LaneTotals totals,
        long handOffMaxNanos,
        long lastFrameNanos,
        double samplingProbability,
        double ownTrafficShare,
        List<MirrorSession> mirrorSessions) {

    public LaneStatus {
        mirrorSessions = List.copyOf(mirrorSessions);
    }
}
