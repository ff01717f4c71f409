package io.parallax.capture.publish;

/** Hears how a replay gets on; called from its threads. */
@FunctionalInterface
public interface ReplayListener {

    /** {@code more} frames were read. */
    void read(long more);
}
