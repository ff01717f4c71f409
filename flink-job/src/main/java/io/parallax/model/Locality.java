package io.parallax.model;

/** Where the traffic of a flow ran, as its observation points show it. */
public enum Locality {
    /** Nothing tells yet. */
    UNKNOWN(0, ""),
    WITHIN_HOST_SWITCHED(1, "within-host switched"),
    WITHIN_HOST_ROUTED(2, "within-host routed"),
    INTER_HOST_SWITCHED(3, "inter-host switched"),
    INTER_HOST_ROUTED(4, "inter-host routed"),
    /** One end is at no host that is watched. */
    NORTH_SOUTH(5, "north-south"),
    BROADCAST_MULTICAST(6, "broadcast/multicast");

    private static final Locality[] BY_CODE = values();

    private final int code;
    private final String label;

    Locality(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /** Stands for it in state, below 16; never reused. */
    public int code() {
        return code;
    }

    public static Locality ofCode(int code) {
        return BY_CODE[code];
    }

    /** The value of column {@code locality}; empty where nothing tells. */
    public String label() {
        return label;
    }
}
