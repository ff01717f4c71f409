package io.parallax.model;

import io.parallax.wire.SentAt;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record that nobody has decoded yet, with its place in the topic: what cannot be decoded has to be found again.
 *
 * <p>Immutable, as long as nobody writes to the octets of its value.
 */
public final class RawRecord {

    private final String topic;
    private final int partition;
    private final long offset;
    private final long timestampMillis;
    private final long sentAtNanos;
    private final String key;
    private final byte @Nullable [] value;

    /** A record without a key that does not say when it was sent. */
    public RawRecord(String topic, int partition, long offset, long timestampMillis, byte @Nullable [] value) {
        this(topic, partition, offset, timestampMillis, SentAt.UNKNOWN, "", value);
    }

    /**
     * @param timestampMillis when the broker appended it, milliseconds since the epoch
     * @param sentAtNanos when its producer sent it, nanoseconds since the epoch; {@link SentAt#UNKNOWN} if it does not say
     * @param key what it replaces earlier records of; empty: nothing
     * @param value the record's value; null for a tombstone
     */
    public RawRecord(
            String topic,
            int partition,
            long offset,
            long timestampMillis,
            long sentAtNanos,
            String key,
            byte @Nullable [] value) {
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
        this.timestampMillis = timestampMillis;
        this.sentAtNanos = sentAtNanos;
        this.key = key;
        this.value = value;
    }

    public String topic() {
        return topic;
    }

    public int partition() {
        return partition;
    }

    public long offset() {
        return offset;
    }

    /** When the broker appended it, milliseconds since the epoch. */
    public long timestampMillis() {
        return timestampMillis;
    }

    /** When its producer sent it, by the producer's clock, nanoseconds since the epoch; {@link SentAt#UNKNOWN}: not said. */
    public long sentAtNanos() {
        return sentAtNanos;
    }

    /** The record replaces earlier ones of the same key; empty: none. */
    public String key() {
        return key;
    }

    /** The octets themselves, not a copy: not to be written. Null for a tombstone. */
    public byte @Nullable [] value() {
        return value;
    }

    @Override
    public String toString() {
        return topic + "/" + partition + "@" + offset;
    }
}
