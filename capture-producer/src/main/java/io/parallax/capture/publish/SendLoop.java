package io.parallax.capture.publish;

import io.parallax.capture.spool.Spool;
import io.parallax.capture.spool.SpoolEntry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the sender's thread does: reads the journal in order, sends, and acknowledges what Kafka acknowledged, in order.
 *
 * <p>Whatever fails, and whenever Kafka acknowledges nothing for the timeout, the producer is given up, and all begins anew
 * at the first entry that is not acknowledged: an outage of any length costs repeats, never records, and memory holds no
 * more than one pipeline.
 */
final class SendLoop implements Runnable {

    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long NONE = 0;

    private final Spool spool;
    private final KafkaLink link;
    private final KafkaOptions options;
    private final DeliveryLog log;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private @Nullable SpoolEntry pending;
    private long pauseNanos = MIN_PAUSE_NANOS;
    private boolean isAway;
    private long answeredMillis = System.currentTimeMillis();
    private volatile boolean isConnected;
    private volatile long stateSinceMillis = System.currentTimeMillis();
    private volatile long oldestMillis = NONE;
    private volatile boolean isEnding;
    private volatile @Nullable Thread thread;
    private volatile @Nullable String lastError;

    SendLoop(Spool spool, KafkaLink link, KafkaOptions options, DeliveryLog log) {
        this.spool = spool;
        this.link = link;
        this.options = options;
        this.log = log;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (!isEnding) {
            begin();
            try (Pipeline pipeline = link.connect(this::wake, System.nanoTime())) {
                deliver(pipeline);
            } catch (PublishException | RuntimeException e) {
                if (!isEnding) {
                    away(e);
                    LockSupport.parkNanos(this, pauseNanos);
                    pauseNanos = Math.min(2 * pauseNanos, MAX_PAUSE_NANOS);
                }
            }
        }
    }

    private void begin() {
        spool.rewind();
        pending = null;
        noteOldest(peek());
    }

    private void deliver(Pipeline pipeline) throws PublishException {
        long progressNanos = System.nanoTime();
        while (!isEnding) {
            boolean hasSettled = settle(pipeline);
            throwIfFailed(pipeline);
            long now = System.nanoTime();
            if (hasSettled || pipeline.isEmpty()) {
                progressNanos = now;
                answeredMillis = System.currentTimeMillis();
            } else if (now - progressNanos > options.timeout().toNanos()) {
                throw new PublishException(
                        "nothing was acknowledged within " + options.timeout().toMillis() + " ms");
            }
            boolean hasSent = send(pipeline);
            SpoolEntry oldest = pipeline.oldest();
            noteOldest(oldest == null ? pending : oldest);
            if (hasSettled || pipeline.isEmpty()) {
                back();
            }
            link.refreshIfDue(now);
            if (!hasSettled && !hasSent) {
                LockSupport.parkNanos(this, IDLE_NANOS);
            }
        }
    }

    private boolean settle(Pipeline pipeline) {
        SpoolEntry last = null;
        for (Flight flight = pipeline.settled(); flight != null; flight = pipeline.settled()) {
            last = flight.entry();
            Exception refusal = flight.refusal();
            if (refusal == null) {
                acknowledged.incrementAndGet();
            } else {
                spool.setAside(last);
                log.recordRefused(refused.incrementAndGet(), last.octets(), refusal);
            }
        }
        if (last == null) {
            return false;
        }
        spool.acknowledge(last.nextPosition());
        return true;
    }

    private static void throwIfFailed(Pipeline pipeline) throws PublishException {
        Exception failure = pipeline.failure();
        if (failure != null) {
            throw new PublishException(String.valueOf(failure.getMessage()), failure);
        }
    }

    private boolean send(Pipeline pipeline) {
        boolean hasSent = false;
        for (SpoolEntry next = peek();
                next != null && pipeline.hasRoomFor(next) && pipeline.failure() == null;
                next = peek()) {
            pipeline.send(next);
            pending = null;
            hasSent = true;
        }
        return hasSent;
    }

    private @Nullable SpoolEntry peek() {
        if (pending == null) {
            pending = spool.next();
        }
        return pending;
    }

    private void noteOldest(@Nullable SpoolEntry oldest) {
        oldestMillis = oldest == null ? NONE : oldest.journaledMillis();
    }

    private void away(Exception cause) {
        String why = String.valueOf(cause.getMessage());
        lastError = why;
        if (!isAway) {
            isAway = true;
            isConnected = false;
            stateSinceMillis = answeredMillis;
            log.kafkaAway(stateSinceMillis, spool, why);
        }
    }

    private void back() {
        pauseNanos = MIN_PAUSE_NANOS;
        if (isConnected) {
            return;
        }
        long now = System.currentTimeMillis();
        if (isAway) {
            log.kafkaBack(now - stateSinceMillis, spool);
        }
        isAway = false;
        isConnected = true;
        stateSinceMillis = now;
    }

    /** There may be something to do. From any thread. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Lets {@link #run} return soon; what is on its way stays in the journal. */
    void end() {
        isEnding = true;
        link.close();
        wake();
    }

    boolean isConnected() {
        return isConnected;
    }

    long stateSinceMillis() {
        return stateSinceMillis;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    long refused() {
        return refused.get();
    }

    long oldestUnacknowledgedMillis() {
        long oldest = oldestMillis;
        return oldest == NONE ? 0 : Math.max(0, System.currentTimeMillis() - oldest);
    }

    @Nullable
    String lastError() {
        return lastError;
    }
}
