package io.parallax.flow;

import io.parallax.model.Records;
import io.parallax.model.TcpView;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What TCP did in one direction at one observation point in one window. Trouble has a record of its own, which a clean
 * window does without.
 *
 * <pre>
 *  count    0  lowest start (32) | highest end (32) of the data seen, in sequence space; equal: no data
 *           1  trouble (32) | sum of the round trips, us (32)
 *           2  octets seen for the first time (48) | round trips (16)
 *           3  shortest (24), longest (24) round trip, us | {@link ControlBits} of the window's first packet (16)
 *           4  as of the window's last packet: history places (32) | part of the handshake, us, plus one, 0: unknown (32)
 *
 *  trouble  0  retransmitted packets (32) | packets out of order (32)
 *           1  retransmitted octets
 *           2  packets lost upstream (32) | packets with window 0 (32)
 *           3  octets lost upstream
 *           4  octets that the capture lost
 *           5  first gap in the cover (32) | gaps (32)
 *
 *  gap      0  next gap (32) | 0 (32)
 *           1  start (32) | end (32)
 * </pre>
 *
 * <p>Cover and gaps are exactly the sequence space that was seen in the window, so that those of several places can be
 * united. With more than {@value #MOST_GAPS} gaps they no longer are: {@link #isCoverExact}.
 *
 * <p>A round trip of more than {@value #LONGEST_MICROS} us counts as that. Once 65,535 of a window are counted, or their
 * sum is full, further ones are left out of sum, number, shortest and longest alike, so that these fit each other.
 */
final class TcpCounts {

    static final int NONE = Records.NONE;
    static final int LONGEST_MICROS = (1 << 24) - 1;

    private static final int WIDTH = 5;
    private static final int COVER = 0;
    private static final int LINK = 1;
    private static final int UNIQUE = 2;
    private static final int EXTREMES = 3;
    private static final int STAND = 4;

    private static final int SAMPLE_BITS = 16;
    private static final int MOST_SAMPLES = (1 << SAMPLE_BITS) - 1;
    private static final int SHORTEST_SHIFT = 40;
    private static final int LONGEST_SHIFT = 16;
    private static final int FIRST_BITS_MASK = 0xFFFF;

    private static final int TROUBLE_WIDTH = 6;
    private static final int RETRANSMITTED = 0;
    private static final int RETRANSMITTED_OCTETS = 1;
    private static final int LOST_UPSTREAM = 2;
    private static final int LOST_UPSTREAM_OCTETS = 3;
    private static final int CAPTURE_LOST_OCTETS = 4;
    private static final int GAPS = 5;

    static final int MOST_GAPS = 256;
    private static final int GAP_WIDTH = 2;
    private static final int NEXT_GAP = 0;
    private static final int GAP = 1;
    private static final long ONE_HIGH = 1L << 32;

    private final Records records;
    private final Records troubles;
    private final Records gaps;

    TcpCounts() {
        this(new Records(WIDTH), new Records(TROUBLE_WIDTH), new Records(GAP_WIDTH));
    }

    private TcpCounts(Records records, Records troubles, Records gaps) {
        this.records = records;
        this.troubles = troubles;
        this.gaps = gaps;
    }

    /** @param firstBits {@link ControlBits#marked} of the window's first packet */
    int add(int firstBits) {
        int count = records.allocate();
        records.setHigh(count, LINK, NONE);
        records.set(count, EXTREMES, firstBits);
        return count;
    }

    /** {@link ControlBits} of the window's first packet; 0 where they were not kept. */
    int firstBits(int count) {
        return (int) records.get(count, EXTREMES) & FIRST_BITS_MASK;
    }

    void release(int count) {
        int trouble = records.high(count, LINK);
        if (trouble != NONE) {
            releaseGaps(trouble);
            troubles.release(trouble);
        }
        records.release(count);
    }

    /** Reads the record, for {@link Prefetch}; the value means nothing. */
    long touch(int count) {
        return records.touch(count);
    }

    boolean hasCover(int count) {
        return records.high(count, COVER) != records.low(count, COVER);
    }

    /** Lowest sequence number of the data seen, 32 unsigned bits; means nothing without {@link #hasCover}. */
    long coverStart(int count) {
        return records.get(count, COVER) >>> 32;
    }

    /** The number after the highest one of the data seen, 32 unsigned bits. */
    long coverEnd(int count) {
        return records.get(count, COVER) & 0xFFFF_FFFFL;
    }

    long uniqueOctets(int count) {
        return records.get(count, UNIQUE) >>> SAMPLE_BITS;
    }

    int rttSamples(int count) {
        return (int) records.get(count, UNIQUE) & MOST_SAMPLES;
    }

    void addUnique(int count, long octets) {
        records.add(count, UNIQUE, octets << SAMPLE_BITS);
    }

    /** Data was seen. What is more than a window off what was seen before is of another connection: the cover is its. */
    void cover(int count, int start, int end) {
        int coverStart = records.high(count, COVER);
        int coverEnd = records.low(count, COVER);
        if (coverEnd == start && coverStart != coverEnd) {
            records.setLow(count, COVER, end);
        } else if (coverStart == coverEnd || !TcpSequence.isNear(start, coverEnd)) {
            forgetGaps(count);
            setCover(count, start, end);
        } else {
            if (TcpSequence.isBefore(coverEnd, start)) {
                addGap(trouble(count), coverEnd, start);
            } else if (TcpSequence.isBefore(end, coverStart)) {
                addGap(trouble(count), end, coverStart);
            } else {
                fillGaps(count, start, end);
            }
            setCover(count, TcpSequence.first(start, coverStart), TcpSequence.last(end, coverEnd));
        }
    }

    private void forgetGaps(int count) {
        if (records.high(count, LINK) != NONE) {
            releaseGaps(records.high(count, LINK));
        }
    }

    private void addGap(int trouble, int from, int until) {
        int number = troubles.low(trouble, GAPS);
        if (number >= MOST_GAPS) {
            troubles.setLow(trouble, GAPS, MOST_GAPS + 1);
            return;
        }
        int gap = gaps.allocate();
        gaps.setHigh(gap, NEXT_GAP, troubles.high(trouble, GAPS));
        gaps.set(gap, GAP, ((long) from << 32) | (until & 0xFFFF_FFFFL));
        troubles.setHigh(trouble, GAPS, gap);
        troubles.setLow(trouble, GAPS, number + 1);
    }

    /** Cuts what was seen out of the gaps. */
    private void fillGaps(int count, int start, int end) {
        int trouble = records.high(count, LINK);
        int before = NONE;
        for (int gap = trouble == NONE ? NONE : troubles.high(trouble, GAPS); gap != NONE; ) {
            int next = gaps.high(gap, NEXT_GAP);
            int gapStart = gaps.high(gap, GAP);
            int gapEnd = gaps.low(gap, GAP);
            boolean isCut = TcpSequence.isBefore(gapStart, end) && TcpSequence.isBefore(start, gapEnd);
            if (isCut && !TcpSequence.isBefore(gapStart, start) && !TcpSequence.isBefore(end, gapEnd)) {
                unlink(trouble, before, gap);
            } else {
                if (isCut && TcpSequence.isBefore(gapStart, start)) {
                    gaps.setLow(gap, GAP, start);
                    if (TcpSequence.isBefore(end, gapEnd)) {
                        addGap(trouble, end, gapEnd);
                        before = before == NONE ? troubles.high(trouble, GAPS) : before;
                    }
                } else if (isCut) {
                    gaps.setHigh(gap, GAP, end);
                }
                before = gap;
            }
            gap = next;
        }
    }

    private void unlink(int trouble, int before, int gap) {
        int next = gaps.high(gap, NEXT_GAP);
        if (before == NONE) {
            troubles.setHigh(trouble, GAPS, next);
        } else {
            gaps.setHigh(before, NEXT_GAP, next);
        }
        gaps.release(gap);
        if (troubles.low(trouble, GAPS) <= MOST_GAPS) {
            troubles.add(trouble, GAPS, -1);
        }
    }

    private void releaseGaps(int trouble) {
        for (int gap = troubles.high(trouble, GAPS); gap != NONE; ) {
            int next = gaps.high(gap, NEXT_GAP);
            gaps.release(gap);
            gap = next;
        }
        troubles.set(trouble, GAPS, (long) NONE << 32);
    }

    /** Whether cover and gaps say all; not where there were too many gaps or more than serial arithmetic can tell. */
    boolean isCoverExact(int count) {
        int trouble = records.high(count, LINK);
        return records.low(count, COVER) - records.high(count, COVER) >= 0
                && (trouble == NONE || troubles.low(trouble, GAPS) <= MOST_GAPS);
    }

    boolean hasGaps(int count) {
        int trouble = records.high(count, LINK);
        return trouble != NONE && troubles.high(trouble, GAPS) != NONE;
    }

    /** Adds the gaps to {@code out}. */
    void gaps(int count, Intervals out) {
        int trouble = records.high(count, LINK);
        for (int gap = trouble == NONE ? NONE : troubles.high(trouble, GAPS);
                gap != NONE;
                gap = gaps.high(gap, NEXT_GAP)) {
            out.add(gaps.high(gap, GAP), gaps.low(gap, GAP));
        }
    }

    private void setCover(int count, int start, int end) {
        records.set(count, COVER, ((long) start << 32) | (end & 0xFFFF_FFFFL));
    }

    void addRoundTrip(int count, long micros) {
        long saturated = Math.min(micros, LONGEST_MICROS);
        int samples = rttSamples(count);
        long sum = rttSumMicros(count) + saturated;
        if (samples == MOST_SAMPLES || sum > 0xFFFF_FFFFL) {
            return;
        }
        long shortest = samples == 0 ? saturated : Math.min(saturated, rttMinMicros(count));
        long longest = samples == 0 ? saturated : Math.max(saturated, rttMaxMicros(count));
        records.set(count, EXTREMES, (shortest << SHORTEST_SHIFT) | (longest << LONGEST_SHIFT) | firstBits(count));
        records.setLow(count, LINK, (int) sum);
        records.add(count, UNIQUE, 1);
    }

    long rttSumMicros(int count) {
        return records.get(count, LINK) & 0xFFFF_FFFFL;
    }

    long rttMinMicros(int count) {
        return rttSamples(count) == 0 ? TcpView.UNKNOWN : records.get(count, EXTREMES) >>> SHORTEST_SHIFT;
    }

    long rttMaxMicros(int count) {
        return rttSamples(count) == 0
                ? TcpView.UNKNOWN
                : (records.get(count, EXTREMES) >>> LONGEST_SHIFT) & LONGEST_MICROS;
    }

    void addRetransmitted(int count, long octets) {
        int trouble = trouble(count);
        troubles.add(trouble, RETRANSMITTED, ONE_HIGH);
        troubles.add(trouble, RETRANSMITTED_OCTETS, octets);
    }

    void addOutOfOrder(int count) {
        troubles.add(trouble(count), RETRANSMITTED, 1);
    }

    void addLostUpstream(int count, long octets) {
        int trouble = trouble(count);
        troubles.add(trouble, LOST_UPSTREAM, ONE_HIGH);
        troubles.add(trouble, LOST_UPSTREAM_OCTETS, octets);
    }

    void addCaptureLost(int count, long octets) {
        troubles.add(trouble(count), CAPTURE_LOST_OCTETS, octets);
    }

    void addZeroWindow(int count) {
        troubles.add(trouble(count), LOST_UPSTREAM, 1);
    }

    private int trouble(int count) {
        int trouble = records.high(count, LINK);
        if (trouble == NONE) {
            trouble = troubles.allocate();
            troubles.setHigh(trouble, GAPS, NONE);
            records.setHigh(count, LINK, trouble);
        }
        return trouble;
    }

    /** How the connection stood by the last packet of the window: what comes later belongs to later windows. */
    void stand(int count, int historyPlaces, long handshakeMicros) {
        records.set(count, STAND, ((long) historyPlaces << 32) | (handshakeMicros + 1));
    }

    /** {@link TcpHistory} places of the direction by the end of the window. */
    int history(int count) {
        return records.high(count, STAND);
    }

    /** The part of the handshake that the direction's sender took, us; {@link TcpView#UNKNOWN}. */
    long handshakeMicros(int count) {
        return records.low(count, STAND) - 1L;
    }

    /** Octets of the opposite direction that this one acknowledged and that never passed here. */
    long captureLostOctets(int count) {
        int trouble = records.high(count, LINK);
        return trouble == NONE ? 0 : troubles.get(trouble, CAPTURE_LOST_OCTETS);
    }

    /** Writes all of a window's numbers; the handshake is the track's. */
    void view(int count, TcpView out) {
        out.uniqueOctets = uniqueOctets(count);
        out.rttSamples = rttSamples(count);
        out.rttSumMicros = rttSumMicros(count);
        out.rttMinMicros = rttMinMicros(count);
        out.rttMaxMicros = rttMaxMicros(count);
        int trouble = records.high(count, LINK);
        boolean isClean = trouble == NONE;
        out.retransmittedPackets = isClean ? 0 : troubles.high(trouble, RETRANSMITTED) & 0xFFFF_FFFFL;
        out.outOfOrderPackets = isClean ? 0 : troubles.low(trouble, RETRANSMITTED) & 0xFFFF_FFFFL;
        out.retransmittedOctets = isClean ? 0 : troubles.get(trouble, RETRANSMITTED_OCTETS);
        out.lostUpstreamPackets = isClean ? 0 : troubles.high(trouble, LOST_UPSTREAM) & 0xFFFF_FFFFL;
        out.zeroWindowPackets = isClean ? 0 : troubles.low(trouble, LOST_UPSTREAM) & 0xFFFF_FFFFL;
        out.lostUpstreamOctets = isClean ? 0 : troubles.get(trouble, LOST_UPSTREAM_OCTETS);
        out.captureLostOctets = isClean ? 0 : troubles.get(trouble, CAPTURE_LOST_OCTETS);
        out.handshakeMicros = handshakeMicros(count);
    }

    /** Records of all windows. */
    int size() {
        return records.live();
    }

    /** Windows in which something went wrong. */
    int troubled() {
        return troubles.live();
    }

    TcpCounts copy() {
        return new TcpCounts(records.copy(), troubles.copy(), gaps.copy());
    }

    void writeTo(DataOutput out) throws IOException {
        records.writeTo(out);
        troubles.writeTo(out);
        gaps.writeTo(out);
    }

    static TcpCounts readFrom(DataInput in) throws IOException {
        return new TcpCounts(
                Records.readFrom(in, WIDTH), Records.readFrom(in, TROUBLE_WIDTH), Records.readFrom(in, GAP_WIDTH));
    }
}
