package io.parallax.capture.watch;

import java.time.Instant;
import java.util.List;

/**
 * How a producer is, at one moment.
 *
 * @param started start of the process; all totals count from then
 * @param sensor name of the capture VM in everything that is published
 * @param lanes one an interface that is or was captured
 * @param problems what is wrong, as {@link HealthWatch} last saw it; empty while all is well
 */
public record CaptureStatus(
        Instant started, String sensor, List<LaneStatus> lanes, DeliveryView delivery, List<Problem> problems) {

    public CaptureStatus {
        lanes = List.copyOf(lanes);
        problems = List.copyOf(problems);
    }

    public CaptureStatus withProblems(List<Problem> found) {
        return new CaptureStatus(started, sensor, lanes, delivery, found);
    }
}
