package io.parallax.capture.spool;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the journal lies and how large it may grow.
 *
 * @param folder made if absent; one process at a time
 * @param capOctets on disk; beyond it records are refused. Ledger rows may use {@link #reserveOctets} more
 * @param segmentOctets of one file. Disk space comes back a file at a time: larger means fewer files and later room
 * @param fsync when the journal waits for the disk
 * @param fsyncInterval the most that a power cut takes under {@link Fsync#INTERVAL}; without meaning otherwise
 */
public record SpoolOptions(Path folder, long capOctets, int segmentOctets, Fsync fsync, Duration fsyncInterval) {

    /** At 7 MB/s (a million packets a second) ten minutes of outage, at 20,000 packets a second eight hours. */
    public static final long DEFAULT_CAP_OCTETS = 4L << 30;

    public static final int DEFAULT_SEGMENT_OCTETS = 64 << 20;
    public static final Fsync DEFAULT_FSYNC = Fsync.INTERVAL;
    public static final Duration DEFAULT_FSYNC_INTERVAL = Duration.ofSeconds(1);

    private static final int MIN_SEGMENT_OCTETS = 1 << 10;
    private static final int MAX_SEGMENT_OCTETS = 1 << 30;

    /** One segment is written while another one is read. */
    private static final int MIN_SEGMENTS = 2;

    private static final Duration MIN_INTERVAL = Duration.ofMillis(1);
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);

    /** Share of the cap: at the default cap 128 MiB, ledger rows of 8 lanes for more than half a day. */
    private static final int RESERVE_DIVISOR = 32;

    public SpoolOptions {
        if (segmentOctets < MIN_SEGMENT_OCTETS || segmentOctets > MAX_SEGMENT_OCTETS) {
            throw new IllegalArgumentException("spool segment is " + segmentOctets + " octets, allowed is "
                    + MIN_SEGMENT_OCTETS + " to " + MAX_SEGMENT_OCTETS);
        }
        if (capOctets < (long) MIN_SEGMENTS * segmentOctets) {
            throw new IllegalArgumentException("spool cap is " + capOctets + " octets, allowed is "
                    + (long) MIN_SEGMENTS * segmentOctets + " (" + MIN_SEGMENTS + " segments) or more");
        }
        if (fsyncInterval.compareTo(MIN_INTERVAL) < 0 || fsyncInterval.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException(
                    "spool fsync interval is " + fsyncInterval.toMillis() + " ms, allowed is 1 ms to 1 h");
        }
    }

    /** The defaults, in {@code folder}. */
    public static SpoolOptions in(Path folder) {
        return new SpoolOptions(
                folder, DEFAULT_CAP_OCTETS, DEFAULT_SEGMENT_OCTETS, DEFAULT_FSYNC, DEFAULT_FSYNC_INTERVAL);
    }

    /** Above the cap, for ledger rows alone: when headers are refused, the books still say so. */
    public long reserveOctets() {
        return capOctets / RESERVE_DIVISOR;
    }
}
