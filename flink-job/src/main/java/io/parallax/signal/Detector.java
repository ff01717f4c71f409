package io.parallax.signal;

import io.parallax.model.Fact;
import java.io.DataInput;
import java.io.IOException;

/**
 * Tells from facts about one subject whether something is wrong with it. All detectors have this shape: no state of their
 * own, one {@link Memory} a subject, everything else is an argument. What a detector assumes, its parameters and how often
 * it is wrong by design stand in its {@link #profile}.
 *
 * @param <F> what it hears of
 * @param <M> what it remembers of a subject
 */
public interface Detector<F extends Fact, M extends Memory> {

    Profile profile();

    /** Whether the fact says anything to this detector: a memory is made only for facts that do. */
    boolean isConcernedBy(F fact);

    /** What it remembers of a subject that it has not heard of. */
    M begin();

    /** Reads what {@link Memory#writeTo} wrote. */
    M read(DataInput in) throws IOException;

    /** Hears a fact; those of a subject come in the order of time. */
    void observe(F fact, M memory, Tuning tuning, Findings findings);

    /**
     * Time has passed without a fact: called once {@link Memory#due} has come, with the time it was due at or later.
     *
     * @param subject whose memory it is
     * @param time up to which everything has been heard, nanoseconds since the epoch
     */
    void elapse(String subject, long time, M memory, Tuning tuning, Findings findings);
}
