package io.parallax.flow;

import io.parallax.model.StreamName;

/** One stream as it was heard: its clock, how far it told everything, and whether it has fallen silent. */
public final class HeardStream {

    public final StreamName name;
    public final int lane;
    public final StreamClock clock;

    /** Records so far: of what several instances know about a stream, the one that heard more is right. */
    public long records;

    /** All before it was told, ns since the epoch, corrected; {@code Long.MIN_VALUE} before the first record. */
    public long passedNanos = Long.MIN_VALUE;

    public boolean isSilent;

    /** Not kept: whether this instance reads the stream, and since when it has been quiet. */
    boolean isListenedTo;

    int quietTicks;

    public HeardStream(StreamName name, int lane, StreamClock clock) {
        this.name = name;
        this.lane = lane;
        this.clock = clock;
    }
}
