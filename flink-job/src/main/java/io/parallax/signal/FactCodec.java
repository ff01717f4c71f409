package io.parallax.signal;

import io.parallax.model.Fact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** How facts of one kind are written, and in which order they are told: the same in every run. */
public interface FactCodec<F extends Fact> {

    void write(List<F> facts, DataOutput out) throws IOException;

    List<F> read(DataInput in) throws IOException;

    /** By time first. Facts that it does not tell apart are alike. */
    Comparator<F> order();
}
