package io.parallax.capture.decode;

import io.parallax.capture.source.Frame;
import io.parallax.wire.PacketHeader;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Tells the further copies of a flooded frame, which a promiscuous port receives once per uplink of its switch, from frames
 * that were sent several times: duplicates of class D3.
 *
 * <p><b>Idea.</b> A copy is octet for octet the frame of at most a millisecond before. A 64-bit hash of the first
 * {@value #HASHED_OCTETS} octets, of the original length and of what was decoded (identification, TCP numbers: they may lie
 * deeper) stands for the frame, in a table of {@value #SLOTS} slots in sets of {@value #WAYS}, where the newest frame takes
 * the place of the oldest. Time counts from the first copy, so that a sender who repeats himself without pause is not taken
 * for a flood for longer than that.
 *
 * <p><b>What looks equal and was sent twice.</b> The IP identification tells retransmissions, keep-alives, and datagrams of
 * equal content apart: a sender changes it. Without one (IPv6, or IPv4 with 0 as RFC 6864 lets senders have it where
 * fragmentation is off) nothing tells a DNS retry, an echo request, a pure ACK or a reset from its copy: such frames are never
 * repeats. The exception is TCP that occupies sequence space: it is sent again after a timeout of 200 ms or on the receiver's
 * word, which changes acknowledgment, window or time stamp as a rule. The reference recording lab/set-a has no segment that is
 * repeated within 1 ms in all but the identification, but a reset that is sent again after 7 us without one.
 *
 * <p><b>Left alone.</b> The frame in a mirror packet: sessions deliver it twice on purpose, and each delivery is a sighting.
 * What is no Ethernet frame: no switch flooded it. What has no time.
 *
 * <p><b>Error.</b> Too many repeats: 64-bit collisions, and senders with one identification for everything who also send the
 * same octets twice in a millisecond. Too few: eight other frames in one of 512 sets between the copies (at a million frames a
 * second and 100 us between copies less than 1 in 10^9). Cost: at most nine multiplications and one cache line; 68 KiB.
 *
 * <p>One per interface. Allocation-free. Not thread-safe.
 */
public final class FloodedFrames {

    static final int HASHED_OCTETS = 128;
    static final int SLOTS = 4_096;
    static final int WAYS = 8;

    private static final int SETS = SLOTS / WAYS;
    private static final int PAIR = 2 * Long.BYTES;

    /** Half of the longest time, so that the distance to it never overflows. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    /** Odd words without a pattern: digits of pi. */
    private static final long FIRST = 0x243F6A8885A308D3L;

    private static final long SECOND = 0x13198A2E03707345L;
    private static final long THIRD = 0xA4093822299F31D1L;

    private static final int FIN_OR_SYN = 0x03;
    private static final int RST = 0x04;
    private static final int UNRELIABLE = PacketHeader.STATUS_PORTS_UNKNOWN | PacketHeader.STATUS_TRUNCATED;

    private final long[] hashes = new long[SLOTS];
    private final long[] times = new long[SLOTS];
    private final byte[] oldest = new byte[SETS];

    public FloodedFrames() {
        Arrays.fill(times, NEVER);
    }

    /** True if {@code frame}, which was decoded to {@code header}, equals one of the millisecond before. */
    public boolean isRepeat(Frame frame, PacketHeader header) {
        return canBeTold(frame, header) && isKnown(hash(frame, header), frame.timeNanos);
    }

    private static boolean canBeTold(Frame frame, PacketHeader header) {
        return header.isIp()
                && frame.linkType == LinkType.ETHERNET
                && frame.timeNanos != 0
                && header.mirrorKind == PacketHeader.MIRROR_NONE
                && (header.fragmentIdentification != 0 || occupiesSequenceSpace(header));
    }

    private static boolean occupiesSequenceSpace(PacketHeader header) {
        boolean isWholeTcp = header.protocol == IpProtocol.TCP && !header.has(UNRELIABLE);
        return isWholeTcp
                && (header.tcpControlBits & RST) == 0
                && ((header.tcpControlBits & FIN_OR_SYN) != 0 || header.octetsIp > header.octetsHeader);
    }

    /**
     * A sum of products, each keyed by its place, which the processor computes side by side. Whatever was decoded as IP over
     * Ethernet has more than one pair of words; the last one overlaps the one before.
     */
    private static long hash(Frame frame, PacketHeader header) {
        ByteBuffer octets = frame.octets;
        long numbers = ((long) header.tcpSequence << Integer.SIZE) | (header.tcpAcknowledgment & 0xFFFF_FFFFL);
        long identity = ((long) header.fragmentIdentification << Integer.SIZE) | (frame.originalOctets & 0xFFFF_FFFFL);
        long hash = mix(numbers ^ FIRST, identity ^ SECOND);
        int last = frame.offset + Math.min(frame.capturedOctets, HASHED_OCTETS) - PAIR;
        long key = THIRD;
        for (int at = frame.offset; at < last; at += PAIR) {
            hash += mix(octets.getLong(at) ^ key, octets.getLong(at + Long.BYTES) ^ SECOND);
            key += FIRST;
        }
        return hash + mix(octets.getLong(last) ^ key, octets.getLong(last + Long.BYTES) ^ SECOND);
    }

    /** Both halves of the product, so that every bit of both words reaches every bit of the result. */
    private static long mix(long one, long other) {
        return Math.multiplyHigh(one, other) ^ (one * other);
    }

    private boolean isKnown(long hash, long timeNanos) {
        int set = (int) hash & (SETS - 1);
        int first = set * WAYS;
        for (int slot = first; slot < first + WAYS; slot++) {
            if (hashes[slot] == hash) {
                boolean isRepeat = Math.abs(timeNanos - times[slot]) <= PacketHeader.REPEATED_WITHIN_NANOS;
                times[slot] = isRepeat ? times[slot] : timeNanos;
                return isRepeat;
            }
        }
        hashes[first + oldest[set]] = hash;
        times[first + oldest[set]] = timeNanos;
        oldest[set] = (byte) ((oldest[set] + 1) % WAYS);
        return false;
    }
}
