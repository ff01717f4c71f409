package io.parallax.signal;

/**
 * A signal as it stands: what leaves the detectors. Mutable nowhere.
 *
 * @param id the same in every run over the same input
 * @param revision from 1; grows with every record of the signal
 * @param state where the signal is in its life
 * @param detector who raised it
 * @param since first evidence of the episode, nanoseconds since the epoch
 * @param detectedAt the fact that raised it first, nanoseconds since the epoch
 * @param until last evidence so far, nanoseconds since the epoch
 * @param statedAt event time at which this revision could be known, nanoseconds since the epoch
 * @param finding what the detector says, as of its greatest statistic
 */
public record Raised(
        String id,
        long revision,
        State state,
        Profile detector,
        long since,
        long detectedAt,
        long until,
        long statedAt,
        Finding finding) {

    /** Where a signal is in its life. */
    public enum State {
        OPEN,
        UPDATE,
        CLOSE
    }
}
