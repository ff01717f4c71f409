package io.parallax.io;

import io.parallax.completeness.WindowAccount;
import io.parallax.model.Disposition;
import io.parallax.model.LedgerCounts;
import io.parallax.model.LedgerCounts.Column;
import io.parallax.wire.Completeness;
import java.io.Serializable;
import java.util.function.LongConsumer;

/** Turns an account into the record that leaves the job. */
public final class CompletenessRecords implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final String HEARD = "heard";

    private final int windowSeconds;

    public CompletenessRecords(int windowSeconds) {
        this.windowSeconds = windowSeconds;
    }

    /** The record of the account as it stands. */
    public Completeness of(WindowAccount account) {
        Completeness row = new Completeness();
        row.setSensorId(account.sensorId());
        row.setInterfaceName(account.interfaceName());
        row.setWindowStart(Times.instant(account.windowStartNanos()));
        row.setWindowSeconds(windowSeconds);
        row.setRevision(account.revision());
        if (account.isHeard()) {
            row.setState(HEARD);
        }
        setLedger(row, account);
        setJob(row, account);
        setBalance(row, account);
        return row;
    }

    private static void setLedger(Completeness row, WindowAccount account) {
        ifKnown(account, Column.INTERFACE_FRAMES, row::setInterfaceFrames);
        row.setFrames(account.knownBy(Column.FRAMES));
        row.setOutcomes(account.outcomes());
        ifKnown(account, Column.KERNEL_DROPPED, row::setKernelDropped);
        ifKnown(account, Column.FILTERED, row::setFiltered);
        ifKnown(account, Column.SHED, row::setShed);
        ifKnown(account, Column.LOST, row::setLost);
        row.setPublished(account.knownBy(Column.PUBLISHED));
        row.setPublishedIp(account.knownBy(Column.PUBLISHED_IP));
    }

    private static void ifKnown(WindowAccount account, Column column, LongConsumer set) {
        long count = account.ledger(column);
        if (count != LedgerCounts.UNKNOWN) {
            set.accept(count);
        }
    }

    private static void setJob(Completeness row, WindowAccount account) {
        row.setReceived(account.received());
        row.setReplayed(account.packets(Disposition.D7));
        row.setMissing(account.missing());
        row.setNonIp(account.packets(Disposition.NON_IP));
        row.setCanonical(account.packets(Disposition.CANONICAL));
        row.setDuplicates(account.duplicates());
        row.setFolded(account.packets(Disposition.FOLDED));
        row.setTooLate(account.packets(Disposition.TOO_LATE));
    }

    private static void setBalance(Completeness row, WindowAccount account) {
        if (account.ledger(Column.INTERFACE_FRAMES) != LedgerCounts.UNKNOWN) {
            row.setCaptureResidual(account.captureResidual());
        }
        row.setTransportResidual(account.transportResidual());
        row.setResidual(account.residual());
        double coverage = account.coverage();
        if (!Double.isNaN(coverage)) {
            row.setCoverage(coverage);
        }
    }
}
