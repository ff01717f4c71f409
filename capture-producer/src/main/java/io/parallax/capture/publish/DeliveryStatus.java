package io.parallax.capture.publish;

import org.jspecify.annotations.Nullable;

/**
 * How delivery stands; counts are since the start of the process.
 *
 * @param connected whether Kafka takes records
 * @param stateSinceMillis since when it does or does not, milliseconds since 1970
 * @param queuedOctets in memory, not journaled yet
 * @param spooledOctets of the journal on disk, files that are still partly needed counted whole
 * @param waitingOctets journaled and not acknowledged
 * @param capOctets of the journal
 * @param recordsNotTaken refused to the lanes for lack of room
 * @param recordsJournaled written to the journal
 * @param recordsAcknowledged by Kafka; repeats counted again, and records that an earlier process journaled
 * @param recordsRefused that Kafka will never take
 * @param oldestUnacknowledgedMillis age of the oldest record that Kafka did not acknowledge; 0 if there is none
 * @param diskFailures operations that the disk refused
 * @param diskFailing what the disk refuses at present; null if it works
 * @param truncatedOctets torn off the journal's end when it was opened
 * @param damages places of the journal that could not be read
 * @param skippedOctets that lay in those places
 * @param lastError of Kafka; null if there was none
 */
public record DeliveryStatus(
        boolean connected,
        long stateSinceMillis,
        long queuedOctets,
        long spooledOctets,
        long waitingOctets,
        long capOctets,
        long recordsNotTaken,
        long recordsJournaled,
        long recordsAcknowledged,
        long recordsRefused,
        long oldestUnacknowledgedMillis,
        long diskFailures,
        @Nullable String diskFailing,
        long truncatedOctets,
        long damages,
        long skippedOctets,
        @Nullable String lastError) {}
