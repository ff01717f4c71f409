package io.parallax.capture.nic;

import io.parallax.capture.source.Frame;

/** Takes the frames of a {@link Nic}, in its reading thread. */
@FunctionalInterface
public interface FrameTaker {

    /** {@code frame} and its octets are reused: valid until this returns. */
    void take(Frame frame);
}
