package io.parallax.capture.live;

import io.parallax.capture.account.Books;
import io.parallax.capture.account.LedgerRow;
import io.parallax.capture.account.MirrorSessionCount;
import io.parallax.capture.account.Tally;
import io.parallax.capture.publish.StreamSink;
import io.parallax.capture.spool.HandOff;
import io.parallax.capture.spool.SpoolRecord;
import io.parallax.capture.watch.LedgerLine;
import io.parallax.capture.watch.MirrorSession;
import io.parallax.wire.Topics;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A lane's way to the spool: what finds no room waits here and goes first when there is some.
 *
 * <p>A batch that was finished has its place in the stream's sequence, so it is never thrown away; what cannot be batched
 * meanwhile is shed by the publisher, header by header, and counted. One thread, the lane's.
 */
final class LaneSink implements StreamSink {

    private record Pending(SpoolRecord record, Runnable whenJournaled) {}

    private final HandOff handOff;
    private final String sensor;
    private final String interfaceName;
    private final double samplingProbability;
    private final Books books;
    private final Consumer<LedgerLine> ledgerCopy;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final Map<String, MirrorSession> sessions = new LinkedHashMap<>();
    private long batches;
    private long longestNanos;

    LaneSink(
            HandOff handOff,
            String sensor,
            String interfaceName,
            double samplingProbability,
            Books books,
            Consumer<LedgerLine> ledgerCopy) {
        this.handOff = handOff;
        this.books = books;
        this.sensor = sensor;
        this.interfaceName = interfaceName;
        this.samplingProbability = samplingProbability;
        this.ledgerCopy = ledgerCopy;
    }

    @Override
    public void batch(String streamId, byte[] value, Tally total, long second) {
        Tally upToHere = total.copy();
        batches++;
        leave(
                new SpoolRecord(Topics.PACKET_HEADERS, streamId, streamId, value),
                () -> books.batchTaken(upToHere, second));
    }

    @Override
    public void row(LedgerRow row, long bootEpochMillis, String streamId, String key, byte[] value) {
        ledgerCopy.accept(lineOf(row, bootEpochMillis));
        row.mirrorSessions().forEach(this::addSession);
        boolean isOfThisProcess = row.kind() == LedgerRow.Kind.INTERVAL;
        leave(
                new SpoolRecord(Topics.CAPTURE_LEDGER, streamId, key, value),
                isOfThisProcess ? () -> books.rowTaken(row) : books::settlementTaken);
    }

    @Override
    public void claim(String streamId, String key, byte[] value) {
        leave(new SpoolRecord(Topics.NEIGHBOURS, streamId, key, value), () -> {});
    }

    private LedgerLine lineOf(LedgerRow row, long bootEpochMillis) {
        Tally tally = row.tally();
        return new LedgerLine(
                sensor,
                interfaceName,
                CaptureLane.SINGLE_LANE,
                bootEpochMillis,
                row.second(),
                row.seconds(),
                row.kind().label(),
                tally.interfaceFrames(),
                tally.kernelDropped(),
                row.kernelWaiting(),
                tally.lost(),
                tally.filteredByCause(),
                tally.frames(),
                tally.octets(),
                tally.outcomes(),
                tally.published(),
                tally.publishedIp(),
                tally.shedByCause(),
                samplingProbability,
                row.mirrorSessions().stream().map(LaneSink::session).toList(),
                row.note());
    }

    private static MirrorSession session(MirrorSessionCount count) {
        return new MirrorSession(
                count.sourceAddress(),
                count.encapsulation(),
                count.session(),
                count.direction(),
                count.frames(),
                count.lost(),
                count.lostIsEstimate());
    }

    /** Rows say what came since the row before, the health page what came since the start. */
    private void addSession(MirrorSessionCount count) {
        String key = count.sourceAddress() + count.encapsulation() + count.session() + count.direction();
        sessions.merge(key, session(count), LaneSink::sum);
    }

    private static MirrorSession sum(MirrorSession one, MirrorSession more) {
        Long lost =
                one.lost() == null ? more.lost() : more.lost() == null ? one.lost() : (Long) (one.lost() + more.lost());
        return new MirrorSession(
                one.source(),
                one.encapsulation(),
                one.session(),
                one.direction(),
                one.frames() + more.frames(),
                lost,
                one.isEstimate() || more.isEstimate());
    }

    /** What came of each mirror session since the start. */
    List<MirrorSession> sessions() {
        return List.copyOf(sessions.values());
    }

    private void leave(SpoolRecord record, Runnable whenJournaled) {
        if (!pending.isEmpty() || !offer(record, whenJournaled)) {
            pending.addLast(new Pending(record, whenJournaled));
        }
    }

    private boolean offer(SpoolRecord record, Runnable whenJournaled) {
        long start = System.nanoTime();
        boolean taken = handOff.offer(record, whenJournaled);
        longestNanos = Math.max(longestNanos, System.nanoTime() - start);
        return taken;
    }

    /** Tries again what found no room; true if nothing is left waiting. */
    boolean retry() {
        Pending first = pending.peekFirst();
        while (first != null && offer(first.record(), first.whenJournaled())) {
            pending.removeFirst();
            first = pending.peekFirst();
        }
        return first == null;
    }

    boolean isStuck() {
        return !pending.isEmpty();
    }

    double fill() {
        return handOff.fill();
    }

    long batches() {
        return batches;
    }

    /** The longest that leaving a record took, nanoseconds. */
    long longestNanos() {
        return longestNanos;
    }
}
