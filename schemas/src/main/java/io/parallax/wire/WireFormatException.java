package io.parallax.wire;

/** A record does not follow the contract. Nothing of it may be used; the reader that threw it can go on with the next. */
public final class WireFormatException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why a record was refused; the names are stable and appear in dead letters. */
    public enum Reason {
        /** Null or empty value where a record was expected. */
        EMPTY,
        /** Does not begin with Avro's single-object marker C3 01. */
        NO_MARKER,
        /** The schema fingerprint is none of the published ones: a newer producer, or another kind of record. */
        UNKNOWN_SCHEMA,
        /** The Avro body ends early, runs on, or holds impossible lengths. */
        MALFORMED_BODY,
        /** The checksum over the batch does not match. */
        CHECKSUM,
        /** The columns contradict each other or the counts. */
        INCONSISTENT_COLUMNS,
        /** A field holds what is not allowed there; the explanation names it, its value and what is allowed. */
        REFUSED_VALUE
    }

    private final Reason reason;

    public WireFormatException(Reason reason, String explanation) {
        super(explanation);
        this.reason = reason;
    }

    public WireFormatException(Reason reason, String explanation, Throwable cause) {
        super(explanation, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
