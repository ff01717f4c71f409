package io.parallax.capture.publish;

import io.parallax.capture.decode.DecodeOptions;
import io.parallax.capture.select.Sampling;
import java.time.Duration;

/**
 * How captures are replayed.
 *
 * @param bootEpochMillis start of the process, milliseconds since the epoch; with the sequence it identifies a header
 * @param threads threads that share the capture files between them, 1 or more
 * @param speed 1 replays at the recorded pace, 10 ten times as fast; {@link #UNPACED} as fast as it goes
 * @param batchHeaders headers after which a batch is published; more a batch is fewer octets a header and more delay
 * @param batchOctets encoded octets after which a batch is published; a broker takes 1 MiB by default
 * @param linger longest time a header waits for its batch at a recorded pace, and the interval of heartbeats
 * @param decode what the decoder opens
 * @param sampling which share of the packets is published
 */
public record ReplayOptions(
        long bootEpochMillis,
        int threads,
        double speed,
        int batchHeaders,
        int batchOctets,
        Duration linger,
        DecodeOptions decode,
        Sampling sampling) {

    /** {@link #speed} without waiting. */
    public static final double UNPACED = 0;

    /** 5.8 to 8.6 octets a header against 11 to 16 with 1,000; 32,000 give 5.0 to 7.0. */
    public static final int DEFAULT_BATCH_HEADERS = 32_000;

    public static final int DEFAULT_BATCH_OCTETS = 900 * 1024;

    public static final Duration DEFAULT_LINGER = Duration.ofMillis(200);

    /** Refuses what cannot be, naming the option, its value and what is allowed. */
    public ReplayOptions {
        require(threads >= 1, "threads", threads, "1 or more");
        require(speed >= 0 && speed < Double.POSITIVE_INFINITY, "speed", speed, "0 (as fast as possible) or more");
        require(batchHeaders >= 1 && batchHeaders <= 1_000_000, "batch-headers", batchHeaders, "1 to 1000000");
        require(batchOctets >= 1, "batch-octets", batchOctets, "1 or more");
        require(linger.toMillis() >= 1, "linger", linger, "1 ms or more");
    }

    /** Everything opened, everything published. */
    public ReplayOptions(
            long bootEpochMillis, int threads, double speed, int batchHeaders, int batchOctets, Duration linger) {
        this(
                bootEpochMillis,
                threads,
                speed,
                batchHeaders,
                batchOctets,
                linger,
                DecodeOptions.DEFAULTS,
                Sampling.none());
    }

    private static void require(boolean allowed, String name, Object value, String range) {
        if (!allowed) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + range);
        }
    }

    /** As fast as possible on one thread. */
    public static ReplayOptions unpaced(long bootEpochMillis) {
        return new ReplayOptions(
                bootEpochMillis, 1, UNPACED, DEFAULT_BATCH_HEADERS, DEFAULT_BATCH_OCTETS, DEFAULT_LINGER);
    }

    StreamSettings stream() {
        return new StreamSettings(
                bootEpochMillis, StreamSettings.SNAP_LENGTH_UNKNOWN, decode, sampling, batchHeaders, batchOctets);
    }

    boolean isPaced() {
        return speed != UNPACED;
    }
}
