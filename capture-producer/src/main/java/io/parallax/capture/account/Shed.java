package io.parallax.capture.account;

import java.util.Locale;

/** Why a decoded header was not published; each has a count of its own in the ledger. */
public enum Shed {
    /** Of a flow that the sampling by flows does not keep. */
    NOT_SAMPLED,

    /** Of a flow that was given up because the spool was nearly full: a broker that is away too long, or a disk too slow. */
    SPOOL_FULL,

    /** The batch was full, and the hand-off had no room for it. */
    HAND_OFF_FULL,

    /** Decoded and in no batch yet when the process died. */
    PROCESS_DIED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in ledgers and metrics: lower case with underscores. */
    public String label() {
        return label;
    }
}
