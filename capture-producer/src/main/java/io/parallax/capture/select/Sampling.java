package io.parallax.capture.select;

import io.parallax.wire.FlowHash;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;

/**
 * Which share of the packets is selected, and how (RFC 5475). The rate goes with every batch: nobody multiplies in silence.
 *
 * <p>By count (systematic, section 5.1): every Nth frame, before it is decoded. It is cheap and tears flows apart, so
 * several sensors select different packets of one flow. By flow (hash-based, section 6.2): all packets of a share of the
 * flows, the same ones on every sensor and in every release, so that what is kept can still be counted once.
 */
public final class Sampling {

    private static final double FLOW_HASHES = 1L << Integer.SIZE;

    private final int everyNth;
    private final long keptHashes;
    private final double probability;
    private long frames;

    private Sampling(int everyNth, double probability) {
        this.everyNth = everyNth;
        this.probability = probability;
        this.keptHashes = everyNth > 1 ? (long) FLOW_HASHES : Math.round(probability * FLOW_HASHES);
    }

    /** Everything. */
    public static Sampling none() {
        return new Sampling(1, 1);
    }

    /**
     * Every {@code n}th frame.
     *
     * @throws IllegalArgumentException if n is below 1
     */
    public static Sampling count(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("sampling-count is " + n + ", allowed is 1 or more");
        }
        return new Sampling(n, 1.0 / n);
    }

    /**
     * All packets of this share of the flows.
     *
     * @throws IllegalArgumentException if the share is not above 0 and at most 1
     */
    public static Sampling flows(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("sampling-flows is " + share + ", allowed is above 0 up to 1");
        }
        return new Sampling(1, share);
    }

    /** One of its own for each thread: counting is state. */
    public Sampling copy() {
        return new Sampling(everyNth, probability);
    }

    /** True if the next frame is one to decode. */
    public boolean selectsFrame() {
        if (everyNth == 1) {
            return true;
        }
        boolean isSelected = frames % everyNth == 0;
        frames++;
        return isSelected;
    }

    /** True if the header is of a flow that is kept. Fragments have to have their ports by now. */
    public boolean selectsFlow(PacketHeader header) {
        return keptHashes == (long) FLOW_HASHES || Integer.toUnsignedLong(FlowHash.of(header)) < keptHashes;
    }

    /** Above 0 up to 1. IPFIX samplingProbability (311). */
    public double probability() {
        return probability;
    }

    /** {@code sampling_method} of a batch. */
    public String method() {
        if (everyNth > 1) {
            return HeaderBatchWriter.SAMPLING_COUNT;
        }
        return probability < 1 ? HeaderBatchWriter.SAMPLING_FLOW_HASH : HeaderBatchWriter.SAMPLING_NONE;
    }
}
