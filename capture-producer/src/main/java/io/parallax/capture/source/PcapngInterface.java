package io.parallax.capture.source;

/**
 * What a pcapng section says about one of its interfaces.
 *
 * @param index the interface's place among all of the file, as {@link Frame#interfaceIndex} has it
 * @param linkType LINKTYPE_ number
 * @param snapLength most octets captured of a frame, 0 for no limit
 * @param offsetSeconds added to every timestamp
 */
record PcapngInterface(int index, int linkType, int snapLength, TimeResolution resolution, long offsetSeconds) {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    long timeNanos(long ticks) {
        long nanos = resolution.nanos(ticks);
        return offsetSeconds == 0 ? nanos : saturatedSum(nanos, offsetSeconds);
    }

    private static long saturatedSum(long nanos, long seconds) {
        long bound = Long.MAX_VALUE / NANOS_PER_SECOND;
        long offset = Math.max(-bound, Math.min(bound, seconds)) * NANOS_PER_SECOND;
        return offset > 0 && nanos > Long.MAX_VALUE - offset ? Long.MAX_VALUE : nanos + offset;
    }
}
