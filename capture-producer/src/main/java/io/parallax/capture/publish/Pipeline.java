package io.parallax.capture.publish;

import io.parallax.capture.spool.SpoolEntry;
import io.parallax.capture.spool.SpoolRecord;
import io.parallax.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Entries on their way through one producer, from sending to acknowledgement in order.
 *
 * <p>The first failure ends it: the producer is closed in its own thread, before it could send what lies behind the failed
 * record, so that a stream's records never overtake each other. An entry that the broker refuses for what it is ends
 * nothing. One thread uses it; the producer's thread reports to it.
 */
final class Pipeline implements AutoCloseable {

    /** Of entries that are not acknowledged; half of what the producer's buffer holds, so that sending never waits for room. */
    private static final long MAX_OCTETS = 16 << 20;

    private final Producer<byte[], byte[]> producer;
    private final Map<String, Integer> partitions;
    private final Runnable whenReported;
    private final LongSupplier wallNanos;
    private final Queue<Flight> flights = new ArrayDeque<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private long octets;

    /**
     * @param producer with one request in flight at a time; closed with the pipeline
     * @param partitions of each topic
     * @param whenReported runs in the producer's thread when it is worth looking again
     * @param wallNanos the wall clock, nanoseconds since the epoch
     */
    Pipeline(
            Producer<byte[], byte[]> producer,
            Map<String, Integer> partitions,
            Runnable whenReported,
            LongSupplier wallNanos) {
        this.producer = producer;
        this.partitions = partitions;
        this.whenReported = whenReported;
        this.wallNanos = wallNanos;
    }

    boolean isEmpty() {
        return flights.isEmpty();
    }

    /** An entry larger than the limit travels alone. */
    boolean hasRoomFor(SpoolEntry entry) {
        return flights.isEmpty() || octets + entry.octets() <= MAX_OCTETS;
    }

    /** The oldest entry on its way; null if there is none. */
    @Nullable
    SpoolEntry oldest() {
        Flight head = flights.peek();
        return head == null ? null : head.entry();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of failures
    void send(SpoolEntry entry) {
        Flight flight = new Flight(entry);
        flights.add(flight);
        octets += entry.octets();
        SpoolRecord record = entry.record();
        Integer count = partitions.get(record.topic());
        if (count == null) {
            flight.refuse(
                    new InvalidRecordException("topic is " + record.topic() + ", allowed are " + partitions.keySet()));
            return;
        }
        try {
            producer.send(
                    new ProducerRecord<>(
                            record.topic(),
                            Topics.partitionOf(record.streamId(), count),
                            record.key().getBytes(StandardCharsets.UTF_8),
                            record.value(),
                            SentAtHeader.of(wallNanos.getAsLong())),
                    (metadata, exception) -> report(flight, exception));
        } catch (KafkaException | IllegalStateException e) {
            fail(e);
        }
    }

    private void report(Flight flight, @Nullable Exception exception) {
        if (exception == null) {
            flight.deliver();
        } else if (isForGood(exception)) {
            flight.refuse(exception);
        } else {
            fail(exception);
        }
        whenReported.run();
    }

    private static boolean isForGood(Exception exception) {
        return exception instanceof RecordTooLargeException
                || exception instanceof RecordBatchTooLargeException
                || exception instanceof InvalidRecordException;
    }

    private void fail(Exception cause) {
        if (failure.compareAndSet(null, cause)) {
            producer.close(Duration.ZERO);
        }
    }

    /** Why nothing can be sent any more; null if it can. */
    @Nullable
    Exception failure() {
        return failure.get();
    }

    /** Takes out the oldest entry if its outcome is known; null if it is not, or none is left. */
    @Nullable
    Flight settled() {
        Flight head = flights.peek();
        if (head == null || !head.isOver()) {
            return null;
        }
        flights.remove();
        octets -= head.entry().octets();
        return head;
    }

    /** Gives up what is on its way: it stays in the journal. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
