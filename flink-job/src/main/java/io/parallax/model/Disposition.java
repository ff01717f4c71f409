package io.parallax.model;

/**
 * What became of an observation: an IP header that a stream brought. Each ends in exactly one of these, so that they add up
 * to what the streams published. D1 to D9 are the classes of duplicates; what they mean: docs/43-vantage.md.
 *
 * <p>D5 outside of the flow key (an overlay's outer frame) is decoded away by the producer, D8 (own export) filtered by it.
 */
public enum Disposition {
    /** Counted: seen at the canonical observation point. */
    CANONICAL(0, "canonical"),
    /** The same packet at another host's sensor. */
    D1(1, "D1"),
    /** The same packet before or behind a router on one host: other MAC addresses or VLAN. */
    D2(2, "D2"),
    /** A flooded frame that came in by several uplinks: repeated on one interface within 1 ms. */
    D3(3, "D3"),
    /** A copy by a mirror session. */
    D4(4, "D4"),
    /** The same packet inside and outside an overlay. */
    D5(5, "D5"),
    /** The same frame at another sensor of the same host. */
    D6(6, "D6"),
    /** A batch that was read before: a producer's or the broker's replay. */
    D7(7, "D7"),
    /** Our own export, captured again. */
    D8(8, "D8"),
    /** The same frame at another interface of the same sensor. */
    D9(9, "D9"),
    /** At an observation point beyond the eight per direction that are told apart. */
    FOLDED(10, "folded"),
    /** Came after its window had been given up: part of no flow. */
    TOO_LATE(11, "too_late"),
    /** No IP packet (ARP): part of no flow by nature. */
    NON_IP(12, "non_ip");

    private static final Disposition[] BY_CODE = values();

    private final int code;
    private final String label;

    Disposition(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /** Stands for it in state and in records; never reused. */
    public int code() {
        return code;
    }

    public static Disposition ofCode(int code) {
        return BY_CODE[code];
    }

    /** A packet that was seen and counted elsewhere. Not D7, which is ignored before it is received. */
    public boolean isDuplicate() {
        return switch (this) {
            case D1, D2, D3, D4, D5, D6, D8, D9 -> true;
            case CANONICAL, D7, FOLDED, TOO_LATE, NON_IP -> false;
        };
    }

    /** The key in column {@code duplicates} and in completeness. */
    public String label() {
        return label;
    }
}
