package io.parallax.capture.spool;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts what the disk refused, and tells of the first refusal and of the end of refusals. Thread-safe. */
final class DiskHealth {

    private final SpoolListener listener;
    private final AtomicLong failures = new AtomicLong();
    private @Nullable String failing;

    DiskHealth(SpoolListener listener) {
        this.listener = listener;
    }

    synchronized void failed(String what, IOException cause) {
        failures.incrementAndGet();
        boolean isNews = failing == null;
        failing = what + ": " + cause.getMessage();
        if (isNews) {
            listener.diskFailed(failing);
        }
    }

    synchronized void works() {
        if (failing != null) {
            failing = null;
            listener.diskWorks();
        }
    }

    /** Operations that the disk refused since the start. */
    long failures() {
        return failures.get();
    }

    /** What the disk refuses at present; null if it works. */
    synchronized @Nullable String failing() {
        return failing;
    }
}
