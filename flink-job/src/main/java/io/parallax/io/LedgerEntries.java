package io.parallax.io;

import io.parallax.model.AccountEntry;
import io.parallax.model.LedgerCounts;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Topics;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Turns a row of the capture ledger into an entry of its interface's account. */
public final class LedgerEntries {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private LedgerEntries() {}

    /** The entry of {@code row}, in the window in which its interval begins. */
    public static AccountEntry of(CaptureLedger row) {
        long[] counts = {
            row.getFrames(),
            row.getPublished(),
            row.getPublishedIp(),
            known(row.getInterfaceFrames()),
            known(row.getKernelDropped()),
            known(row.getFiltered()),
            known(row.getShed()),
            known(row.getLost())
        };
        boolean isOnTime = row.getRowKind().equals(Topics.LEDGER_INTERVAL);
        LedgerCounts ledger = new LedgerCounts(Topics.ledgerKey(row), isOnTime, counts, row.getOutcomes());
        return new AccountEntry(row.getSensorId(), row.getInterfaceName(), nanos(row.getIntervalStart()), ledger);
    }

    /** When the row's interval was over, nanoseconds since the epoch. */
    static long endNanos(CaptureLedger row) {
        return nanos(row.getIntervalStart()) + row.getIntervalSeconds() * NANOS_PER_SECOND;
    }

    private static long known(@Nullable Long count) {
        return count == null ? LedgerCounts.UNKNOWN : count;
    }

    /** A time beyond what 64 bits of nanoseconds hold (the year 2262) is that limit: a row must not stop the job. */
    private static long nanos(Instant time) {
        long seconds = Math.max(
                Long.MIN_VALUE / NANOS_PER_SECOND + 1,
                Math.min(Long.MAX_VALUE / NANOS_PER_SECOND - 1, time.getEpochSecond()));
        return seconds * NANOS_PER_SECOND + time.getNano();
    }
}
