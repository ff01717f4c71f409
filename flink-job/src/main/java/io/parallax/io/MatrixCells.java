package io.parallax.io;

import io.parallax.matrix.SubnetRule;
import io.parallax.matrix.WindowCells;
import io.parallax.model.MatrixLevel;
import io.parallax.wire.Addresses;
import io.parallax.wire.MatrixCell;
import java.io.Serializable;

/** Turns a cell in its window into the record that leaves the job. */
public final class MatrixCells implements Serializable {

    private static final long serialVersionUID = 1L;

    private final int windowSeconds;
    private final SubnetRule subnets;

    public MatrixCells(int windowSeconds, SubnetRule subnets) {
        this.windowSeconds = windowSeconds;
        this.subnets = subnets;
    }

    /** The record of cell number {@code index} of a window. */
    public MatrixCell of(WindowCells cells, int index) {
        MatrixLevel level = cells.level(index);
        int family = cells.family(index);
        MatrixCell cell = new MatrixCell();
        cell.setWindowStart(Times.instant(cells.start()));
        cell.setWindowSeconds(windowSeconds);
        cell.setRevision(cells.revision(index));
        cell.setLevel(level.label());
        cell.setRealm(cells.realm(index));
        cell.setSourceEntity(entity(level, family, cells.sourceHigh(index), cells.sourceLow(index)));
        cell.setDestinationEntity(entity(level, family, cells.destinationHigh(index), cells.destinationLow(index)));
        cell.setPacketDeltaCount(cells.packets(index));
        cell.setOctetDeltaCount(cells.octets(index));
        cell.setFlowsOpened(cells.flowsOpened(index));
        return cell;
    }

    private String entity(MatrixLevel level, int family, long high, long low) {
        return level == MatrixLevel.SUBNET
                ? Addresses.subnet(family, high, low, subnets.prefixLength(family))
                : Addresses.ip(family, high, low);
    }
}
