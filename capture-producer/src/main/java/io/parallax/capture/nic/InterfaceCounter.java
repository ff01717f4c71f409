package io.parallax.capture.nic;

/**
 * What an interface counted since it was created, 64-bit.
 *
 * @param received frames that came in, as the driver counts them: before any filter, after receive offload
 * @param sent frames that went out
 */
public record InterfaceCounter(String name, long received, long sent) {

    /** What a capture on this interface is offered. */
    public long frames() {
        return received + sent;
    }
}
