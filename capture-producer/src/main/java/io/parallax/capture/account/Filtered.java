package io.parallax.capture.account;

import java.util.Locale;

/** Why a frame was taken out on purpose; each has a count of its own in the ledger. */
public enum Filtered {
    /** Passed the interface and was not offered to us: by the user's expression, as our own traffic, as a mirror of a mirror. */
    KERNEL_FILTER,

    /** Between this producer and a broker, recognised after decoding: the kernel's filter did not know it yet. */
    OWN_TRAFFIC,

    /** A mirror packet inside a mirror packet. */
    MIRROR_OF_MIRROR,

    /** Passed over by a sampling that takes every Nth frame. */
    NOT_SAMPLED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in ledgers and metrics: lower case with underscores. */
    public String label() {
        return label;
    }
}
