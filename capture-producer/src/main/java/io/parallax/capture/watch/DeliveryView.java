package io.parallax.capture.watch;

/**
 * How far the way from the spool to Kafka is.
 *
 * @param spooledOctets on disk and not yet acknowledged
 * @param capOctets beyond which whole flows are shed
 * @param oldestUnacknowledgedMillis age of the oldest record that Kafka has not acknowledged; 0 if there is none
 * @param connected a broker answers
 * @param lastError what Kafka last complained of; empty for nothing
 * @param refusedRecords records that Kafka will never take, such as one that is too large
 */
public record DeliveryView(
        long spooledOctets,
        long capOctets,
        long recordsJournaled,
        long recordsAcknowledged,
        long oldestUnacknowledgedMillis,
        boolean connected,
        String lastError,
        long refusedRecords) {

    /** 0 empty to 1 full. */
    public double fill() {
        return capOctets == 0 ? 0 : (double) spooledOctets / capOctets;
    }
}
