package io.parallax.matrix;

import io.parallax.model.FlowRow;
import io.parallax.model.MatrixDelta;
import io.parallax.model.MatrixLevel;
import java.util.function.Consumer;

/**
 * What a revision of a flow row changes in the matrix: one difference per level and direction that has any.
 *
 * <p>Differences and not totals, so that cells can be sums: whatever revisions a flow goes through, at each level the sum
 * over all cells of a window is the sum over the last revisions of its flows. Not thread-safe.
 */
public final class MatrixDeltas {

    private static final MatrixLevel[] LEVELS = MatrixLevel.values();

    private final SubnetRule subnets;
    private final MatrixDelta delta = new MatrixDelta();

    public MatrixDeltas(SubnetRule subnets) {
        this.subnets = subnets;
    }

    /** Passes on what {@code row} changes; the delta is reused, and valid during the call only. */
    public void of(FlowRow row, Consumer<MatrixDelta> out) {
        long packets = row.packets - row.previousPackets;
        long octets = row.octets - row.previousOctets;
        long opened = row.isOpening ? 1 : 0;
        long reversePackets = row.reversePackets - row.previousReversePackets;
        long reverseOctets = row.reverseOctets - row.previousReverseOctets;
        for (MatrixLevel level : LEVELS) {
            if ((packets | octets | opened) != 0) {
                forward(row, level);
                pass(packets, octets, opened, out);
            }
            if ((reversePackets | reverseOctets) != 0) {
                reverse(row, level);
                pass(reversePackets, reverseOctets, 0, out);
            }
        }
    }

    private void forward(FlowRow row, MatrixLevel level) {
        describe(row, level);
        delta.sourceHigh = row.sourceHigh;
        delta.sourceLow = row.sourceLow;
        delta.destinationHigh = row.destinationHigh;
        delta.destinationLow = row.destinationLow;
    }

    private void reverse(FlowRow row, MatrixLevel level) {
        describe(row, level);
        delta.sourceHigh = row.destinationHigh;
        delta.sourceLow = row.destinationLow;
        delta.destinationHigh = row.sourceHigh;
        delta.destinationLow = row.sourceLow;
    }

    private void describe(FlowRow row, MatrixLevel level) {
        delta.level = level;
        delta.realm = row.realm;
        delta.windowStart = row.windowStart;
        delta.family = row.family;
        delta.revision = row.revision - row.previousRevision;
    }

    private void pass(long packets, long octets, long opened, Consumer<MatrixDelta> out) {
        delta.packets = packets;
        delta.octets = octets;
        delta.flowsOpened = opened;
        if (delta.level == MatrixLevel.SUBNET) {
            subnets.widen(delta);
        }
        out.accept(delta);
    }
}
