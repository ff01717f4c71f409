package io.parallax.vantage;

import io.parallax.model.Locality;
import io.parallax.model.Records;

/**
 * Where a flow's traffic ran, by where it was seen.
 *
 * <p>Two hosts saw it: it ran between them. Two places of one direction with other MAC addresses and another TTL: it was
 * routed. One host, one network: it stayed inside. One host, two networks and no trace of the packet behind the router: the
 * other end is at no host that is watched. Copies that mirror sessions brought tell the host only where no capture
 * interface saw the flow, since one host would have two names otherwise.
 */
public final class LocalityRule {

    private final Sightings sightings;

    public LocalityRule(Sightings sightings) {
        this.sightings = sightings;
    }

    /**
     * Judges.
     *
     * @param head first sighting of the flow; those that were in no closed window yet do not count
     * @param isOneNetwork whether both addresses are of one network
     */
    public Locality of(int head, boolean isOneNetwork) {
        boolean isDirect = isSeenDirectly(head);
        boolean isRouted = false;
        boolean isBetweenHosts = false;
        boolean isAnswered = false;
        boolean isAdjacent = true;
        int first = Records.NONE;
        for (int s = nextCounted(head); s != Records.NONE; s = nextCounted(sightings.next(s))) {
            if (sightings.isToGroup(s)) {
                return Locality.BROADCAST_MULTICAST;
            }
            isRouted |= isRoutedFrom(s);
            isAdjacent &= isInitialTtl(sightings.ttl(s));
            if (isDirect && sightings.isMirrored(s)) {
                continue;
            }
            if (first == Records.NONE) {
                first = s;
            } else {
                isBetweenHosts |= !sightings.host(first).equals(sightings.host(s));
                isAnswered |= sightings.isReverse(first) != sightings.isReverse(s);
            }
        }
        if (first == Records.NONE) {
            return Locality.UNKNOWN;
        }
        if (isBetweenHosts) {
            return isRouted ? Locality.INTER_HOST_ROUTED : Locality.INTER_HOST_SWITCHED;
        }
        if (isRouted) {
            return Locality.WITHIN_HOST_ROUTED;
        }
        return isOneNetwork || (isAnswered && isAdjacent) ? Locality.WITHIN_HOST_SWITCHED : Locality.NORTH_SOUTH;
    }

    private int nextCounted(int from) {
        int s = from;
        while (s != Records.NONE && !sightings.isCounted(s)) {
            s = sightings.next(s);
        }
        return s;
    }

    private boolean isSeenDirectly(int head) {
        for (int s = nextCounted(head); s != Records.NONE; s = nextCounted(sightings.next(s))) {
            if (!sightings.isMirrored(s)) {
                return true;
            }
        }
        return false;
    }

    private boolean isRoutedFrom(int sighting) {
        for (int s = nextCounted(sightings.next(sighting)); s != Records.NONE; s = nextCounted(sightings.next(s))) {
            if (sightings.isRoutedBetween(sighting, s)) {
                return true;
            }
        }
        return false;
    }

    /** What hosts send with: 64 (RFC 1700), 128, 255, 32; a router makes it less. */
    public static boolean isInitialTtl(int ttl) {
        return ttl == 64 || ttl == 128 || ttl == 255 || ttl == 32;
    }
}
