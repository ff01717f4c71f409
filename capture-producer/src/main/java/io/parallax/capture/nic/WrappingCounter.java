package io.parallax.capture.nic;

/**
 * A 64-bit count over a 32-bit one that wraps (libpcap's {@code struct pcap_stat} has {@code u_int}).
 *
 * <p>Serial arithmetic (RFC 1982): right as long as fewer than 2<sup>32</sup> are counted between two readings, which at
 * 10 M frames/s are seven minutes.
 */
final class WrappingCounter {

    private static final long MASK = 0xffff_ffffL;

    private long last;
    private long total;

    /** The whole count, given that the low 32 bits of {@code reading} are what the counter shows now. */
    long extend(long reading) {
        long now = reading & MASK;
        total += (now - last) & MASK;
        last = now;
        return total;
    }
}
