package io.parallax.capture.live;

import java.time.Instant;

/** The machine's clock, in the unit of capture times. */
final class WallClock {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private WallClock() {}

    /** Nanoseconds since the epoch. */
    static long nanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }
}
