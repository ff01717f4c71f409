package io.parallax.model;

import java.util.Comparator;

/**
 * What copies of the same packets at two capture interfaces told of the way between them in one window.
 *
 * @param windowStart nanoseconds since the epoch
 * @param windowSeconds length of the window
 * @param sensor of the one interface, here
 * @param interfaceName the one interface
 * @param otherSensor of the other interface
 * @param otherInterfaceName the other interface
 * @param samples flows that were timed; 0: offset, deviation and delay mean nothing
 * @param offsetNanos clock of the other sensor minus clock of this one, median
 * @param deviationNanos median absolute deviation of the offsets
 * @param roundTripNanos medians of both ways, added: not touched by the clocks
 * @param there what went from here to the other
 * @param back what came from the other to here
 * @param unordered what passed no router between the two, both directions: first counted here, then at the other
 */
public record SegmentFact(
        long windowStart,
        int windowSeconds,
        String sensor,
        String interfaceName,
        String otherSensor,
        String otherInterfaceName,
        long samples,
        long offsetNanos,
        long deviationNanos,
        long roundTripNanos,
        Way there,
        Way back,
        Way unordered)
        implements Fact {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** A segment is told once a window. */
    private static final Comparator<SegmentFact> ORDER =
            Comparator.comparingLong(SegmentFact::time).thenComparing(SegmentFact::subject);

    /**
     * The same flows, counted at two places.
     *
     * @param sentPackets counted at the first place
     * @param arrivedPackets counted at the second
     * @param sentOctets as packets; of TCP each octet of sequence space once
     * @param arrivedOctets as octets sent
     */
    public record Way(long sentPackets, long arrivedPackets, long sentOctets, long arrivedOctets) {

        public static final Way NOTHING = new Way(0, 0, 0, 0);

        /** With the places exchanged. */
        public Way reversed() {
            return new Way(arrivedPackets, sentPackets, arrivedOctets, sentOctets);
        }
    }

    /** End of the window, nanoseconds since the epoch: it was stated then. */
    @Override
    public long time() {
        return windowStart + windowSeconds * NANOS_PER_SECOND;
    }

    @Override
    public String subject() {
        return here() + ' ' + other();
    }

    /** The one interface, as signals name it. */
    public String here() {
        return sensor + '/' + interfaceName;
    }

    /** The other interface, as signals name it. */
    public String other() {
        return otherSensor + '/' + otherInterfaceName;
    }

    /** Both interfaces are of one sensor: what lies between them lies in one host. */
    public boolean isWithinSensor() {
        return sensor.equals(otherSensor);
    }

    /** The same order in every run. */
    public static Comparator<SegmentFact> order() {
        return ORDER;
    }
}
