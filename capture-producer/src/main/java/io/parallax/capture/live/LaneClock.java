package io.parallax.capture.live;

import java.util.concurrent.TimeUnit;

/**
 * What a lane may say of time: that no frame still to come is earlier than so and so.
 *
 * <p>A read that did not fill up has shown every frame that the kernel had handed over before it began; one that did leaves
 * frames behind that are no earlier than the last it gave. What the kernel and a thread that is not let run may add to that
 * is the slack. Wall clock times are arguments, nanoseconds since the epoch.
 */
final class LaneClock {

    /** The kernel's buffer hands over every 10 ms; the rest is for a thread that was not let run. */
    static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** A clock that is further ahead is wrong, and would close windows that others still fill (DESIGN 5). */
    static final long MAX_AHEAD_NANOS = TimeUnit.SECONDS.toNanos(5);

    private long readSinceNanos;
    private long latestNanos;
    private long lastFrameNanos;
    private long setBack;

    /** Nothing is earlier than what begins now. */
    void begin(long wallNanos) {
        latestNanos = Math.max(latestNanos, wallNanos);
    }

    /** A read begins. */
    void beforeRead(long wallNanos) {
        readSinceNanos = wallNanos;
    }

    /** The time a frame is to have: its own, unless that is impossibly far ahead. */
    long take(long frameNanos) {
        lastFrameNanos = frameNanos;
        if (frameNanos > readSinceNanos + MAX_AHEAD_NANOS) {
            lastFrameNanos = readSinceNanos + MAX_AHEAD_NANOS;
            setBack++;
        }
        latestNanos = Math.max(latestNanos, lastFrameNanos);
        return lastFrameNanos;
    }

    /** The read is done; {@code isFull} if it took as many frames as it was allowed to. */
    void afterRead(boolean isFull) {
        if (!isFull) {
            latestNanos = Math.max(latestNanos, readSinceNanos);
        }
    }

    long lowWatermarkNanos() {
        return latestNanos - SLACK_NANOS;
    }

    /** Time of the last frame, 0 before the first. */
    long lastFrameNanos() {
        return lastFrameNanos;
    }

    /** Frames whose time was set back since this was asked last. */
    long takeSetBack() {
        long frames = setBack;
        setBack = 0;
        return frames;
    }
}
