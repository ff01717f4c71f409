package io.parallax.model;

import java.util.Comparator;

/**
 * What became of the packets of one capture interface in one window, or of one mirror session in one interval of the capture
 * ledger. A window may be told several times, each time as of a greater revision; all of these have the same time.
 *
 * @param kind what it is about
 * @param time from when on the greatest revision so far is to be believed, nanoseconds since the epoch
 * @param sensor name of the sensor
 * @param interfaceName interface of the sensor
 * @param session mirror session; empty where the fact is about the interface
 * @param windowStart nanoseconds since the epoch
 * @param windowSeconds length of the window
 * @param revision the greater of two about the same window holds
 * @param isHeard the producer itself spoke in the window
 * @param isLive captured from an interface, and not read from a file
 * @param passed packets known to have passed, seen or not
 * @param lost of these, packets that were not seen
 * @param ip IP packets that were seen
 */
public record SensorFact(
        Kind kind,
        long time,
        String sensor,
        String interfaceName,
        String session,
        long windowStart,
        int windowSeconds,
        long revision,
        boolean isHeard,
        boolean isLive,
        long passed,
        long lost,
        long ip)
        implements Fact {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** The greatest revision of a window is told first: what follows is known to be out of date. */
    private static final Comparator<SensorFact> ORDER = Comparator.comparingLong(SensorFact::time)
            .thenComparing(SensorFact::subject)
            .thenComparingLong(SensorFact::windowStart)
            .thenComparing(Comparator.comparingLong(SensorFact::revision).reversed())
            .thenComparingLong(SensorFact::passed)
            .thenComparingLong(SensorFact::lost)
            .thenComparingLong(SensorFact::ip)
            .thenComparing(SensorFact::isHeard)
            .thenComparing(SensorFact::isLive);

    /** What can be told. */
    public enum Kind {
        /** The account of an interface. */
        ACCOUNT(0),
        /** What came of a mirror session. */
        MIRROR(1);

        private static final Kind[] KINDS = values();

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public static Kind ofCode(int code) {
            return KINDS[code];
        }

        /** As written in state: its place among the kinds. */
        public int code() {
            return code;
        }
    }

    @Override
    public String subject() {
        return session.isEmpty() ? entity() : entity() + ' ' + session;
    }

    /** The interface, as signals name it. */
    public String entity() {
        return sensor + '/' + interfaceName;
    }

    /** When the window is over, nanoseconds since the epoch. */
    public long windowEnd() {
        return windowStart + windowSeconds * NANOS_PER_SECOND;
    }

    /** The same order in every run. */
    public static Comparator<SensorFact> order() {
        return ORDER;
    }
}
