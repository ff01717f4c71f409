package io.parallax.signal;

import java.io.DataOutput;
import java.io.IOException;

/** What a detector remembers of one subject. Bounded: its greatest size stands in the detector's {@link Profile}. */
public interface Memory {

    /** {@link #due} when nothing is. */
    long NEVER = Long.MAX_VALUE;

    void writeTo(DataOutput out) throws IOException;

    /** When {@link Detector#elapse} has something to do, nanoseconds since the epoch; {@link #NEVER}: not before a fact. */
    long due();

    /** From when on it holds nothing that could still matter, nanoseconds since the epoch: it is forgotten then. */
    long expires();
}
