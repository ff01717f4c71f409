package io.parallax.capture.account;

import io.parallax.capture.decode.Outcome;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
    private long firstOpenSecond = Long.MIN_VALUE;
    private long latestSecond;
    private final MirrorSessions mirrors = new MirrorSessions();
    private String note = "";
    private boolean isFromInterface;
    private long kernelWaiting;

    /** Books one frame of {@code octets} on the wire. */
    public void frame(long timeNanos, Outcome outcome, int octets) {
        total.frame(outcome, octets);
        tallyOf(timeNanos).frame(outcome, octets);
    }

    /** Books {@code frames} that were taken out on purpose. */
    public void filtered(long timeNanos, Filtered cause, long frames) {
        total.filtered(cause, frames);
        tallyOf(timeNanos).filtered(cause, frames);
    }

    /** Books one decoded header that is not published. */
    public void shed(PacketHeader header, Shed cause) {
        total.shed(cause, 1);
        tallyOf(header.timeNanos).shed(cause, 1);
    }

    /**
     * Books what kernel and interface say they did since they were asked last.
     *
     * @param timeNanos when they were asked
     * @param waiting frames that the kernel holds for us now
     */
    public void interfaceSaid(long timeNanos, long interfaceFrames, long kernelDropped, long waiting) {
        total.interfaceFrames(interfaceFrames);
        total.kernelDropped(kernelDropped);
        Tally tally = tallyOf(timeNanos);
        tally.interfaceFrames(interfaceFrames);
        tally.kernelDropped(kernelDropped);
        kernelWaiting = waiting;
        isFromInterface = true;
    }

    /** Books frames that passed the interface before anything could be captured; the interface counted them. */
    public void missed(long timeNanos, long frames) {
        interfaceSaid(timeNanos, frames, 0, 0);
        lost(timeNanos, frames);
    }

    /** Books frames that the interface counted already, and that nobody will read. */
    public void lost(long timeNanos, long frames) {
        total.lost(frames);
        tallyOf(timeNanos).lost(frames);
    }

    /** Books one frame that came through a mirror session. */
    public void mirrored(PacketHeader header) {
        mirrors.accept(header);
    }

    /** Notes what a reader should know; goes with the row that is closed next. */
    public void note(String text) {
        note = note.isEmpty() ? text : note + "; " + text;
    }

    /** Books one header handed over for publishing. */
    public void published(PacketHeader header) {
        total.published(header.isIp());
        tallyOf(header.timeNanos).published(header.isIp());
    }

    /** Notes that the stream's capture ends inside a record; goes with the last row. */
    public void cutOff(long unreadOctets) {
        note("capture ends inside a record, " + unreadOctets + " octets unread");
    }

    private Tally tallyOf(long timeNanos) {
        // A row is stated once: what comes for a second that was closed goes to the first that is open.
        long second = Math.max(firstOpenSecond, Math.floorDiv(timeNanos, NANOS_PER_SECOND));
        if (second != currentSecond) {
            currentSecond = second;
            latestSecond = Math.max(latestSecond, second);
            current = open.computeIfAbsent(second, s -> new Tally());
        }
        return current;
    }

    /** Takes out the rows of all seconds that end by {@code lowWatermarkNanos}; what is booked there later goes to the next. */
    public List<LedgerRow> closeBefore(long lowWatermarkNanos) {
        long second = Math.floorDiv(lowWatermarkNanos, NANOS_PER_SECOND);
        firstOpenSecond = Math.max(firstOpenSecond, second);
        if (open.isEmpty() || open.firstKey() >= second) {
            return List.of();
        }
        return take(open.headMap(second), mirrors.takeCounts());
    }

    /** Takes out all rows, at the end of the stream; at least one, so that a stream without a frame has its books too. */
    public List<LedgerRow> close() {
        if (open.isEmpty()) {
            open.put(latestSecond, new Tally());
        }
        return take(open, mirrors.close());
    }

    /** What is known of the whole (sessions, notes) goes with the last of the rows. */
    private List<LedgerRow> take(Map<Long, Tally> closing, List<MirrorSessionCount> sessions) {
        List<LedgerRow> rows = new ArrayList<>(closing.size());
        closing.forEach((second, tally) -> {
            boolean isLast = rows.size() == closing.size() - 1;
            rows.add(new LedgerRow(
                    second,
                    1,
                    LedgerRow.Kind.INTERVAL,
                    tally,
                    isFromInterface,
                    isLast ? kernelWaiting : 0,
                    isLast ? sessions : List.of(),
                    isLast ? note : ""));
        });
        note = "";
        closing.clear();
        currentSecond = Long.MIN_VALUE;
        return rows;
    }

    /** All seconds together, closed ones included. */
    public Tally total() {
        return total;
    }
}
