package io.parallax.model;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What to add to a dependency for one window: the differences between revisions of flow rows. Or, with a {@link #sensor}, a
 * mark: whether an interface was captured whole in that window.
 *
 * <p>Mutable while it is added up, then left alone.
 */
public final class DependencyDelta {

    /** Dependencies are spread over as many keys. Part of the state's layout: another number loses them. */
    public static final int BUCKETS = 128;

    /** Of a delta that is no mark. */
    public static final String NO_SENSOR = "";

    /** The key of the stream: the dependency's bucket; a mark goes to each. */
    public int bucket;

    public DependencyKey key = DependencyKey.other("");
    public DependencyEnds ends = DependencyEnds.UNKNOWN;

    /** Start of the window, nanoseconds since the epoch. */
    public long windowStart;

    /** By how much the revisions grew, above 0. */
    public long revision;

    public DependencyCounts counts = new DependencyCounts();

    /** Rows of flows in use, by the client's address. */
    public final Map<String, Long> clients = new TreeMap<>();

    /** Handshakes by {@code LogBuckets} of their microseconds. */
    public final Map<Integer, Long> handshakes = new TreeMap<>();

    /** Interfaces that saw packets of a use; what is taken back stays. */
    public final Set<String> places = new TreeSet<>();

    /** Interface of a sensor that the mark is about. */
    public String sensor = NO_SENSOR;

    /** Of a mark: everything that passed the interface was captured and counted. */
    public boolean isComplete;

    public boolean isMark() {
        return !sensor.isEmpty();
    }

    /** A mark for one bucket. */
    public static DependencyDelta mark(int bucket, String sensor, long windowStart, boolean isComplete) {
        DependencyDelta mark = new DependencyDelta();
        mark.bucket = bucket;
        mark.sensor = sensor;
        mark.windowStart = windowStart;
        mark.isComplete = isComplete;
        return mark;
    }

    public DependencyDelta copy() {
        DependencyDelta copy = new DependencyDelta();
        copy.bucket = bucket;
        copy.key = key;
        copy.ends = ends;
        copy.windowStart = windowStart;
        copy.revision = revision;
        copy.counts = counts.copy();
        copy.clients.putAll(clients);
        copy.handshakes.putAll(handshakes);
        copy.places.addAll(places);
        copy.sensor = sensor;
        copy.isComplete = isComplete;
        return copy;
    }
}
