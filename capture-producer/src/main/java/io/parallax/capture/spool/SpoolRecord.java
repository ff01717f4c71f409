package io.parallax.capture.spool;

/**
 * A record on its way to Kafka.
 *
 * @param topic one of {@link io.parallax.wire.Topics#INPUTS}
 * @param streamId whose record it is; a stream's records leave in the order in which they were taken
 * @param value not changed afterwards by anyone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never a key
public record SpoolRecord(String topic, String streamId, String key, byte[] value) {

    /** Of one character of a string in UTF-8. */
    private static final int MAX_CHARACTER_OCTETS = 3;

    /** On disk and in memory, at most. */
    long maxOctets() {
        return EntryFormat.HEADER_OCTETS
                + (long) MAX_CHARACTER_OCTETS * (topic.length() + streamId.length() + key.length())
                + value.length;
    }
}
