package io.parallax.matrix;

import io.parallax.model.FlowRow;
import io.parallax.model.MatrixLevel;
import io.parallax.sketch.LogBuckets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The first phase of the matrices: adds up what revisions of flow rows change, per realm, level and window, until it is
 * flushed.
 *
 * <p>Differences and not totals, so that cells can be sums: whatever revisions a flow goes through, at each level the sum
 * over all cells of a window is the sum over the last revisions of its flows. A row whose ends or locality were named
 * differently before is taken back whole from the cells of the old names and added whole to those of the new ones.
 *
 * <p>What concerns the attempt or both directions (flows opened, refused, unanswered, round trip, octets missed) counts in
 * the cell from the initiator. Not thread-safe.
 */
public final class MatrixDeltas {

    /** Cells held at which a flush is due: some 10 MB. */
    private static final int MOST_CELLS = 100_000;

    private static final MatrixLevel[] LEVELS = MatrixLevel.values();
    private static final int[] NOTHING_EXPECTED = new int[LEVELS.length];
    private static final long[] NOTHING = new long[Measure.COUNT];

    private final EntityNames names;
    private final long windowNanos;
    private final List<WindowCells[]> windows = new ArrayList<>();

    /** Cells that were flushed last, by the window's start and level: what comes next is likely to be as many. */
    private final Map<Long, int[]> expected = new HashMap<>();

    private final long[] now = new long[Measure.COUNT];
    private final long[] before = new long[Measure.COUNT];
    private final long[] reverseNow = new long[Measure.COUNT];
    private final long[] reverseBefore = new long[Measure.COUNT];
    private final long[] change = new long[Measure.COUNT];
    private int cells;

    /**
     * @param subnets for rows whose labels name no subnet
     * @param windowNanos length of the rows' windows
     */
    public MatrixDeltas(SubnetRule subnets, long windowNanos) {
        this.names = new EntityNames(subnets);
        this.windowNanos = windowNanos;
    }

    /** Adds what {@code row} changes. */
    public void add(FlowRow row) {
        readForward(row);
        readReverse(row);
        countDuplicates(row);
        boolean isOther = row.previousRevision > 0
                && !(row.locality == row.previousLocality
                        && row.source.equals(row.previousSource)
                        && row.destination.equals(row.previousDestination));
        WindowCells[] matrices = matrices(row.realm, row.windowStart);
        for (int i = 0; i < LEVELS.length; i++) {
            int sizeBefore = matrices[i].size();
            if (isOther) {
                move(row, matrices[i]);
            } else {
                revise(row, matrices[i]);
            }
            cells += matrices[i].size() - sizeBefore;
        }
    }

    /** Whether enough has come together that it should be flushed before the next watermark. */
    public boolean isFull() {
        return cells >= MOST_CELLS;
    }

    /** Passes on what came together, to be kept by who takes it, and begins anew. */
    public void flush(Consumer<WindowCells> out) {
        expected.clear();
        for (WindowCells[] matrices : windows) {
            expected.put(
                    matrices[0].start(),
                    Arrays.stream(matrices).mapToInt(WindowCells::size).toArray());
            for (WindowCells matrix : matrices) {
                if (matrix.size() > 0) {
                    out.accept(matrix);
                }
            }
        }
        windows.clear();
        cells = 0;
    }

    private void readForward(FlowRow row) {
        // The flow's first packet is in the row that opened it when it was stated first.
        long sinceWindowStart = row.flowStart - row.windowStart;
        boolean wasOpened = row.previousRevision > 0 && sinceWindowStart >= 0 && sinceWindowStart < windowNanos;
        boolean isAssessed = row.missedOctets >= 0;
        now[Measure.PACKETS] = row.packets;
        now[Measure.OCTETS] = row.octets;
        now[Measure.FLOWS_OPENED] = row.isOpening || wasOpened ? 1 : 0;
        now[Measure.FLOWS_REFUSED] = row.isRefused ? 1 : 0;
        now[Measure.FLOWS_UNANSWERED] = row.isUnanswered ? 1 : 0;
        now[Measure.RETRANSMITTED] = row.retransmittedOctets;
        now[Measure.MISSED] = Math.max(0, row.missedOctets);
        now[Measure.ASSESSED] = isAssessed ? row.octets + row.reverseOctets : 0;
        before[Measure.PACKETS] = row.previousPackets;
        before[Measure.OCTETS] = row.previousOctets;
        before[Measure.FLOWS_OPENED] = wasOpened && !row.isOpening ? 1 : 0;
        before[Measure.FLOWS_REFUSED] = row.wasRefused ? 1 : 0;
        before[Measure.FLOWS_UNANSWERED] = row.wasUnanswered ? 1 : 0;
        before[Measure.RETRANSMITTED] = row.previousRetransmittedOctets;
        before[Measure.MISSED] = row.previousMissedOctets;
        before[Measure.ASSESSED] = isAssessed ? row.previousOctets + row.previousReverseOctets : 0;
    }

    private void readReverse(FlowRow row) {
        reverseNow[Measure.PACKETS] = row.reversePackets;
        reverseNow[Measure.OCTETS] = row.reverseOctets;
        reverseNow[Measure.RETRANSMITTED] = row.reverseRetransmittedOctets;
        reverseBefore[Measure.PACKETS] = row.previousReversePackets;
        reverseBefore[Measure.OCTETS] = row.previousReverseOctets;
        reverseBefore[Measure.RETRANSMITTED] = row.previousReverseRetransmittedOctets;
    }

    private void countDuplicates(FlowRow row) {
        now[Measure.DUPLICATES] = 0;
        before[Measure.DUPLICATES] = 0;
        reverseNow[Measure.DUPLICATES] = 0;
        reverseBefore[Measure.DUPLICATES] = 0;
        for (FlowRow.Sighting seen : row.sightings()) {
            long[] is = seen.isReverse ? reverseNow : now;
            long[] was = seen.isReverse ? reverseBefore : before;
            is[Measure.DUPLICATES] += seen.disposition.isDuplicate() ? seen.packets : 0;
            was[Measure.DUPLICATES] += seen.previousDisposition.isDuplicate() ? seen.previousPackets : 0;
        }
    }

    private void revise(FlowRow row, WindowCells matrix) {
        int source = matrix.entity(names.source(matrix.level(), row, row.source));
        int destination = matrix.entity(names.destination(matrix.level(), row, row.destination));
        reviseWithin(row, matrix, source, destination);
    }

    private void reviseWithin(FlowRow row, WindowCells matrix, int source, int destination) {
        int locality = row.locality.code();
        long growth = row.revision - row.previousRevision;
        boolean isMeasured = row.handshakeBucket != row.previousHandshakeBucket;
        if (differs(now, before) || isMeasured) {
            matrix.add(source, destination, locality, withRevision(growth));
        }
        if (isMeasured) {
            addRoundTrip(matrix, source, destination, locality, row.handshakeBucket, 1);
            addRoundTrip(matrix, source, destination, locality, row.previousHandshakeBucket, -1);
        }
        if (differs(reverseNow, reverseBefore)) {
            matrix.add(destination, source, locality, withRevision(growth));
        }
    }

    private void move(FlowRow row, WindowCells matrix) {
        int source = matrix.entity(names.source(matrix.level(), row, row.source));
        int destination = matrix.entity(names.destination(matrix.level(), row, row.destination));
        int oldSource = matrix.entity(names.source(matrix.level(), row, row.previousSource));
        int oldDestination = matrix.entity(names.destination(matrix.level(), row, row.previousDestination));
        if (source == oldSource && destination == oldDestination && row.locality == row.previousLocality) {
            reviseWithin(row, matrix, source, destination);
            return;
        }
        takeBack(row, matrix, oldSource, oldDestination);
        state(row, matrix, source, destination);
    }

    private void takeBack(FlowRow row, WindowCells matrix, int source, int destination) {
        int locality = row.previousLocality.code();
        long growth = row.revision - row.previousRevision;
        if (differs(NOTHING, before) || row.previousHandshakeBucket != LogBuckets.NONE) {
            matrix.add(source, destination, locality, withRevision(growth));
            addRoundTrip(matrix, source, destination, locality, row.previousHandshakeBucket, -1);
        }
        if (differs(NOTHING, reverseBefore)) {
            matrix.add(destination, source, locality, withRevision(growth));
        }
    }

    private void state(FlowRow row, WindowCells matrix, int source, int destination) {
        int locality = row.locality.code();
        if (differs(now, NOTHING) || row.handshakeBucket != LogBuckets.NONE) {
            matrix.add(source, destination, locality, withRevision(row.revision));
            addRoundTrip(matrix, source, destination, locality, row.handshakeBucket, 1);
        }
        if (differs(reverseNow, NOTHING)) {
            matrix.add(destination, source, locality, withRevision(row.revision));
        }
    }

    private static void addRoundTrip(
            WindowCells matrix, int source, int destination, int locality, int bucket, int count) {
        if (bucket != LogBuckets.NONE) {
            matrix.addRoundTrips(source, destination, locality, bucket, count);
        }
    }

    /** Whether the two differ; leaves the difference in {@link #change}. */
    private boolean differs(long[] is, long[] was) {
        long any = 0;
        for (int i = 0; i < Measure.REVISION; i++) {
            change[i] = is[i] - was[i];
            any |= change[i];
        }
        return any != 0;
    }

    private long[] withRevision(long growth) {
        change[Measure.REVISION] = growth;
        return change;
    }

    private WindowCells[] matrices(String realm, long start) {
        for (int i = windows.size() - 1; i >= 0; i--) {
            WindowCells first = windows.get(i)[0];
            if (first.start() == start && first.realm().equals(realm)) {
                return windows.get(i);
            }
        }
        int[] sizes = expected.getOrDefault(start, NOTHING_EXPECTED);
        WindowCells[] made = new WindowCells[LEVELS.length];
        for (int i = 0; i < made.length; i++) {
            made[i] = new WindowCells(LEVELS[i], realm, start, sizes[i]);
        }
        windows.add(made);
        return made;
    }
}
