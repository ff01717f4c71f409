package io.parallax.capture.account;

import io.parallax.capture.decode.Outcome;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Counts of frames in 64 bits: one column an outcome, and what was made of them.
 *
 * <pre>
 *  frames on the interface = dropped by the kernel + filtered, by cause + frames + lost
 *  frames                  = sum over the outcomes
 *  headers that outcomes promise = published + shed, by cause (+ held back for their first fragment)
 * </pre>
 */
@SuppressWarnings("EnumOrdinal") // as an index within one build, and in Books of the same build
public final class Tally {

    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final Filtered[] FILTERED = Filtered.values();
    private static final Shed[] SHED = Shed.values();

    private static final int FRAMES = 0;
    private static final int OCTETS = 1;
    private static final int PUBLISHED = 2;
    private static final int PUBLISHED_IP = 3;
    private static final int KERNEL_DROPPED = 4;
    private static final int INTERFACE_FRAMES = 5;
    private static final int LOST = 6;
    private static final int BY_OUTCOME = 7;
    private static final int BY_FILTERED = BY_OUTCOME + OUTCOMES.length;
    private static final int BY_SHED = BY_FILTERED + FILTERED.length;

    /** Counts that a tally has. */
    static final int COUNTS = BY_SHED + SHED.length;

    private final long[] counts = new long[COUNTS];

    /** One frame and its octets on the wire. */
    void frame(Outcome outcome, int octetsOnWire) {
        counts[BY_OUTCOME + outcome.ordinal()]++;
        counts[FRAMES]++;
        counts[OCTETS] += octetsOnWire;
    }

    void filtered(Filtered cause, long frames) {
        counts[BY_FILTERED + cause.ordinal()] += frames;
    }

    void published(boolean isIp) {
        counts[PUBLISHED]++;
        if (isIp) {
            counts[PUBLISHED_IP]++;
        }
    }

    void shed(Shed cause, long headers) {
        counts[BY_SHED + cause.ordinal()] += headers;
    }

    void kernelDropped(long frames) {
        counts[KERNEL_DROPPED] += frames;
    }

    void interfaceFrames(long frames) {
        counts[INTERFACE_FRAMES] += frames;
    }

    void lost(long frames) {
        counts[LOST] += frames;
    }

    /** The same without what the interface's own counters said. */
    Tally withoutInterface() {
        Tally copy = copy();
        copy.counts[INTERFACE_FRAMES] = 0;
        copy.counts[LOST] = 0;
        return copy;
    }

    void add(Tally other) {
        for (int i = 0; i < COUNTS; i++) {
            counts[i] += other.counts[i];
        }
    }

    /** A tally of what this has and {@code earlier} had not. */
    public Tally minus(Tally earlier) {
        Tally difference = copy();
        for (int i = 0; i < COUNTS; i++) {
            difference.counts[i] -= earlier.counts[i];
        }
        return difference;
    }

    public Tally copy() {
        Tally copy = new Tally();
        copy.add(this);
        return copy;
    }

    /**
     * True if every frame is in one column and every header that a column promises was published or shed. While headers are
     * held back the second does not hold yet.
     */
    public boolean balances() {
        return sum(BY_OUTCOME, OUTCOMES.length) == frames() && promised() == published() + shed();
    }

    /** Headers that the outcomes of the frames so far have to give. */
    public long promised() {
        long promised = 0;
        for (Outcome outcome : OUTCOMES) {
            promised += outcome.publishesHeader() ? frames(outcome) : 0;
        }
        return promised;
    }

    /** Frames with a known fate: read, filtered or dropped. */
    public long accounted() {
        return frames() + filtered() + kernelDropped();
    }

    private long sum(int from, int count) {
        long sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += counts[i];
        }
        return sum;
    }

    public long frames(Outcome outcome) {
        return counts[BY_OUTCOME + outcome.ordinal()];
    }

    /** Frames that were read and not filtered. */
    public long frames() {
        return counts[FRAMES];
    }

    /** Octets on the wire, link layer included. */
    public long octets() {
        return counts[OCTETS];
    }

    /** Headers handed over for publishing. */
    public long published() {
        return counts[PUBLISHED];
    }

    /** Of these, IPv4 and IPv6 headers. */
    public long publishedIp() {
        return counts[PUBLISHED_IP];
    }

    public long filtered(Filtered cause) {
        return counts[BY_FILTERED + cause.ordinal()];
    }

    public long filtered() {
        return sum(BY_FILTERED, FILTERED.length);
    }

    public long shed(Shed cause) {
        return counts[BY_SHED + cause.ordinal()];
    }

    public long shed() {
        return sum(BY_SHED, SHED.length);
    }

    /** Frames that the kernel gave up because nobody read them in time. */
    public long kernelDropped() {
        return counts[KERNEL_DROPPED];
    }

    /** Frames that passed the interface, by the interface's own counters; 0 for a capture file. */
    public long interfaceFrames() {
        return counts[INTERFACE_FRAMES];
    }

    /** Frames that passed the interface while no process captured. */
    public long lost() {
        return counts[LOST];
    }

    /** Frames by outcome label, in the order of {@link Outcome}, without those that never happened. */
    public Map<String, Long> outcomes() {
        return named(OUTCOMES, BY_OUTCOME, Outcome::label);
    }

    /** Frames by label of {@link Filtered}, without those that never happened. */
    public Map<String, Long> filteredByCause() {
        return named(FILTERED, BY_FILTERED, Filtered::label);
    }

    /** Headers by label of {@link Shed}, without those that never happened. */
    public Map<String, Long> shedByCause() {
        return named(SHED, BY_SHED, Shed::label);
    }

    private <T> Map<String, Long> named(T[] columns, int from, Function<T, String> label) {
        Map<String, Long> named = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i++) {
            if (counts[from + i] != 0) {
                named.put(label.apply(columns[i]), counts[from + i]);
            }
        }
        return named;
    }

    /** Names and order of all counts: what was written under other names cannot be read. */
    static String layout() {
        return List.of(OUTCOMES) + " " + List.of(FILTERED) + " " + List.of(SHED);
    }

    void writeTo(ByteBuffer out) {
        for (long count : counts) {
            out.putLong(count);
        }
    }

    static Tally readFrom(ByteBuffer in) {
        Tally tally = new Tally();
        for (int i = 0; i < COUNTS; i++) {
            tally.counts[i] = in.getLong();
        }
        return tally;
    }

    @Override
    public String toString() {
        String text = "frames " + frames() + ", octets " + octets() + ", published " + published() + " (IP "
                + publishedIp() + "), outcomes " + outcomes();
        text += filtered() == 0 ? "" : ", filtered " + filteredByCause();
        text += shed() == 0 ? "" : ", shed " + shedByCause();
        text += kernelDropped() == 0 ? "" : ", dropped by the kernel " + kernelDropped();
        return text + (lost() == 0 ? "" : ", lost " + lost());
    }
}
