package io.parallax.flow;

import io.parallax.vantage.Choice;
import io.parallax.vantage.Sightings;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Which observation point counts in a row, what TCP octets others saw that it missed, and what nobody saw.
 *
 * <p>One point counts for all of a flow's direction ({@link Choice}): clocks of sensors differ, and with a point of its own
 * per window, packets at a window's edge would count twice or never. Two exceptions, both for points that saw only a part of
 * the flow's life, as when a VM moved to another host:
 *
 * <ul>
 *   <li>a row that it was blind for counts at the best of those that saw what it did not: TCP octets that it covers in no
 *       row nearby, or packets further than {@value #TOLERANCE_SECONDS} s from any of its own, which is more than clocks
 *       differ by, or they would be corrected;
 *   <li>octets of TCP sequence space that others saw in the row, and that the counting points of this row and its
 *       neighbours did not, are added.
 * </ul>
 */
final class Canonical {

    private static final int NONE = -1;
    private static final int TOLERANCE_SECONDS = 5;
    private static final long TOLERANCE_NANOS = TimeUnit.SECONDS.toNanos(TOLERANCE_SECONDS);

    /** Rows before and after one whose covers are looked at. */
    private static final int NEIGHBOURS = 2;

    private final Flows flows;
    private final Windows windows;
    private final Sightings sightings;
    private final TcpCounts tcp;
    private final Choice choice;
    private final Intervals seen = new Intervals();
    private final Intervals counted = new Intervals();
    private final Intervals itsOwn = new Intervals();
    private final Intervals theOthers = new Intervals();
    private final Intervals gaps = new Intervals();
    private boolean isOpen;

    Canonical(Flows flows, Windows windows, Sightings sightings, TcpCounts tcp) {
        this.flows = flows;
        this.windows = windows;
        this.sightings = sightings;
        this.tcp = tcp;
        this.choice = new Choice(sightings);
    }

    /** What is compared between points: sequence space for TCP, else octets. */
    long measure(int flow, int cell) {
        int counts = windows.tcpCounts(cell);
        return counts != NONE ? tcp.uniqueOctets(counts) : flows.isTcp(flow) ? 0 : windows.octets(cell);
    }

    /** The sighting that counts for a direction in a closed row; NONE where none does. */
    int in(int flow, int row, int direction) {
        int chosen = flows.canonical(flow, direction);
        if (chosen == NONE || windows.findCell(row, chosen) != NONE) {
            return chosen;
        }
        int continuation = continuationIn(flow, row, direction, chosen);
        if (continuation != NONE) {
            return continuation;
        }
        long before = lastBefore(flow, row, chosen);
        long after = firstAfter(flow, row, chosen);
        choice.clear(flows.isTcp(flow));
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            boolean isApart = windows.last(row, cell) > before && windows.first(row, cell) < after;
            if (isApart || (isOf(cell, direction) && sawMore(flow, row, cell, chosen))) {
                choice.add(windows.sighting(cell), windows.packets(cell), measure(flow, cell));
            }
        }
        return choice.choose(direction == 1, NONE);
    }

    private int continuationIn(int flow, int row, int direction, int chosen) {
        choice.clear(flows.isTcp(flow));
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            if (isOnePlace(flow, chosen, cell)) {
                choice.add(windows.sighting(cell), windows.packets(cell), measure(flow, cell));
            }
        }
        return choice.choose(direction == 1, NONE);
    }

    /** Whether a cell's packets count where those of a sighting do. */
    boolean isOnePlace(int flow, int sighting, int cell) {
        return sighting != NONE && choice.isOnePlace(sighting, windows.sighting(cell), flows.isTcp(flow));
    }

    /** Whether most TCP octets of a cell are such that a sighting covers in no row nearby. */
    private boolean sawMore(int flow, int row, int cell, int sighting) {
        int counts = windows.tcpCounts(cell);
        if (!hasExactCover(counts)) {
            return false;
        }
        itsOwn.begin((int) tcp.coverStart(counts));
        addPieces(counts, itsOwn);
        theOthers.begin(itsOwn.base());
        forNeighbours(flow, row, near -> addPieces(near, sighting, theOthers));
        return !theOthers.isEmpty() && 2 * itsOwn.octetsWithout(theOthers) > tcp.uniqueOctets(counts);
    }

    /** Last packet of a sighting before a row, plus the tolerance. */
    private long lastBefore(int flow, int row, int sighting) {
        long before = Long.MIN_VALUE;
        for (int older = windows.next(row); older != NONE && before == Long.MIN_VALUE; older = windows.next(older)) {
            for (int cell = windows.firstCell(older); cell != NONE; cell = windows.nextCell(cell)) {
                if (isOnePlace(flow, sighting, cell)) {
                    before = Math.max(before, windows.last(older, cell) + TOLERANCE_NANOS);
                }
            }
        }
        return before;
    }

    /** First packet of a sighting in closed rows after a row, less the tolerance. */
    private long firstAfter(int flow, int row, int sighting) {
        long after = Long.MAX_VALUE;
        for (int newer = flows.row(flow); newer != row; newer = windows.next(newer)) {
            if (!windows.has(newer, Windows.CLOSED)) {
                continue;
            }
            for (int cell = windows.firstCell(newer); cell != NONE; cell = windows.nextCell(cell)) {
                if (isOnePlace(flow, sighting, cell)) {
                    after = Math.min(after, windows.first(newer, cell) - TOLERANCE_NANOS);
                }
            }
        }
        return after;
    }

    /**
     * TCP octets of a row that others saw and the counting point did not. While the flow lives and no later row has closed,
     * what others saw beyond the end of its cover may still turn up there: {@link #isUnsettled} tells.
     *
     * @param chosen {@link #in} of the row; NONE: what the counting points of its neighbours did not see
     */
    long recoveredOctets(int flow, int row, int direction, int chosen) {
        isOpen = false;
        if (flows.canonical(flow, direction) == NONE || !gather(row, direction, chosen)) {
            return 0;
        }
        counted.begin(seen.base());
        addPieces(row, chosen, counted);
        forNeighbours(flow, row, near -> addPieces(near, in(flow, near, direction), counted));
        if (counted.isEmpty()) {
            return 0;
        }
        if (windows.next(row) == NONE && sightings.pastPackets(flows.canonical(flow, direction)) > 0) {
            seen.cutBelow(counted.least());
        }
        if (!hasNewerClosedRow(flow, row) && !flows.is(flow, Flows.ENDED)) {
            isOpen = seen.cutAbove(counted.greatest());
        }
        return seen.octetsWithout(counted);
    }

    /** What other sightings of a direction saw in a row, as far as their covers tell; false where that is nothing. */
    private boolean gather(int row, int direction, int but) {
        boolean isAny = false;
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            int counts = windows.tcpCounts(cell);
            if (windows.sighting(cell) != but && isOf(cell, direction) && hasExactCover(counts)) {
                if (!isAny) {
                    seen.begin((int) tcp.coverStart(counts));
                }
                isAny = true;
                addPieces(counts, seen);
            }
        }
        return isAny;
    }

    private boolean hasExactCover(int counts) {
        return counts != NONE && tcp.hasCover(counts) && tcp.isCoverExact(counts);
    }

    private void addPieces(int row, int sighting, Intervals out) {
        int cell = sighting == NONE ? NONE : windows.findCell(row, sighting);
        int counts = cell == NONE ? NONE : windows.tcpCounts(cell);
        if (counts != NONE && tcp.hasCover(counts)) {
            addPieces(counts, out);
        }
    }

    private void addPieces(int counts, Intervals out) {
        gaps.begin(out.base());
        tcp.gaps(counts, gaps);
        out.addWithout((int) tcp.coverStart(counts), (int) tcp.coverEnd(counts), gaps);
    }

    private void forNeighbours(int flow, int row, IntConsumer visitor) {
        int older = windows.next(row);
        for (int i = 0; i < NEIGHBOURS && older != NONE; i++) {
            visitor.accept(older);
            older = windows.next(older);
        }
        int distance = 0;
        for (int newer = flows.row(flow); newer != row; newer = windows.next(newer)) {
            distance++;
        }
        for (int newer = flows.row(flow); newer != row; newer = windows.next(newer)) {
            if (distance-- <= NEIGHBOURS && windows.has(newer, Windows.CLOSED)) {
                visitor.accept(newer);
            }
        }
    }

    /**
     * TCP octets of a row that no point saw, in it or in its neighbours, although later ones were sent. Where a point has
     * more gaps than it can tell apart, as a sampled one has, all between its first and last octet that it did not see.
     */
    long missedOctets(int flow, int row, int direction, int chosen) {
        int cell = chosen == NONE ? NONE : windows.findCell(row, chosen);
        int counts = cell == NONE ? NONE : windows.tcpCounts(cell);
        if (counts == NONE || !tcp.hasCover(counts)) {
            return 0;
        }
        if (!tcp.isCoverExact(counts)) {
            return Math.max(0, tcp.coverEnd(counts) - tcp.coverStart(counts) - tcp.uniqueOctets(counts));
        }
        if (!tcp.hasGaps(counts)) {
            return 0;
        }
        seen.begin((int) tcp.coverStart(counts));
        addAll(row, direction);
        forNeighbours(flow, row, near -> addAll(near, direction));
        gaps.begin(seen.base());
        tcp.gaps(counts, gaps);
        long missed = gaps.octetsWithout(seen);
        isOpen |= missed > 0;
        return missed;
    }

    private void addAll(int row, int direction) {
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            if (isOf(cell, direction)) {
                addPieces(row, windows.sighting(cell), seen);
            }
        }
    }

    /** Whether what counts in a row, as just asked, may be another when the next row closes. */
    boolean isUnsettled(int flow, int row, int direction) {
        if (hasNewerClosedRow(flow, row) || flows.is(flow, Flows.ENDED)) {
            return false;
        }
        int chosen = flows.canonical(flow, direction);
        return isOpen || (chosen != NONE && windows.findCell(row, chosen) == NONE);
    }

    private boolean hasNewerClosedRow(int flow, int row) {
        for (int newer = flows.row(flow); newer != row; newer = windows.next(newer)) {
            if (windows.has(newer, Windows.CLOSED)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOf(int cell, int direction) {
        return sightings.isReverse(windows.sighting(cell)) == (direction == 1);
    }
}
