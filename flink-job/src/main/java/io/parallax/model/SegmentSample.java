package io.parallax.model;

/**
 * What one flow row tells of the way between two capture interfaces. "Here" is the one that is smaller by sensor, then by
 * interface name. Times are nanoseconds.
 *
 * <p>Mutable and reused.
 */
public final class SegmentSample {

    /** Pairs of interfaces are spread over as many keys. Part of the state's layout: another number loses open windows. */
    public static final int BUCKETS = 32;

    private static final int MIX = 0x9E37_79B9;
    private static final int HALF = 16;

    public String sensorId = "";
    public String interfaceName = "";
    public String otherSensorId = "";
    public String otherInterfaceName = "";

    /** Start of the window, nanoseconds since the epoch. */
    public long windowStart;

    /** Hash of the flow: which samples are kept where there are too many is decided by it, not by who comes first. */
    public long flowHash;

    /** Whether {@link #there} and {@link #back} mean anything. */
    public boolean isTimed;

    /** Of a packet from here to the other: time on the other's clock minus time on the clock here; offset plus delay. */
    public long there;

    /** Of a packet from the other to here: time on the other's clock minus time on the clock here; offset minus delay. */
    public long back;

    public final SegmentCounts counts = new SegmentCounts();

    /** The key under which the pair is added up: the same in every process. */
    public int bucket() {
        int hash = sensorId.hashCode();
        hash = hash * MIX + interfaceName.hashCode();
        hash = hash * MIX + otherSensorId.hashCode();
        hash = hash * MIX + otherInterfaceName.hashCode();
        hash = (hash ^ (hash >>> HALF)) * MIX;
        return (hash ^ (hash >>> HALF)) & (BUCKETS - 1);
    }
}
