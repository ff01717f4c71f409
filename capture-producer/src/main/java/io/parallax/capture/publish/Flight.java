package io.parallax.capture.publish;

import io.parallax.capture.spool.SpoolEntry;
import org.jspecify.annotations.Nullable;

/** An entry that was given to the producer. The producer's thread writes the outcome, the sender's thread reads it. */
final class Flight {

    private enum Outcome {
        UNKNOWN,
        DELIVERED,
        REFUSED
    }

    private final SpoolEntry entry;
    private @Nullable Exception cause;
    private volatile Outcome outcome = Outcome.UNKNOWN;

    Flight(SpoolEntry entry) {
        this.entry = entry;
    }

    SpoolEntry entry() {
        return entry;
    }

    void deliver() {
        outcome = Outcome.DELIVERED;
    }

    /** No broker will ever take it. */
    void refuse(Exception why) {
        cause = why;
        outcome = Outcome.REFUSED;
    }

    boolean isOver() {
        return outcome != Outcome.UNKNOWN;
    }

    /** Why it was refused; null if it was not. */
    @Nullable
    Exception refusal() {
        return outcome == Outcome.REFUSED ? cause : null;
    }
}
