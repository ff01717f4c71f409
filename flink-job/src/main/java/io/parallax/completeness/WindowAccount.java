package io.parallax.completeness;

import io.parallax.model.AccountEntry;
import io.parallax.model.Disposition;
import io.parallax.model.LedgerCounts;
import io.parallax.model.LedgerCounts.Column;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The account of one interface in one window: the ledger's rows on one side, the job's counts on the other.
 *
 * <pre>
 *  interface = dropped by the kernel + filtered + frames + lost          {@link #captureResidual}, over all windows
 *  published = received (+ missing)                                      {@link #transportResidual}
 *  received  = non-IP + canonical + duplicates + folded + too late       {@link #residual}
 * </pre>
 *
 * <p>Entries may come in any order, ledger rows more than once: the account is the same. A ledger row belongs to the window
 * in which its interval begins; intervals are whole seconds of capture time, as windows are, so only a gap can reach beyond.
 */
public final class WindowAccount {

    private static final Disposition[] DISPOSITIONS = Disposition.values();

    private final AccountEntry counts;
    private final SortedMap<String, LedgerCounts> rows = new TreeMap<>();
    private boolean isStated;

    /** An account with nothing in it. */
    public WindowAccount(String sensorId, String interfaceName, long windowStartNanos) {
        this(new AccountEntry(sensorId, interfaceName, windowStartNanos, null));
    }

    private WindowAccount(AccountEntry counts) {
        this.counts = counts;
    }

    /** Takes an entry in. A ledger row that is known already, or superseded by one that is, changes nothing. */
    public void add(AccountEntry entry) {
        if (entry.ledger != null && !add(entry.ledger)) {
            return;
        }
        counts.add(entry);
        isStated = false;
    }

    private boolean add(LedgerCounts row) {
        LedgerCounts known = rows.get(row.key());
        if (known != null && !row.supersedes(known)) {
            return false;
        }
        rows.put(row.key(), row);
        return true;
    }

    public String sensorId() {
        return counts.sensorId;
    }

    public String interfaceName() {
        return counts.interfaceName;
    }

    public long windowStartNanos() {
        return counts.windowStartNanos;
    }

    /** Whether everything in it has been stated. */
    public boolean isStated() {
        return isStated;
    }

    public void setStated() {
        isStated = true;
    }

    /** Grows with each change, and in the end is the same for any order of arrival. */
    public long revision() {
        long revision = counts.revision;
        for (LedgerCounts row : rows.values()) {
            revision += row.weight();
        }
        return revision;
    }

    /** Whether the producer itself spoke in this window, and not only its successor about it. */
    public boolean isHeard() {
        return counts.received > 0
                || packets(Disposition.D7) > 0
                || rows.values().stream().anyMatch(LedgerCounts::isOnTime);
    }

    /** Sum over the ledger's rows; {@link LedgerCounts#UNKNOWN} where none of them knows it. */
    public long ledger(Column column) {
        long sum = LedgerCounts.UNKNOWN;
        for (LedgerCounts row : rows.values()) {
            long count = row.count(column);
            if (count != LedgerCounts.UNKNOWN) {
                sum = Math.max(0, sum) + count;
            }
        }
        return sum;
    }

    /** As {@link #ledger}, nothing for what is not known. */
    public long knownBy(Column column) {
        return Math.max(0, ledger(column));
    }

    /** Frames by outcome, over the ledger's rows. */
    public SortedMap<String, Long> outcomes() {
        SortedMap<String, Long> outcomes = new TreeMap<>();
        for (LedgerCounts row : rows.values()) {
            row.outcomes().forEach((outcome, frames) -> outcomes.merge(outcome, frames, Long::sum));
        }
        return outcomes;
    }

    public long received() {
        return counts.received;
    }

    public long missing() {
        return counts.missing;
    }

    public long packets(Disposition disposition) {
        return counts.packets(disposition);
    }

    /** Packets that were seen again, by label, without the classes that did not occur. */
    public SortedMap<String, Long> duplicates() {
        SortedMap<String, Long> duplicates = new TreeMap<>();
        for (Disposition disposition : DISPOSITIONS) {
            if (disposition.isDuplicate() && packets(disposition) != 0) {
                duplicates.put(disposition.label(), packets(disposition));
            }
        }
        return duplicates;
    }

    /** Frames of the interface that nothing accounts for; means nothing where its own count is not known. */
    public long captureResidual() {
        return knownBy(Column.INTERFACE_FRAMES)
                - knownBy(Column.KERNEL_DROPPED)
                - knownBy(Column.FILTERED)
                - knownBy(Column.FRAMES)
                - knownBy(Column.LOST);
    }

    /** Headers that were published and never read, or read and never published. */
    public long transportResidual() {
        return knownBy(Column.PUBLISHED) - counts.received;
    }

    /** Headers that were read and neither counted nor named; below 0 where one is counted twice. */
    public long residual() {
        long accounted = 0;
        for (Disposition disposition : DISPOSITIONS) {
            accounted += disposition == Disposition.D7 ? 0 : packets(disposition);
        }
        return counts.received - accounted;
    }

    /** Received share of what is known to have passed, 0 to 1; NaN where nothing did. */
    public double coverage() {
        long passed = Math.max(knownBy(Column.PUBLISHED), counts.received + counts.missing)
                + knownBy(Column.KERNEL_DROPPED)
                + knownBy(Column.SHED)
                + knownBy(Column.LOST);
        return passed == 0 ? Double.NaN : (double) counts.received / passed;
    }

    /** A copy that shares nothing mutable. */
    public WindowAccount copy() {
        WindowAccount copy = new WindowAccount(counts.copy());
        copy.rows.putAll(rows);
        copy.isStated = isStated;
        return copy;
    }

    /** Writes the account; {@link #readFrom} makes an equal one of it. */
    public void writeTo(DataOutput out) throws IOException {
        counts.writeTo(out);
        out.writeBoolean(isStated);
        out.writeInt(rows.size());
        for (LedgerCounts row : rows.values()) {
            row.writeTo(out);
        }
    }

    public static WindowAccount readFrom(DataInput in) throws IOException {
        WindowAccount account = new WindowAccount(AccountEntry.readFrom(in));
        account.isStated = in.readBoolean();
        for (int i = in.readInt(); i > 0; i--) {
            LedgerCounts row = LedgerCounts.readFrom(in);
            account.rows.put(row.key(), row);
        }
        return account;
    }
}
