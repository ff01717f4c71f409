package io.parallax.model;

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
    private final byte @Nullable [] value;

    /**
     * @param timestampMillis when the broker appended it, milliseconds since the epoch
     * @param value the record's value; null for a tombstone
     */
    public RawRecord(String topic, int partition, long offset, long timestampMillis, byte @Nullable [] value) {
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
        this.timestampMillis = timestampMillis;
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

    /** The octets themselves, not a copy: not to be written. Null for a tombstone. */
    public byte @Nullable [] value() {
        return value;
    }

    @Override
    public String toString() {
        return topic + "/" + partition + "@" + offset;
    }
}
