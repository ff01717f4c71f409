package io.parallax.io;

import java.time.Instant;

/** The job counts nanoseconds since the epoch; records that leave it state microseconds. */
final class Times {

    private static final int NANOS_PER_MICRO = 1_000;
    private static final int MICROS_PER_SECOND = 1_000_000;

    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private Times() {}

    /** Nanoseconds since the epoch of a time that {@link #instant} made. */
    static long nanos(Instant time) {
        return time.getEpochSecond() * NANOS_PER_SECOND + time.getNano();
    }

    /** The whole microsecond in which {@code nanos} lies. */
    static Instant instant(long nanos) {
        long micros = Math.floorDiv(nanos, NANOS_PER_MICRO);
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND),
                Math.floorMod(micros, MICROS_PER_SECOND) * (long) NANOS_PER_MICRO);
    }
}
