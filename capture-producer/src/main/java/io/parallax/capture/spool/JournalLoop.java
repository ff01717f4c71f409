package io.parallax.capture.spool;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * What the spool's thread does: takes records from the queue and journals them, in order.
 *
 * <p>A record that the disk refuses stays at the head until the disk takes it: nothing that was taken is given up while the
 * process runs. Once asked to end it journals what is left, and gives up only on a disk that refuses for {@link #PATIENCE_NANOS}.
 */
public final class JournalLoop implements Runnable {

    /** Between looks at an empty queue: little against the 200 ms that a batch takes to fill, and 500 short looks a second. */
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final HandOffQueue queue;
    private final Spool spool;
    private final LongSupplier nowMillis;
    private final LongSupplier nowNanos;
    private final Runnable whenAppended;
    private final AtomicLong journaled = new AtomicLong();
    private volatile boolean isEnding;

    /**
     * @param nowMillis milliseconds since 1970
     * @param nowNanos a clock that only goes forward, as {@link System#nanoTime}
     * @param whenAppended runs after each record, and must not wait
     */
    public JournalLoop(
            HandOffQueue queue, Spool spool, LongSupplier nowMillis, LongSupplier nowNanos, Runnable whenAppended) {
        this.queue = queue;
        this.spool = spool;
        this.nowMillis = nowMillis;
        this.nowNanos = nowNanos;
        this.whenAppended = whenAppended;
    }

    @Override
    public void run() {
        long workedNanos = nowNanos.getAsLong();
        while (true) {
            HandOffQueue.Offered head = queue.peek();
            long now = nowNanos.getAsLong();
            if (head == null) {
                if (isEnding) {
                    return;
                }
                LockSupport.parkNanos(this, IDLE_NANOS);
                workedNanos = now;
            } else if (spool.append(head.record(), nowMillis.getAsLong())) {
                queue.remove();
                journaled.incrementAndGet();
                head.whenJournaled().run();
                whenAppended.run();
                workedNanos = now;
            } else if (isEnding && now - workedNanos > PATIENCE_NANOS) {
                return;
            } else {
                LockSupport.parkNanos(this, RETRY_NANOS);
            }
            spool.syncIfDue(now);
        }
    }

    /** Lets {@link #run} return once the queue is empty. */
    public void end() {
        isEnding = true;
    }

    /** Records journaled since the start. */
    public long journaled() {
        return journaled.get();
    }
}
