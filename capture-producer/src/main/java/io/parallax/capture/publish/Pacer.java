package io.parallax.capture.publish;

/** A clock that only runs forward, and a way to let it run. */
public interface Pacer {

    /** Nanoseconds since some fixed moment. */
    long nanoTime();

    /** Waits about that long, or less. */
    void pause(long nanos);

    /** The machine's. */
    static Pacer ofSystem() {
        return new SystemPacer();
    }
}
