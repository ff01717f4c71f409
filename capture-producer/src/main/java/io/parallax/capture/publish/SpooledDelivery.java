package io.parallax.capture.publish;

import io.parallax.capture.spool.HandOff;
import io.parallax.capture.spool.HandOffQueue;
import io.parallax.capture.spool.JournalLoop;
import io.parallax.capture.spool.Spool;
import io.parallax.capture.spool.SpoolCounts;
import io.parallax.capture.spool.SpoolOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Delivers records to Kafka through a journal on disk: hand-off, journal, Kafka, one thread for each arrow.
 *
 * <p>What {@link #handOff} took reaches Kafka at least once and in the order of its stream, through outages of any length,
 * as long as the journal's cap lasts, and through the end of this process, unless it comes in the moment between hand-off
 * and journaling. Repeats are whole: a reader that drops sequence numbers it has seen sees none.
 */
public final class SpooledDelivery implements AutoCloseable {

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** More than the journal gives a disk that refuses. */
    private static final Duration END = Duration.ofSeconds(10);

    private final SpoolOptions options;
    private final DeliveryLog log;
    private final Duration senderEnd;
    private final Spool spool;
    private final HandOffQueue queue;
    private final KafkaLink link;
    private final JournalLoop journal;
    private final SendLoop sender;
    private final Thread journalThread;
    private final Thread senderThread;

    private SpooledDelivery(KafkaOptions kafka, SpoolOptions options, long queueOctets) throws IOException {
        this.options = options;
        this.log = new DeliveryLog(kafka, options);
        this.senderEnd = kafka.timeout().plus(END);
        this.spool = Spool.open(options, log);
        this.queue = new HandOffQueue(spool, queueOctets);
        this.link = new KafkaLink(kafka);
        this.sender = new SendLoop(spool, link, kafka, log);
        this.journal = new JournalLoop(queue, spool, System::currentTimeMillis, System::nanoTime, sender::wake);
        this.journalThread = start("spool-writer", journal);
        this.senderThread = start("spool-sender", sender);
    }

    /**
     * Starts with a queue of {@link HandOffQueue#DEFAULT_CAP_OCTETS}. Kafka may be away now and for hours; the topics are
     * made when it answers.
     *
     * @throws IOException if the journal's folder cannot be used
     */
    public static SpooledDelivery start(KafkaOptions kafka, SpoolOptions spool) throws IOException {
        return start(kafka, spool, HandOffQueue.DEFAULT_CAP_OCTETS);
    }

    /** As {@link #start(KafkaOptions, SpoolOptions)}, with at most {@code queueOctets} in memory before the journal. */
    public static SpooledDelivery start(KafkaOptions kafka, SpoolOptions spool, long queueOctets) throws IOException {
        return new SpooledDelivery(kafka, spool, queueOctets);
    }

    private Thread start(String name, Runnable loop) {
        Thread thread = new Thread(loop, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(log::died);
        thread.start();
        return thread;
    }

    /** Where the capture threads leave their records. */
    public HandOff handOff() {
        return queue;
    }

    public DeliveryStatus status() {
        SpoolCounts counts = spool.counts();
        return new DeliveryStatus(
                sender.isConnected(),
                sender.stateSinceMillis(),
                queue.octets(),
                counts.octets(),
                counts.waitingOctets(),
                options.capOctets(),
                queue.refused(),
                journal.journaled(),
                sender.acknowledged(),
                sender.refused(),
                sender.oldestUnacknowledgedMillis(),
                counts.diskFailures(),
                counts.diskFailing(),
                counts.truncatedOctets(),
                counts.damages(),
                counts.skippedOctets(),
                sender.lastError());
    }

    /** Addresses of all Kafka nodes, asked for every 30 s and after each outage; empty before the first answer. */
    public Set<InetSocketAddress> brokers() {
        return link.brokers();
    }

    /** Waits until Kafka acknowledged all that was taken; false if it did not within the time. Nobody should offer meanwhile. */
    public boolean drain(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (queue.octets() > 0 || !spool.isAllAcknowledged()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(this, POLL_NANOS);
        }
        return true;
    }

    /** Journals what was taken and ends. What Kafka did not acknowledge goes out at the next start. */
    @Override
    public void close() throws IOException {
        journal.end();
        boolean hasJournaled = hasEnded(journalThread, END);
        sender.end();
        boolean hasSent = hasEnded(senderThread, senderEnd);
        if (queue.octets() > 0) {
            log.notJournaled(queue.octets());
        }
        if (hasJournaled && hasSent) {
            spool.close();
        }
    }

    private static boolean hasEnded(Thread thread, Duration atMost) {
        try {
            thread.join(atMost.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
