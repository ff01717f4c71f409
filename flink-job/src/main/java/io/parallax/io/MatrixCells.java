package io.parallax.io;

import io.parallax.matrix.Measure;
import io.parallax.matrix.RoundTrips;
import io.parallax.matrix.WindowCells;
import io.parallax.model.Locality;
import io.parallax.wire.MatrixCell;
import java.io.Serializable;

/** Turns a cell in its window into the record that leaves the job. */
public final class MatrixCells implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final double MEDIAN = 0.5;
    private static final double P95 = 0.95;
    private static final double P99 = 0.99;

    private final int windowSeconds;

    public MatrixCells(int windowSeconds) {
        this.windowSeconds = windowSeconds;
    }

    /** The record of cell number {@code index} of a window. */
    public MatrixCell of(WindowCells cells, int index) {
        MatrixCell cell = new MatrixCell();
        cell.setWindowStart(Times.instant(cells.start()));
        cell.setWindowSeconds(windowSeconds);
        cell.setRevision(cells.sum(index, Measure.REVISION));
        cell.setLevel(cells.level().label());
        cell.setRealm(cells.realm());
        cell.setSourceEntity(cells.source(index));
        cell.setDestinationEntity(cells.destination(index));
        Locality locality = Locality.ofCode(cells.localityCode(index));
        if (locality != Locality.UNKNOWN) {
            cell.setLocality(locality.label());
        }
        cell.setPacketDeltaCount(cells.sum(index, Measure.PACKETS));
        cell.setOctetDeltaCount(cells.sum(index, Measure.OCTETS));
        cell.setFlowsOpened(cells.sum(index, Measure.FLOWS_OPENED));
        cell.setFlowsRefused(cells.sum(index, Measure.FLOWS_REFUSED));
        cell.setFlowsUnanswered(cells.sum(index, Measure.FLOWS_UNANSWERED));
        cell.setTcpRetransmittedOctetCount(cells.sum(index, Measure.RETRANSMITTED));
        cell.setDuplicatePacketCount(cells.sum(index, Measure.DUPLICATES));
        cell.setMissedOctets(cells.sum(index, Measure.MISSED));
        setCoverage(cell, cells.sum(index, Measure.ASSESSED), cells.sum(index, Measure.MISSED));
        setRoundTrips(cell, cells, index);
        return cell;
    }

    private static void setCoverage(MatrixCell cell, long seen, long missed) {
        if (seen + missed > 0) {
            cell.setCoverage((double) seen / (seen + missed));
        }
    }

    private static void setRoundTrips(MatrixCell cell, WindowCells cells, int index) {
        RoundTrips roundTrips = cells.roundTrips(index);
        long count = roundTrips == null ? 0 : roundTrips.count();
        cell.setRttCount(count);
        if (roundTrips != null && count > 0) {
            cell.setRttP50Microseconds(roundTrips.quantile(MEDIAN));
            cell.setRttP95Microseconds(roundTrips.quantile(P95));
            cell.setRttP99Microseconds(roundTrips.quantile(P99));
        }
    }
}
