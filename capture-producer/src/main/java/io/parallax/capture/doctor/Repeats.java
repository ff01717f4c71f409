package io.parallax.capture.doctor;

import io.parallax.capture.source.Frame;
import java.util.Arrays;

/**
 * Counts frames that equal one of the millisecond before, octet for octet as far as captured: floods that reach a promiscuous
 * port through several uplinks. A TCP retransmission comes later than that.
 *
 * <p>A table of the latest frame at each hash; two frames that share a place hide each other, so the count is a lower bound.
 */
final class Repeats {

    private static final int PLACES = 1 << 14;
    private static final long WITHIN_NANOS = 1_000_000;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long[] hashes = new long[PLACES];
    private final long[] times = new long[PLACES];
    private long count;

    Repeats() {
        Arrays.fill(times, Long.MIN_VALUE / 2);
    }

    void add(Frame frame) {
        long hash = FNV_OFFSET ^ frame.originalOctets;
        for (int i = 0; i < frame.capturedOctets; i++) {
            hash = (hash ^ (frame.octets.get(frame.offset + i) & 0xff)) * FNV_PRIME;
        }
        int place = (int) (hash ^ (hash >>> 32)) & (PLACES - 1);
        if (hashes[place] == hash && Math.abs(frame.timeNanos - times[place]) <= WITHIN_NANOS) {
            count++;
        }
        hashes[place] = hash;
        times[place] = frame.timeNanos;
    }

    long count() {
        return count;
    }
}
