package io.parallax.flow;

import io.parallax.model.AccountEntry;
import io.parallax.model.Disposition;
import io.parallax.model.FlowRow;
import io.parallax.model.StreamName;
import io.parallax.model.StreamShare;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what becomes of each interface's headers, per window, until it is worth an {@link AccountEntry}: a few of these
 * per watermark stand for any number of packets. A header costs a comparison and an addition, a row one look-up per
 * observation point. Not thread-safe.
 *
 * <p>Revisions: a header counts for one; an observation point for the revision of the row that states it, which the later
 * ones of that row bring up to date. So the sum is the same however rows were revised on the way, and grows with each change,
 * also where packets only move from one disposition to another.
 */
public final class StreamShares {

    private record Window(String sensorId, String interfaceName, long startNanos) {}

    private static final StreamName NOBODY = new StreamName("", "");

    private final long windowNanos;
    private final Map<Window, AccountEntry> entries = new LinkedHashMap<>();
    private StreamName stream = NOBODY;
    private @Nullable AccountEntry latest;

    /** @param windowNanos length of the aligned windows */
    public StreamShares(long windowNanos) {
        this.windowNanos = windowNanos;
    }

    /** Whose headers come next. */
    public void open(StreamName next) {
        if (!next.equals(stream)) {
            stream = next;
            latest = null;
        }
    }

    /** One header of the open stream was read for the first time. */
    public void received(long timeNanos) {
        AccountEntry entry = entryAt(timeNanos);
        entry.received++;
        entry.revision++;
    }

    /** The header that was received at that time is no IP packet. */
    public void nonIp(long timeNanos) {
        entryAt(timeNanos).addPackets(Disposition.NON_IP, 1);
    }

    /** One header of the open stream came again. */
    public void replayed(long timeNanos) {
        AccountEntry entry = entryAt(timeNanos);
        entry.addPackets(Disposition.D7, 1);
        entry.revision++;
    }

    /** Headers of the open stream never came; the one behind them has that time. */
    public void missing(long timeNanos, long headers) {
        AccountEntry entry = entryAt(timeNanos);
        entry.missing += headers;
        entry.revision += headers;
    }

    private AccountEntry entryAt(long timeNanos) {
        AccountEntry entry = latest;
        if (entry != null) {
            long within = timeNanos - entry.windowStartNanos;
            if (within >= 0 && within < windowNanos) {
                return entry;
            }
        }
        long start = Math.floorDiv(timeNanos, windowNanos) * windowNanos;
        AccountEntry found = entry(stream.sensorId(), stream.interfaceName(), start);
        latest = found;
        return found;
    }

    private AccountEntry entry(String sensorId, String interfaceName, long startNanos) {
        return entries.computeIfAbsent(
                new Window(sensorId, interfaceName, startNanos),
                window -> new AccountEntry(window.sensorId(), window.interfaceName(), window.startNanos(), null));
    }

    /** Takes over what {@code others} gathered, and empties them. */
    void take(StreamShares others) {
        for (AccountEntry entry : others.entries.values()) {
            entry(entry.sensorId, entry.interfaceName, entry.windowStartNanos).add(entry);
        }
        others.clear();
    }

    /** Forgets what was gathered since it was last handed over. */
    void clear() {
        entries.clear();
        latest = null;
    }

    /** A gatherer for the same windows. */
    StreamShares another() {
        return new StreamShares(windowNanos);
    }

    /** What the meter says about packets that no row states. */
    public void add(StreamShare share) {
        AccountEntry entry = entry(share.sensorId(), share.interfaceName(), share.windowStartNanos());
        entry.addPackets(share.disposition(), share.packets());
        entry.revision += Math.abs(share.packets());
    }

    /** What a row says about its packets, as the difference to its previous revision. */
    public void add(FlowRow row) {
        for (FlowRow.Sighting seen : row.sightings()) {
            if (seen.packets == 0 && seen.previousPackets == 0) {
                continue; // nothing of it was stated so far: the first packet brings the whole revision
            }
            AccountEntry entry = entry(seen.sensorId, seen.interfaceName, row.windowStart);
            entry.addPackets(seen.disposition, seen.packets);
            entry.addPackets(seen.previousDisposition, -seen.previousPackets);
            entry.revision += seen.previousPackets == 0 ? row.revision : row.revision - row.previousRevision;
        }
    }

    /** Hands over what was gathered since the last time. */
    public void flush(Consumer<AccountEntry> out) {
        entries.values().forEach(out);
        clear();
    }
}
