package io.parallax.capture.source;

import java.io.IOException;
import java.util.List;

/**
 * Frames in the order in which they were captured, of one or more interfaces of one sensor.
 *
 * <p>Not thread-safe: one thread reads a source and closes it.
 */
public interface FrameSource extends AutoCloseable {

    /** Fills {@code frame} with the next frame; false at the end, {@code frame} is then unspecified. */
    boolean next(Frame frame) throws IOException;

    /** Whose frames these are. */
    String sensor();

    /** Names of the interfaces, at the index that {@link Frame#interfaceIndex} uses; at least one. */
    List<String> interfaces();

    /**
     * No frame of this interface still to come is earlier than this, nanoseconds since the epoch; {@link Long#MAX_VALUE}
     * once none is to come. Never falls.
     */
    long lowWatermarkNanos(int interfaceIndex);

    /** Frames in the whole source, those already delivered included. */
    long frames();

    /** Frames of one interface in the whole source. */
    long frames(int interfaceIndex);

    /** Octets on the wire of all frames of the source. */
    long octets();

    /** True if the source ends inside a record: what came before was delivered, the rest is lost. */
    boolean truncatedAtEnd();

    /** Octets of the source behind its last complete record. */
    long unreadOctets();

    @Override
    void close() throws IOException;
}
