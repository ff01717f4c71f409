package io.parallax.capture.account;

import io.parallax.capture.decode.Outcome;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The books of one stream (sensor and interface): every frame under the second of its capture time and its outcome.
 *
 * <p>Rule: frames = sum of outcomes, and published = sum of the outcomes that publish. It holds for the totals once nothing
 * is held back, and for every row that {@link #closeBefore} hands out if asked with the stream's low watermark. Something
 * is allocated per second of capture time, nothing per frame. Not thread-safe.
 */
public final class Ledger {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Tally total = new Tally();
    private final TreeMap<Long, Tally> open = new TreeMap<>();
    private Tally current = new Tally();
    private long currentSecond = Long.MIN_VALUE;
    private long latestSecond;
    private @Nullable String note;

    /** Books one frame of {@code octets} on the wire. */
    public void frame(long timeNanos, Outcome outcome, int octets) {
        total.frame(outcome, octets);
        tallyOf(timeNanos).frame(outcome, octets);
    }

    /** Books one header handed over for publishing. */
    public void published(PacketHeader header) {
        total.published(header.isIp());
        tallyOf(header.timeNanos).published(header.isIp());
    }

    /** Notes that the stream's capture ends inside a record; goes with the last row. */
    public void cutOff(long unreadOctets) {
        note = "capture ends inside a record, " + unreadOctets + " octets unread";
    }

    private Tally tallyOf(long timeNanos) {
        long second = Math.floorDiv(timeNanos, NANOS_PER_SECOND);
        if (second != currentSecond) {
            currentSecond = second;
            latestSecond = Math.max(latestSecond, second);
            current = open.computeIfAbsent(second, s -> new Tally());
        }
        return current;
    }

    /** Takes out the rows of all seconds that end by {@code lowWatermarkNanos}; nothing may be booked there again. */
    public List<LedgerRow> closeBefore(long lowWatermarkNanos) {
        long second = Math.floorDiv(lowWatermarkNanos, NANOS_PER_SECOND);
        if (open.isEmpty() || open.firstKey() >= second) {
            return List.of();
        }
        return take(open.headMap(second), "");
    }

    /** Takes out all rows, at the end of the stream; at least one, so that a stream without a frame has its books too. */
    public List<LedgerRow> close() {
        if (open.isEmpty()) {
            open.put(latestSecond, new Tally());
        }
        List<LedgerRow> rows = take(open.headMap(open.lastKey()), "");
        rows.addAll(take(open, note == null ? "" : note));
        return rows;
    }

    private List<LedgerRow> take(Map<Long, Tally> closing, String rowNote) {
        List<LedgerRow> rows = new ArrayList<>(closing.size());
        closing.forEach((second, tally) -> rows.add(new LedgerRow(second, tally, rowNote)));
        closing.clear();
        currentSecond = Long.MIN_VALUE;
        return rows;
    }

    /** All seconds together, closed ones included. */
    public Tally total() {
        return total;
    }
}
