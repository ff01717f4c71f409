package io.parallax.model;

/** What an attempt to use a service shows: docs/58-dependencies.md has the rules. */
public enum ServiceEvidence {
    /** Nothing yet, or traffic that is no attempt at a service. */
    NONE(0),
    /** The server answered, and the service was used. */
    SERVED(1),
    /** The server, or an ICMP error, said no. */
    REFUSED(2),
    /** Nobody said anything. */
    UNANSWERED(3),
    /** The server accepted, and reset before anything was exchanged. */
    RESET(4),
    /** The server answered a client that exchanged nothing with it. */
    PROBED(5);

    private static final ServiceEvidence[] BY_CODE = {NONE, SERVED, REFUSED, UNANSWERED, RESET, PROBED};

    private final int code;

    ServiceEvidence(int code) {
        this.code = code;
    }

    /** Stands for it in state, below 8; never reused. */
    public int code() {
        return code;
    }

    public static ServiceEvidence ofCode(int code) {
        return BY_CODE[code];
    }
}
