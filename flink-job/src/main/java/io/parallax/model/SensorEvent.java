package io.parallax.model;

/**
 * Something to know about a sensor's stream: that it is not heard, or that its clock is wrong.
 *
 * @param lane capture thread of the interface, from 0
 * @param timeNanos up to when the stream had told everything, ns since the epoch, on the broker's clock where the sensor's is
 *     skewed. Between {@code SILENT} and {@code HEARD}, that is what is missing: nothing if the sensor kept it and sent it later
 * @param clockOffsetNanos what the sensor's clock lacks to the broker's, ns; below 0 where it is ahead, 0 where not known
 */
public record SensorEvent(
        String sensorId, String interfaceName, int lane, Kind kind, long timeNanos, long clockOffsetNanos) {

    /** What happened. */
    public enum Kind {
        /** Not heard for longer than the time of silence; said once. */
        SILENT,
        /** Heard again. */
        HEARD,
        /** Wrong by more than the tolerance, and corrected from here on; said again when the correction changes. */
        CLOCK_SKEWED,
        /** Within the tolerance again, and no longer corrected. */
        CLOCK_RIGHT
    }
}
