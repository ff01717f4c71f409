package io.parallax.vantage;

import io.parallax.model.FlowRow.Sighting;
import java.util.List;

/**
 * One direction of a flow at two interfaces. An interface that saw it at several OPs (before and behind a router) is
 * compared at the one with the fewest routers in between; when two are as good as each other, nobody can tell which copy
 * belongs to which, and nothing is found. Mutable and reused.
 */
final class Copies {

    private static final Sighting NOBODY = new Sighting();

    private Sighting here = NOBODY;
    private Sighting other = NOBODY;
    private boolean isFound;

    void find(List<Sighting> sightings, Sighting hereLike, Sighting otherLike, boolean isReverse) {
        int fewest = Integer.MAX_VALUE;
        isFound = false;
        for (Sighting one : sightings) {
            if (isAt(one, hereLike, isReverse)) {
                for (Sighting two : sightings) {
                    if (isAt(two, otherLike, isReverse)) {
                        int routers = Math.abs(one.ttl - two.ttl);
                        isFound = routers < fewest || (isFound && routers > fewest);
                        if (routers < fewest) {
                            fewest = routers;
                            here = one;
                            other = two;
                        }
                    }
                }
            }
        }
    }

    private static boolean isAt(Sighting seen, Sighting like, boolean isReverse) {
        return seen.isReverse == isReverse && seen.mirrorSession == null && byInterface(seen, like) == 0;
    }

    static int byInterface(Sighting one, Sighting other) {
        int bySensor = one.sensorId.compareTo(other.sensorId);
        return bySensor != 0 ? bySensor : one.interfaceName.compareTo(other.interfaceName);
    }

    boolean isFound() {
        return isFound;
    }

    Sighting here() {
        return here;
    }

    Sighting other() {
        return other;
    }

    /** Routers from here to the other on the way of these packets; below 0: they passed the other first. */
    int hops() {
        return here.ttl - other.ttl;
    }

    boolean isSame() {
        return here.packets == other.packets && here.octets == other.octets;
    }

    boolean haveBoth(int controlBit) {
        return (here.controlBits & other.controlBits & controlBit) != 0;
    }

    /** First packet on the other's clock minus first packet on the clock here. */
    long nanosFromHere() {
        return other.first - here.first;
    }
}
