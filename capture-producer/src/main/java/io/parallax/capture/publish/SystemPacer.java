package io.parallax.capture.publish;

import java.util.concurrent.locks.LockSupport;

/** The machine's monotonic clock. */
final class SystemPacer implements Pacer {

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void pause(long nanos) {
        LockSupport.parkNanos(nanos);
    }
}
