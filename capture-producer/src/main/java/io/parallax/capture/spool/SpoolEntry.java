package io.parallax.capture.spool;

/**
 * A record as it lies in the journal.
 *
 * @param position of its first octet; positions count all octets ever journaled, and never go back
 * @param nextPosition behind its last octet: what is acknowledged when this record is delivered
 * @param journaledMillis when it was journaled, milliseconds since 1970
 */
public record SpoolEntry(long position, long nextPosition, long journaledMillis, SpoolRecord record) {

    public int octets() {
        return (int) (nextPosition - position);
    }
}
