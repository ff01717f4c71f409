package io.parallax.vantage;

import io.parallax.model.Records;
import java.util.Arrays;

/**
 * Compares the sightings of one flow by what they have seen of it: the canonical one of a direction has the greatest
 * measure (TCP: sequence space seen, else octets), then most packets, then the highest TTL (nearest the sender), then one that is no
 * mirror's copy, then the smallest identity. A function of what was seen alone, so that no order of arrival changes it.
 *
 * <p>Sightings that continue one another ({@link #isOnePlace}) are measured together.
 */
public final class Choice {

    /** Another OP takes over when it leads by more than 1 in this many: sticky, so that ties do not flap. */
    private static final long STICKINESS = 100;

    private final Sightings sightings;
    private int[] candidates = new int[2 * Sightings.MOST_PER_DIRECTION];
    private long[] measures = new long[candidates.length];
    private long[] packets = new long[candidates.length];
    private long[] placeMeasures = new long[candidates.length];
    private long[] placePackets = new long[candidates.length];
    private int count;
    private boolean isTcp;

    public Choice(Sightings sightings) {
        this.sightings = sightings;
    }

    /** Begins with what is past; add the windows with {@link #add}. */
    public void begin(int head, boolean isTcpFlow) {
        clear(isTcpFlow);
        for (int s = head; s != Records.NONE; s = sightings.next(s)) {
            add(s, sightings.pastPackets(s), sightings.pastMeasure(s));
        }
    }

    /** Begins with nothing. */
    public void clear(boolean isTcpFlow) {
        count = 0;
        isTcp = isTcpFlow;
    }

    /** Whether what two sightings saw adds up. That of TCP is compared in sequence space, and united there. */
    public boolean isOnePlace(int one, int other, boolean isTcpFlow) {
        return one == other || (!isTcpFlow && sightings.isContinuation(one, other));
    }

    public void add(int sighting, long morePackets, long moreMeasure) {
        int i = indexOf(sighting);
        if (i == count) {
            if (count == candidates.length) {
                candidates = Arrays.copyOf(candidates, count * 2);
                measures = Arrays.copyOf(measures, count * 2);
                packets = Arrays.copyOf(packets, count * 2);
                placeMeasures = new long[count * 2];
                placePackets = new long[count * 2];
            }
            candidates[i] = sighting;
            measures[i] = 0;
            packets[i] = 0;
            count++;
        }
        measures[i] += moreMeasure;
        packets[i] += morePackets;
    }

    private int indexOf(int sighting) {
        for (int i = 0; i < count; i++) {
            if (candidates[i] == sighting) {
                return i;
            }
        }
        return count;
    }

    /**
     * The canonical sighting of one direction.
     *
     * @param current the one chosen before, which stays unless another leads by more than 1 %; {@link Records#NONE} for the
     *     choice without regard to the past
     * @return {@link Records#NONE} where nothing was seen
     */
    public int choose(boolean isReverse, int current) {
        addUpPlaces();
        int best = -1;
        for (int i = 0; i < count; i++) {
            boolean isCandidate = sightings.isReverse(candidates[i]) == isReverse && packets[i] > 0;
            if (isCandidate && (best < 0 || isBetter(i, best))) {
                best = i;
            }
        }
        if (best < 0) {
            return Records.NONE;
        }
        int held = current == Records.NONE ? count : indexOf(current);
        return held < count && packets[held] > 0 && !isAhead(best, held) ? current : candidates[best];
    }

    private void addUpPlaces() {
        for (int i = 0; i < count; i++) {
            placeMeasures[i] = 0;
            placePackets[i] = 0;
            for (int j = 0; j < count; j++) {
                if (isOnePlace(candidates[i], candidates[j], isTcp)) {
                    placeMeasures[i] += measures[j];
                    placePackets[i] += packets[j];
                }
            }
        }
    }

    private boolean isBetter(int one, int other) {
        if (placeMeasures[one] != placeMeasures[other]) {
            return placeMeasures[one] > placeMeasures[other];
        }
        if (placePackets[one] != placePackets[other]) {
            return placePackets[one] > placePackets[other];
        }
        int byTtl = Integer.compare(sightings.ttl(candidates[one]), sightings.ttl(candidates[other]));
        if (byTtl != 0) {
            return byTtl > 0;
        }
        boolean isMirrored = sightings.isMirrored(candidates[one]);
        return isMirrored != sightings.isMirrored(candidates[other])
                ? !isMirrored
                : sightings.identityOrder(candidates[one], candidates[other]) < 0;
    }

    /** By more than 1 %; or by none at all, where what it is decides alone, whoever was seen first. */
    private boolean isAhead(int best, int held) {
        if (placeMeasures[best] == placeMeasures[held] && placePackets[best] == placePackets[held]) {
            return true;
        }
        return placeMeasures[best] > placeMeasures[held] + placeMeasures[held] / STICKINESS
                || (placeMeasures[best] == placeMeasures[held]
                        && placePackets[best] > placePackets[held] + placePackets[held] / STICKINESS);
    }
}
