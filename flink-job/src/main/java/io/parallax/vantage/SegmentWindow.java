package io.parallax.vantage;

import io.parallax.model.SegmentSample;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One window of a bucket of pairs, the smallest {@value #MOST_PAIRS} by name of them. A pair that was given up never comes
 * back, since those before it stay: what is kept is a function of the set of samples, not of their order.
 */
public final class SegmentWindow {

    /** 32 buckets of 128: 4,096 pairs, as of 91 interfaces that each see what each other sees. About 6 KiB each at most. */
    static final int MOST_PAIRS = 128;

    private final long start;
    private final List<SegmentPair> pairs;
    private long rowsBeyond;

    SegmentWindow(long start) {
        this(start, new ArrayList<>());
    }

    private SegmentWindow(long start, List<SegmentPair> pairs) {
        this.start = start;
        this.pairs = pairs;
    }

    /** Nanoseconds since the epoch. */
    public long start() {
        return start;
    }

    /** Samples of pairs that were given up. */
    public long rowsBeyond() {
        return rowsBeyond;
    }

    /** In the order of their names. */
    public void forEach(Consumer<SegmentPair> out) {
        pairs.forEach(out);
    }

    void add(SegmentSample sample) {
        int at = position(sample);
        if (at < pairs.size() && pairs.get(at).compareTo(sample) == 0) {
            pairs.get(at).add(sample);
        } else if (at == MOST_PAIRS) {
            rowsBeyond++;
        } else {
            SegmentPair pair = SegmentPair.of(sample);
            pair.add(sample);
            pairs.add(at, pair);
            if (pairs.size() > MOST_PAIRS) {
                rowsBeyond += pairs.remove(MOST_PAIRS).rows();
            }
        }
    }

    /** Of the first pair that does not come before the sample's. */
    private int position(SegmentSample sample) {
        int from = 0;
        int to = pairs.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (pairs.get(middle).compareTo(sample) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    SegmentWindow copy() {
        List<SegmentPair> copied = new ArrayList<>(pairs.size());
        pairs.forEach(pair -> copied.add(pair.copy()));
        SegmentWindow copy = new SegmentWindow(start, copied);
        copy.rowsBeyond = rowsBeyond;
        return copy;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeLong(start);
        out.writeLong(rowsBeyond);
        out.writeInt(pairs.size());
        for (SegmentPair pair : pairs) {
            pair.writeTo(out);
        }
    }

    static SegmentWindow readFrom(DataInput in) throws IOException {
        SegmentWindow window = new SegmentWindow(in.readLong());
        window.rowsBeyond = in.readLong();
        for (int i = in.readInt(); i > 0; i--) {
            window.pairs.add(SegmentPair.readFrom(in));
        }
        return window;
    }
}
