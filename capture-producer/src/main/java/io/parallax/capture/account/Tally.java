package io.parallax.capture.account;

import io.parallax.capture.decode.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts of frames in 64 bits: one column an outcome, and what was made of them. */
@SuppressWarnings("EnumOrdinal") // as an index within one process, never stored
public final class Tally {

    private static final Outcome[] OUTCOMES = Outcome.values();

    private final long[] framesByOutcome = new long[OUTCOMES.length];
    private long frames;
    private long octets;
    private long published;
    private long publishedIp;

    /** One frame and its octets on the wire. */
    void frame(Outcome outcome, int octetsOnWire) {
        framesByOutcome[outcome.ordinal()]++;
        frames++;
        octets += octetsOnWire;
    }

    void published(boolean isIp) {
        published++;
        if (isIp) {
            publishedIp++;
        }
    }

    void add(Tally other) {
        for (int i = 0; i < framesByOutcome.length; i++) {
            framesByOutcome[i] += other.framesByOutcome[i];
        }
        frames += other.frames;
        octets += other.octets;
        published += other.published;
        publishedIp += other.publishedIp;
    }

    /**
     * True if every frame is in one column and every header that a column promises was published. While headers are held
     * back the second does not hold yet.
     */
    public boolean balances() {
        long sum = 0;
        long promised = 0;
        for (Outcome outcome : OUTCOMES) {
            sum += frames(outcome);
            promised += outcome.publishesHeader() ? frames(outcome) : 0;
        }
        return sum == frames && promised == published;
    }

    public long frames(Outcome outcome) {
        return framesByOutcome[outcome.ordinal()];
    }

    public long frames() {
        return frames;
    }

    /** Octets on the wire, link layer included. */
    public long octets() {
        return octets;
    }

    /** Headers handed over for publishing. */
    public long published() {
        return published;
    }

    /** Of these, IPv4 and IPv6 headers. */
    public long publishedIp() {
        return publishedIp;
    }

    /** Frames by outcome label, in the order of {@link Outcome}, without those that never happened. */
    public Map<String, Long> outcomes() {
        Map<String, Long> outcomes = new LinkedHashMap<>();
        for (Outcome outcome : OUTCOMES) {
            if (frames(outcome) > 0) {
                outcomes.put(outcome.label(), frames(outcome));
            }
        }
        return outcomes;
    }

    @Override
    public String toString() {
        return "frames " + frames + ", octets " + octets + ", published " + published + " (IP " + publishedIp
                + "), outcomes " + outcomes();
    }
}
