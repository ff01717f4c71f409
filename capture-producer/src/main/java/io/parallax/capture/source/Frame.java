package io.parallax.capture.source;

import java.nio.ByteBuffer;

/**
 * The octets of one frame and when, where and how they were captured.
 *
 * <p>Mutable and reused, a view over the source's buffer: valid until the next call of {@link FrameSource#next}.
 */
public final class Frame {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Holds the frame at {@link #offset}; big-endian, its position and limit mean nothing. */
    public ByteBuffer octets = NOTHING;

    /** Index of the frame's first octet in {@link #octets}. */
    public int offset;

    /** Octets that the capture kept. */
    public int capturedOctets;

    /** Octets the frame had on the wire as the capture says; above {@link #capturedOctets} where a snap length cut it. */
    public int originalOctets;

    /** LINKTYPE_ number (tcpdump.org/linktypes.html), {@link #LINK_TYPE_UNKNOWN} where the capture gives none. */
    public int linkType;

    /** Capture time, nanoseconds since the epoch; 0 for records without a time. */
    public long timeNanos;

    /** Which of {@link FrameSource#interfaces()} captured it. */
    public int interfaceIndex;

    public static final int LINK_TYPE_UNKNOWN = -1;
}
