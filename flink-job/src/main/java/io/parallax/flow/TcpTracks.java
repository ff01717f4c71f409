package io.parallax.flow;

import io.parallax.model.Records;
import io.parallax.model.TcpView;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How far TCP has come in one direction at one observation point (OP), for as long as its sighting lives. What a packet
 * changes is a function of the packets of its OP alone, in the order in which the OP sent them.
 *
 * <pre>
 *  word 0  next sequence number (32) | highest acknowledgment sent (32)
 *       1  initial sequence number, or lowest seen (32) | last packet, 2^20 ns, modulo 2^32 (32)
 *       2  end of the probe (32) | when it passed, 256 ns, modulo 2^32 (32)
 *       3  track of the opposite direction (32) | holes (32)
 *       4  history places (32) | part of the handshake, us, plus one, 0: unknown (24) | repeated acknowledgments,
 *          up to 3 (2) | 0 (2) | state (4)
 * </pre>
 *
 * <p>Rules, and where and why they differ from Wireshark's (4.0, packet-tcp.c): docs/46-tcp.md. In short:
 * <ul>
 *   <li>A segment that brings nothing new is retransmitted. One that brings something is not, even if part of it was seen
 *       before: octets are what is counted exactly.
 *   <li>A segment that fills a hole is out of order when it comes within the handshake's round trip (3 ms if that is not
 *       known) of the <em>opening of the hole</em>, since no retransmission can; Wireshark measures from the last segment
 *       with the highest sequence. Later, or when its absence was acknowledged twice, it was lost upstream.
 *   <li>An acknowledgment of what never passed here tells of loss by the capture. It is counted where the acknowledgment
 *       is: in the window and direction of the acknowledging packet, as round trips are.
 *   <li>Keep-alives are none of these, and RST says nothing of sequence numbers (RFC 9293, section 3.10.7.4).
 *   <li>Round trips are taken from one segment at a time, and not from one that was sent twice (RFC 6298, section 3).
 * </ul>
 */
final class TcpTracks {

    static final int NONE = Records.NONE;

    private static final int WIDTH = 5;
    private static final int NUMBERS = 0;
    private static final int START = 1;
    private static final int PROBE = 2;
    private static final int LINKS = 3;
    private static final int FACTS = 4;

    private static final int SEEN = 1;
    private static final int HAS_SEQUENCE = 1 << 1;
    private static final int HAS_ACKNOWLEDGED = 1 << 2;
    private static final int HAS_PROBE = 1 << 3;
    private static final int REPEATED = 1 << 6;
    private static final int MOST_REPEATED = 3;
    private static final int HANDSHAKE_SHIFT = 8;
    private static final long HANDSHAKE_MASK = (1L << 24) - 1;

    private static final int LAST_SHIFT = 20;
    private static final int PROBE_SHIFT = 8;
    private static final int PROBE_UNIT_NANOS = 1 << PROBE_SHIFT;
    private static final int SILENCE = (int) (Lifetime.TCP_NANOS >>> LAST_SHIFT);
    private static final int CLOSED_SILENCE = (int) (Lifetime.TCP_CLOSED_NANOS >>> LAST_SHIFT);

    /** What Wireshark takes for a round trip that it does not know. */
    private static final long UNKNOWN_ROUND_TRIP_NANOS = 3_000_000;

    /** An acknowledgment further ahead is taken for one of another connection, whose begin was not seen. */
    private static final int MOST_MISSED_OCTETS = 1 << 26;

    private static final int SEQUENCED = ControlBits.SYN | ControlBits.FIN;

    private final Records records;
    private final TcpHoles holes;

    TcpTracks() {
        this(new Records(WIDTH), new TcpHoles());
    }

    private TcpTracks(Records records, TcpHoles holes) {
        this.records = records;
        this.holes = holes;
    }

    int add() {
        int track = records.allocate();
        records.set(track, LINKS, -1);
        return track;
    }

    /** A track for the flow that follows on this one's, not yet paired. */
    int adopt(int track) {
        int adopted = add();
        for (int field = NUMBERS; field <= FACTS; field++) {
            if (field != LINKS) {
                records.set(adopted, field, records.get(track, field));
            }
        }
        if (holesOf(track) != NONE) {
            records.setLow(adopted, LINKS, holes.addLike(holesOf(track)));
        }
        return adopted;
    }

    void release(int track) {
        unpair(track);
        releaseHoles(track);
        records.release(track);
    }

    /** Makes two tracks of one OP each other's opposite direction; what they were paired with before is left alone. */
    void pair(int track, int peer) {
        unpair(track);
        unpair(peer);
        records.setHigh(track, LINKS, peer);
        records.setHigh(peer, LINKS, track);
    }

    private void unpair(int track) {
        int peer = peer(track);
        if (peer != NONE) {
            records.setHigh(peer, LINKS, NONE);
            records.setHigh(track, LINKS, NONE);
        }
    }

    /** Reads the record, for {@link Prefetch}; the value means nothing. */
    long touch(int track) {
        return records.touch(track);
    }

    int peer(int track) {
        return records.high(track, LINKS);
    }

    private int holesOf(int track) {
        return records.low(track, LINKS);
    }

    private void releaseHoles(int track) {
        if (holesOf(track) != NONE) {
            holes.release(holesOf(track));
            records.setLow(track, LINKS, NONE);
        }
    }

    /**
     * Takes in a packet of a track's direction.
     *
     * @param count its window's record
     * @param payloadOctets from the headers' lengths, whatever of it was captured
     * @param controlBits as on the wire
     */
    void observe(
            int track,
            TcpCounts counts,
            int count,
            long timeNanos,
            int sequence,
            int acknowledgment,
            int window,
            int payloadOctets,
            int controlBits) {
        startAnewIfOver(track, timeNanos, sequence, controlBits);
        take(track, counts, count, timeNanos, sequence, acknowledgment, window, payloadOctets, controlBits);
        counts.stand(count, history(track), handshakeMicros(track));
    }

    private void take(
            int track,
            TcpCounts counts,
            int count,
            long timeNanos,
            int sequence,
            int acknowledgment,
            int window,
            int payloadOctets,
            int controlBits) {
        if ((controlBits & ControlBits.RST) != 0) {
            happen(track, TcpHistory.RST);
            return;
        }
        if ((controlBits & ControlBits.ACK) != 0) {
            acknowledge(track, counts, count, timeNanos, acknowledgment, payloadOctets, controlBits);
        }
        record(track, payloadOctets, controlBits);
        follow(track, counts, count, timeNanos, sequence, payloadOctets, controlBits);
        if (window == 0 && (controlBits & SEQUENCED) == 0) {
            counts.addZeroWindow(count);
            happen(track, TcpHistory.ZERO_WINDOW);
        }
    }

    /** A connection is over after its idle timeout, and when a SYN starts another one. */
    private void startAnewIfOver(int track, long timeNanos, int sequence, int controlBits) {
        int now = (int) (timeNanos >>> LAST_SHIFT);
        int peer = peer(track);
        if (has(track, SEEN) || (peer != NONE && has(peer, SEEN))) {
            int silence = has(track, SEEN) ? now - last(track) : Integer.MAX_VALUE;
            if (peer != NONE && has(peer, SEEN)) {
                silence = Math.min(silence, now - last(peer));
            }
            if (silence > CLOSED_SILENCE && silence > (isClosed(track, peer) ? CLOSED_SILENCE : SILENCE)) {
                startAnew(track);
                startAnew(peer);
            } else if ((controlBits & ControlBits.SYN) != 0 && isOfAnother(track, sequence)) {
                startAnew(track);
                if ((controlBits & ControlBits.ACK) == 0) {
                    startAnew(peer);
                } else if (peer != NONE) {
                    unset(peer, HAS_ACKNOWLEDGED);
                }
            }
        }
        if (!has(track, SEEN) || now - last(track) > 0) {
            set(track, SEEN);
            records.setLow(track, START, now);
        }
    }

    private int last(int track) {
        return records.low(track, START);
    }

    private boolean isClosed(int track, int peer) {
        int places = history(track);
        int peerPlaces = peer == NONE ? 0 : history(peer);
        return TcpHistory.has(places, TcpHistory.RST)
                || TcpHistory.has(peerPlaces, TcpHistory.RST)
                || (TcpHistory.has(places, TcpHistory.FIN) && TcpHistory.has(peerPlaces, TcpHistory.FIN));
    }

    /** A SYN that data overtook has the number just before theirs. */
    private boolean isOfAnother(int track, int initialSequence) {
        return has(track, HAS_SEQUENCE)
                && (isStartKnown(track) ? start(track) != initialSequence : start(track) != initialSequence + 1);
    }

    private void startAnew(int track) {
        if (track != NONE) {
            releaseHoles(track);
            records.set(track, NUMBERS, 0);
            records.set(track, START, 0);
            records.set(track, PROBE, 0);
            records.set(track, FACTS, 0);
        }
    }

    private void acknowledge(
            int track, TcpCounts counts, int count, long timeNanos, int number, int payloadOctets, int controlBits) {
        int peer = peer(track);
        boolean isPeerKnown = peer != NONE && has(peer, HAS_SEQUENCE);
        if (isPeerKnown && !TcpSequence.isNear(number, next(peer))) {
            return;
        }
        int ahead = number - records.low(track, NUMBERS);
        if (!has(track, HAS_ACKNOWLEDGED) || ahead > 0) {
            set(track, HAS_ACKNOWLEDGED);
            records.setLow(track, NUMBERS, number);
            unset(track, MOST_REPEATED * REPEATED);
        } else if (ahead < 0) {
            return;
        } else if (payloadOctets == 0 && (controlBits & SEQUENCED) == 0 && repeated(track) < MOST_REPEATED) {
            records.add(track, FACTS, REPEATED);
        }
        if (isPeerKnown && ahead != 0) {
            takeRoundTrip(track, peer, counts, count, timeNanos, number, controlBits);
            missWhatIsAcknowledged(peer, counts, count, timeNanos, number);
        }
    }

    private void takeRoundTrip(
            int track, int peer, TcpCounts counts, int count, long timeNanos, int number, int controlBits) {
        int probe = records.high(peer, PROBE);
        if (!has(peer, HAS_PROBE) || TcpSequence.isBefore(number, probe)) {
            return;
        }
        unset(peer, HAS_PROBE);
        int elapsed = (int) (timeNanos >>> PROBE_SHIFT) - records.low(peer, PROBE);
        if (elapsed < 0) {
            return;
        }
        long micros = ((long) elapsed * PROBE_UNIT_NANOS + 500) / 1_000;
        if (isStartKnown(peer) && probe == start(peer) + 1) {
            shakeHands(track, peer, micros, controlBits);
        } else {
            counts.addRoundTrip(count, micros);
        }
    }

    /** The first answer counts, to the last SYN before it; to a SYN alone only a SYN with ACK is one. */
    private void shakeHands(int track, int peer, long micros, int controlBits) {
        boolean isAnswer = TcpHistory.has(history(peer), TcpHistory.SYN_ACK) || (controlBits & ControlBits.SYN) != 0;
        if (isAnswer && handshakeMicros(track) == TcpView.UNKNOWN) {
            records.add(track, FACTS, Math.min(micros + 1, HANDSHAKE_MASK) << HANDSHAKE_SHIFT);
        }
    }

    private void missWhatIsAcknowledged(int peer, TcpCounts counts, int count, long timeNanos, int number) {
        long missed = holesOf(peer) == NONE ? 0 : holes.acknowledge(holesOf(peer), number);
        int next = next(peer);
        if (TcpSequence.isBefore(next, number)) {
            missed += number - next > MOST_MISSED_OCTETS ? 0 : number - next;
            open(peer, next, number, timeNanos, true);
            setNext(peer, number);
        }
        if (missed > 0) {
            counts.addCaptureLost(count, missed);
        }
        if (holesOf(peer) != NONE && holes.isEmpty(holesOf(peer))) {
            releaseHoles(peer);
        }
    }

    /** Letters that the header alone tells. */
    private void record(int track, int payloadOctets, int controlBits) {
        if ((controlBits & ControlBits.SYN) != 0) {
            happen(track, (controlBits & ControlBits.ACK) == 0 ? TcpHistory.SYN : TcpHistory.SYN_ACK);
        }
        if (payloadOctets > 0) {
            happen(track, TcpHistory.DATA);
        } else if ((controlBits & SEQUENCED) == 0) {
            happen(track, TcpHistory.ACK);
        }
        if ((controlBits & ControlBits.FIN) != 0) {
            happen(track, TcpHistory.FIN);
        }
    }

    private void happen(int track, int letter) {
        int places = history(track);
        if (!TcpHistory.has(places, letter)) {
            int peer = peer(track);
            records.setHigh(track, FACTS, TcpHistory.with(places, peer == NONE ? 0 : history(peer), letter));
        }
    }

    private void follow(
            int track, TcpCounts counts, int count, long timeNanos, int sequence, int octets, int controlBits) {
        int syn = (controlBits & ControlBits.SYN) == 0 ? 0 : 1;
        int fin = controlBits & ControlBits.FIN;
        int end = sequence + syn + octets + fin;
        if (!has(track, HAS_SEQUENCE) || !TcpSequence.isNear(sequence, next(track))) {
            releaseHoles(track);
            unset(track, HAS_PROBE);
            set(track, HAS_SEQUENCE);
            records.setHigh(track, START, sequence);
            setNext(track, sequence);
        }
        int ahead = sequence - next(track);
        if (octets == 1 && ahead == -1 && (controlBits & SEQUENCED) == 0) {
            return;
        }
        if (octets > 0) {
            counts.cover(count, sequence + syn, sequence + syn + octets);
        }
        if (ahead < 0) {
            if (end != sequence) {
                revisit(track, counts, count, timeNanos, sequence, octets, controlBits);
            }
            return;
        }
        if (ahead > 0) {
            open(track, next(track), sequence, timeNanos, false);
        }
        setNext(track, end);
        if (end != sequence) {
            counts.addUnique(count, octets);
            if (syn == 1) {
                probe(track, sequence + 1, timeNanos);
            } else if (!has(track, HAS_PROBE) && (holesOf(track) == NONE || !holes.isWaitedFor(holesOf(track)))) {
                probe(track, end, timeNanos);
            }
        }
    }

    /** A segment that starts where others have been. */
    private void revisit(
            int track, TcpCounts counts, int count, long timeNanos, int sequence, int octets, int controlBits) {
        int syn = (controlBits & ControlBits.SYN) == 0 ? 0 : 1;
        int fin = controlBits & ControlBits.FIN;
        int next = next(track);
        int end = sequence + syn + octets + fin;
        boolean isFinNew = fin == 1 && isUnseen(track, end - 1);
        int late = holesOf(track) == NONE ? 0 : holes.fill(holesOf(track), sequence, TcpSequence.first(end, next));
        boolean isSoon = late > 0 && isSoon(track, sequence, timeNanos);
        boolean isKnownToReceiver = late > 0 && holes.wasFilledAcknowledged();
        if (late > 0 && holes.isEmpty(holesOf(track))) {
            releaseHoles(track);
        }
        if (isBelowStart(track, sequence, syn)) {
            late += lower(track, sequence, end, timeNanos);
            isKnownToReceiver = isAcknowledged(track, end);
            isSoon = !isKnownToReceiver;
        }
        int fresh = Math.max(0, end - next);
        if (fresh > 0) {
            setNext(track, end);
        }
        if (late + fresh > 0) {
            counts.addUnique(count, late + fresh - (isFinNew ? 1 : 0) - (late > 0 ? syn : 0));
        }
        if (late > 0 && isSoon) {
            counts.addOutOfOrder(count);
            return;
        }
        if (late > 0 && !isKnownToReceiver) {
            counts.addLostUpstream(count, octets);
        } else if (late > 0 || fresh == 0) {
            counts.addRetransmitted(count, octets);
            happen(track, TcpHistory.RETRANSMISSION);
        }
        sentTwice(track, sequence, syn, timeNanos);
    }

    private boolean isUnseen(int track, int sequence) {
        return !TcpSequence.isBefore(sequence, next(track))
                || TcpSequence.isBefore(sequence, start(track))
                || (holesOf(track) != NONE && holes.contains(holesOf(track), sequence));
    }

    private boolean isSoon(int track, int sequence, long timeNanos) {
        int peer = peer(track);
        boolean isAskedFor = peer != NONE && repeated(peer) >= 2 && records.low(peer, NUMBERS) == sequence;
        return !isAskedFor && timeNanos - holes.filledOpenedNanos() < roundTripNanos(track, peer);
    }

    private long roundTripNanos(int track, int peer) {
        long here = handshakeMicros(track);
        long there = peer == NONE ? TcpView.UNKNOWN : handshakeMicros(peer);
        boolean isKnown = here != TcpView.UNKNOWN && there != TcpView.UNKNOWN && here + there > 0;
        return isKnown ? (here + there) * 1_000 : UNKNOWN_ROUND_TRIP_NANOS;
    }

    /** Before the first number seen there is more to see, until the SYN says that there is not. */
    private boolean isBelowStart(int track, int sequence, int syn) {
        return TcpSequence.isBefore(sequence, start(track)) && (syn == 1 || !isStartKnown(track));
    }

    private int lower(int track, int sequence, int end, long timeNanos) {
        int before = start(track);
        records.setHigh(track, START, sequence);
        if (TcpSequence.isBefore(end, before)) {
            open(track, end, before, timeNanos, isAcknowledged(track, before));
        }
        return TcpSequence.first(end, before) - sequence;
    }

    private boolean isAcknowledged(int track, int end) {
        int peer = peer(track);
        return peer != NONE && has(peer, HAS_ACKNOWLEDGED) && !TcpSequence.isBefore(records.low(peer, NUMBERS), end);
    }

    private void probe(int track, int end, long timeNanos) {
        set(track, HAS_PROBE);
        records.set(track, PROBE, ((long) end << 32) | ((timeNanos >>> PROBE_SHIFT) & 0xFFFF_FFFFL));
    }

    /** Nobody knows which of both is acknowledged. Of SYNs the last is taken, as Wireshark does. */
    private void sentTwice(int track, int sequence, int syn, long timeNanos) {
        if (syn == 1) {
            probe(track, sequence + 1, timeNanos);
        } else if (TcpSequence.isBefore(sequence, records.high(track, PROBE))) {
            unset(track, HAS_PROBE);
        }
    }

    private void open(int track, int from, int until, long timeNanos, boolean isAcknowledged) {
        if (holesOf(track) == NONE) {
            records.setLow(track, LINKS, holes.add());
        }
        holes.open(holesOf(track), from, until, timeNanos, isAcknowledged);
    }

    private int next(int track) {
        return records.high(track, NUMBERS);
    }

    private void setNext(int track, int next) {
        records.setHigh(track, NUMBERS, next);
    }

    private int start(int track) {
        return records.high(track, START);
    }

    private boolean isStartKnown(int track) {
        int places = history(track);
        return TcpHistory.has(places, TcpHistory.SYN) || TcpHistory.has(places, TcpHistory.SYN_ACK);
    }

    /** {@link TcpHistory} places of the direction so far. */
    int history(int track) {
        return records.high(track, FACTS);
    }

    private int repeated(int track) {
        return (records.low(track, FACTS) / REPEATED) & MOST_REPEATED;
    }

    private boolean has(int track, int state) {
        return (records.get(track, FACTS) & state) != 0;
    }

    private void set(int track, int state) {
        records.set(track, FACTS, records.get(track, FACTS) | state);
    }

    private void unset(int track, int state) {
        records.set(track, FACTS, records.get(track, FACTS) & ~(long) state);
    }

    /** The part of the handshake between here and this direction's sender, or {@link TcpView#UNKNOWN}. */
    long handshakeMicros(int track) {
        return ((records.get(track, FACTS) >>> HANDSHAKE_SHIFT) & HANDSHAKE_MASK) - 1;
    }

    /** Holes that there was no room for: what fills them is taken for retransmitted, and not counted as unique. */
    long forgottenHoles(int track) {
        return holesOf(track) == NONE ? 0 : holes.forgotten(holesOf(track));
    }

    int size() {
        return records.live();
    }

    /** Directions with holes. */
    int holed() {
        return holes.size();
    }

    TcpTracks copy() {
        return new TcpTracks(records.copy(), holes.copy());
    }

    void writeTo(DataOutput out) throws IOException {
        records.writeTo(out);
        holes.writeTo(out);
    }

    static TcpTracks readFrom(DataInput in) throws IOException {
        return new TcpTracks(Records.readFrom(in, WIDTH), TcpHoles.readFrom(in));
    }
}
