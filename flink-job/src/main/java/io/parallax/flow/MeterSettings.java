package io.parallax.flow;

import io.parallax.model.NetworkMask;
import io.parallax.wire.PacketHeader;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a meter is told. Window and lateness hold for the life of a state; the others may change at a restart.
 *
 * @param windowNanos length of the aligned windows, above 0 up to an hour: cells keep microseconds in 32 bits
 * @param latenessNanos how long after its end a window still takes packets in, 0 or more; state of ended flows is kept
 *     that long, so a copy that comes late from a slow sensor is still known as a copy
 * @param prefixLengthIpv4 bits that two addresses of one network share, 0 to 32
 * @param prefixLengthIpv6 the same, 0 to 128
 * @param sensorHosts host of each sensor that shares one with another; others have a host of their own
 * @param mostFlows of a bucket, 1 or more; those beyond are aggregated
 */
public record MeterSettings(
        long windowNanos,
        long latenessNanos,
        int prefixLengthIpv4,
        int prefixLengthIpv6,
        Map<String, String> sensorHosts,
        int mostFlows)
        implements Serializable {

    private static final long LONGEST_WINDOW_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final int COMMON_IPV4 = 24;
    private static final int COMMON_IPV6 = 64;

    public MeterSettings {
        if (windowNanos <= 0 || windowNanos > LONGEST_WINDOW_NANOS || latenessNanos < 0) {
            throw new IllegalArgumentException("window of %d ns, lateness of %d ns; allowed are 1 ns to 1 h and from 0"
                    .formatted(windowNanos, latenessNanos));
        }
        if (mostFlows < 1) {
            throw new IllegalArgumentException("at most %d flows; allowed are 1 and more".formatted(mostFlows));
        }
        sensorHosts = Map.copyOf(sensorHosts);
    }

    /** With networks of the usual length, a host for each sensor, and room for all flows. */
    public MeterSettings(long windowNanos, long latenessNanos) {
        this(windowNanos, latenessNanos, COMMON_IPV4, COMMON_IPV6, Map.of(), Integer.MAX_VALUE);
    }

    /** The same with a bound to the flows of a bucket. */
    public MeterSettings withMostFlows(int most) {
        return new MeterSettings(windowNanos, latenessNanos, prefixLengthIpv4, prefixLengthIpv6, sensorHosts, most);
    }

    /** The same with the host of each sensor that shares one with another. */
    public MeterSettings withSensorHosts(Map<String, String> hosts) {
        return new MeterSettings(windowNanos, latenessNanos, prefixLengthIpv4, prefixLengthIpv6, hosts, mostFlows);
    }

    /** Bits of a network of that protocol family. */
    public int prefixLength(int family) {
        return family == PacketHeader.FAMILY_IPV6 ? prefixLengthIpv6 : prefixLengthIpv4;
    }

    /** Whether a state written with the other ones can go on with these. */
    boolean agreesWith(MeterSettings other) {
        return windowNanos == other.windowNanos && latenessNanos == other.latenessNanos;
    }

    /**
     * Whether two addresses are of one network.
     *
     * @param differentHigh high words of both, combined by exclusive or
     */
    boolean isOneNetwork(int family, long differentHigh, long differentLow) {
        int prefixLength = prefixLength(family);
        return (differentHigh & NetworkMask.high(family, prefixLength)) == 0
                && (differentLow & NetworkMask.low(family, prefixLength)) == 0;
    }

    long windowStart(long timeNanos) {
        return Math.floorDiv(timeNanos, windowNanos) * windowNanos;
    }

    /** The first end of a window at or after {@code timeNanos}. */
    long nextWindowEnd(long timeNanos) {
        return -Math.floorDiv(-timeNanos, windowNanos) * windowNanos;
    }
}
