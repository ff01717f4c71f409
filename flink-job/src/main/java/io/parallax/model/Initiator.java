package io.parallax.model;

import java.util.Locale;

/** Why one end of a flow is taken for the one that began it; strongest evidence first. */
public enum Initiator {
    /** It sent a SYN without ACK (RFC 9293, section 3.5). */
    SYN(1),
    /** The other end answered with SYN and ACK. */
    SYN_ACK(2),
    /** It sent the request of a pair of ICMP types. */
    ICMP_REQUEST(3),
    /** The flow has one direction only by nature: an ICMP message without a counterpart type. */
    ONE_WAY(4),
    /** The other end's port is a well-known one (below 1024, RFC 6335 section 6), its own is not. */
    SERVICE_PORT(5),
    /** It sent the first packet that was seen. */
    FIRST_PACKET(6);

    private static final Initiator[] BY_CODE = {
        FIRST_PACKET, SYN, SYN_ACK, ICMP_REQUEST, ONE_WAY, SERVICE_PORT, FIRST_PACKET
    };

    private final int code;
    private final String label;

    Initiator(int code) {
        this.code = code;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /** Stands for the evidence in state, 1 to 6; never reused. */
    public int code() {
        return code;
    }

    public static Initiator ofCode(int code) {
        return BY_CODE[code];
    }

    /** The value of column {@code initiator_evidence}. */
    public String label() {
        return label;
    }
}
