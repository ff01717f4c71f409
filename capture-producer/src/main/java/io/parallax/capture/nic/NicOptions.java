package io.parallax.capture.nic;

import java.time.Duration;

/**
 * How an interface is opened.
 *
 * @param snapLength octets kept of each frame; headers need 128, more lets payload leave the interface
 * @param bufferOctets of the ring between kernel and reader; larger survives longer pauses of the reader (at 200 octets a
 *     frame 64 MiB hold 330,000 frames, a third of a second at 1 M frames/s)
 * @param promiscuous frames for other stations too; off sees only the interface's own traffic
 * @param immediate each frame is handed over as it comes: 2 to 3 times the CPU per frame, and less latency
 * @param readTimeout the longest that {@link Nic#read} waits, and in buffered mode the longest that a frame waits in the ring
 */
public record NicOptions(
        int snapLength, int bufferOctets, boolean promiscuous, boolean immediate, Duration readTimeout) {

    /** Ethernet, two VLAN tags and IPv4 with its ports; below it nothing is decoded. */
    public static final int MIN_SNAP_LENGTH = 64;

    /** libpcap's own maximum (MAXIMUM_SNAPLEN). */
    public static final int MAX_SNAP_LENGTH = 262_144;

    /** One block of the kernel's ring as libpcap lays it out. */
    public static final int MIN_BUFFER_OCTETS = 128 * 1024;

    private static final Duration MIN_READ_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_READ_TIMEOUT = Duration.ofSeconds(1);

    public static final NicOptions DEFAULT = new NicOptions(128, 64 * 1024 * 1024, true, false, Duration.ofMillis(10));

    public NicOptions {
        if (snapLength < MIN_SNAP_LENGTH || snapLength > MAX_SNAP_LENGTH) {
            throw new IllegalArgumentException("snap length is " + snapLength + " octets; allowed are "
                    + MIN_SNAP_LENGTH + " to " + MAX_SNAP_LENGTH);
        }
        if (bufferOctets < MIN_BUFFER_OCTETS) {
            throw new IllegalArgumentException("kernel buffer is " + bufferOctets + " octets; allowed are "
                    + MIN_BUFFER_OCTETS + " to " + Integer.MAX_VALUE);
        }
        if (readTimeout.compareTo(MIN_READ_TIMEOUT) < 0 || readTimeout.compareTo(MAX_READ_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "read timeout is " + readTimeout.toMillis() + " ms; allowed are 1 to 1000");
        }
    }

    public NicOptions withSnapLength(int octets) {
        return new NicOptions(octets, bufferOctets, promiscuous, immediate, readTimeout);
    }

    public NicOptions withBufferOctets(int octets) {
        return new NicOptions(snapLength, octets, promiscuous, immediate, readTimeout);
    }

    public NicOptions withPromiscuous(boolean on) {
        return new NicOptions(snapLength, bufferOctets, on, immediate, readTimeout);
    }

    public NicOptions withImmediate(boolean on) {
        return new NicOptions(snapLength, bufferOctets, promiscuous, on, readTimeout);
    }
}
