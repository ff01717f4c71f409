package io.parallax.flow;

import io.parallax.label.Inventory;
import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.model.Locality;
import io.parallax.vantage.Choice;
import io.parallax.vantage.LocalityRule;
import io.parallax.vantage.Sightings;
import java.util.function.Consumer;

/**
 * What becomes of a bucket's flows as time passes: windows close, flows fall silent and end, an observation point is chosen,
 * rows are emitted and, after the lateness, given up.
 */
final class Closing {

    private static final int NONE = -1;

    private MeterSettings settings;
    private final Flows flows;
    private final Windows windows;
    private final Sightings sightings;
    private final TcpTracks tracks;
    private final TcpCounts tcp;
    private final Heritage heritage;
    private final Canonical canonical;
    private final Choice choice;
    private final LocalityRule localities;
    private final RowLabels labels;
    private final RowWriter writer;
    private long closedUntil = Long.MIN_VALUE;
    private long due = Long.MAX_VALUE;

    Closing(MeterSettings settings, FlowState state) {
        this.settings = settings;
        this.flows = state.flows();
        this.windows = state.windows();
        this.sightings = state.sightings();
        this.tracks = state.tracks();
        this.tcp = state.tcp();
        this.heritage = new Heritage(state);
        this.canonical = new Canonical(flows, windows, sightings, tcp);
        this.choice = new Choice(sightings);
        this.localities = new LocalityRule(sightings);
        this.labels = new RowLabels(settings, state);
        this.writer = new RowWriter(state, canonical, labels, settings);
    }

    void configure(MeterSettings settings) {
        this.settings = settings;
        labels.configure(settings);
    }

    void nameBy(Inventory inventory) {
        labels.nameBy(inventory);
    }

    RowLabels labels() {
        return labels;
    }

    /**
     * Emits the rows again whose ends the inventory names otherwise than they were stated. Those of a flow that late packets
     * came for wait for it to be due: its rows are not whole before.
     */
    void relabel(Consumer<FlowRow> out) {
        for (int flow = 0; flow < flows.limit(); flow++) {
            if (flows.isInUse(flow)) {
                boolean isWaiting = oldestDirtyRow(flow) != NONE;
                markOutdatedRows(flow);
                if (!isWaiting) {
                    emit(flow, out);
                }
            }
        }
    }

    private void markOutdatedRows(int flow) {
        boolean isAny = false;
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            if (windows.has(row, Windows.CLOSED) && labels.isOutdated(flow, row)) {
                windows.set(row, Windows.DIRTY);
                isAny = true;
            }
        }
        if (isAny) {
            flows.addChange(flow);
        }
    }

    /** When {@link #advance} has something to do, ns; {@code Long.MAX_VALUE}: nothing. */
    long due() {
        return due;
    }

    /** Windows that end at or before this have been closed, ns; {@code Long.MIN_VALUE}: none. */
    long closedUntil() {
        return closedUntil;
    }

    /** Goes on from where another one was. */
    void resume(long closedUntil, long due) {
        this.closedUntil = closedUntil;
        this.due = due;
    }

    /**
     * All that was due up to {@code time} has been done: packets of windows that are given up by then are too late, whether
     * or not the table had anything to do meanwhile.
     */
    void passed(long time) {
        if (time > closedUntil) {
            closedUntil = Math.max(closedUntil, settings.windowStart(time));
        }
    }

    /** The window is older than the lateness: it takes no packet any more. */
    boolean isGivenUp(long windowStart) {
        return closedUntil != Long.MIN_VALUE
                && windowStart + settings.windowNanos() + settings.latenessNanos() <= closedUntil;
    }

    /** A packet has come for {@code row}: it has to be closed when its window ends, or emitted again if that has been. */
    void touched(int flow, int row) {
        if (isPast(row)) {
            windows.set(row, Windows.DIRTY);
            isDue(flow, closedUntil + settings.windowNanos());
        } else {
            isDue(flow, end(row));
        }
    }

    private long end(int row) {
        return windows.start(row) + settings.windowNanos();
    }

    private boolean isPast(int row) {
        return end(row) <= closedUntil;
    }

    private void isDue(int flow, long time) {
        long at = settings.nextWindowEnd(time);
        if (at < flows.due(flow)) {
            flows.setDue(flow, at);
            due = Math.min(due, at);
        }
    }

    /** As {@link FlowTable#advance} says. */
    void advance(long time, long heardUntil, Consumer<FlowRow> out) {
        closedUntil = Math.max(closedUntil, time);
        due = Long.MAX_VALUE;
        for (int flow = 0; flow < flows.limit(); flow++) {
            if (!flows.isInUse(flow)) {
                continue;
            }
            if (flows.due(flow) <= time) {
                step(flow, time, heardUntil, out);
            } else {
                due = Math.min(due, flows.due(flow));
            }
        }
    }

    /**
     * Does what is due window by window, as if time had come to the end of each: a row says the same whether a table is
     * driven through every window or through many at once.
     */
    private void step(int flow, long time, long heardUntil, Consumer<FlowRow> out) {
        closeLateRows(flow);
        int successor = NONE;
        long reached = Long.MIN_VALUE;
        while (!flows.is(flow, Flows.ENDED)) {
            int open = oldestOpenRow(flow);
            boolean isOver = hasFallenSilent(flow, open, time) || (open == NONE && heardUntil < time);
            if (!isOver && (open == NONE || !isPast(open))) {
                break;
            }
            long at = isOver ? Math.min(time, settings.nextWindowEnd(deadline(flow) + 1)) : end(open);
            if (at > reached && reached != Long.MIN_VALUE) {
                settle(flow, out);
            }
            reached = Math.max(reached, at);
            giveUpRows(flow, reached - settings.windowNanos());
            if (isOver) {
                successor = end(flow, open, heardUntil);
            } else {
                close(flow, open);
            }
        }
        settle(flow, out);
        giveUpRows(flow, time);
        if (flows.row(flow) == NONE) {
            releaseFlow(flow);
        } else {
            schedule(flow, time);
        }
        if (successor != NONE) {
            step(successor, time, heardUntil, out);
        }
    }

    /**
     * Ends a flow ahead of its time, if it lives, states its rows and forgets it. What comes for it later does not find it.
     */
    void expire(int flow, Consumer<FlowRow> out) {
        flows.become(flow, flows.is(flow, Flows.IDENTIFIED) ? 0 : Flows.BRIEF);
        closeLateRows(flow);
        for (int open = oldestOpenRow(flow); open != NONE; open = oldestOpenRow(flow)) {
            close(flow, open);
        }
        if (!flows.is(flow, Flows.ENDED)) {
            flows.become(flow, Flows.ENDED);
            flows.setEndReason(flow, isClosed(flow) ? Lifetime.END_DETECTED : Lifetime.LACK_OF_RESOURCES);
            windows.set(flows.row(flow), Windows.DIRTY);
        }
        settle(flow, out);
        giveUpRows(flow, Long.MAX_VALUE);
        releaseFlow(flow);
    }

    /** An ICMP error of {@code time} said that the flow's packets do not arrive: its row of then, or the one before, says so. */
    void tellUnreachable(int flow, long time, long now) {
        if (flows.is(flow, Flows.UNREACHABLE)) {
            return;
        }
        flows.become(flow, Flows.UNREACHABLE);
        int row = flows.row(flow);
        while (row != NONE && windows.start(row) > time) {
            row = windows.next(row);
        }
        if (row != NONE && windows.has(row, Windows.CLOSED)) {
            windows.set(row, Windows.DIRTY);
            flows.addChange(flow);
            flows.setDue(flow, Math.min(flows.due(flow), now));
        }
    }

    private void settle(int flow, Consumer<FlowRow> out) {
        chooseCanonical(flow);
        emit(flow, out);
    }

    private int oldestOpenRow(int flow) {
        int open = NONE;
        for (int row = flows.row(flow); row != NONE && !windows.has(row, Windows.CLOSED); row = windows.next(row)) {
            open = row;
        }
        return open;
    }

    /**
     * The idle timeout ran out before {@code time}, and no packet in a window that is still open fell into it. A packet at
     * {@code time} itself may still come.
     */
    private boolean hasFallenSilent(int flow, int open, long time) {
        if (!flows.is(flow, Flows.BEGUN) || deadline(flow) >= time) {
            return false;
        }
        if (open == NONE) {
            return true;
        }
        return windows.first(open) > deadline(flow);
    }

    /** The end of a flow's idle timeout, ns. */
    long deadline(int flow) {
        return flows.last(flow)
                + Lifetime.timeoutNanos(flows.tuple(flow), flows.controlBits(flow, 0), flows.controlBits(flow, 1));
    }

    /** The last time of which an ended flow takes packets in, ns: its windows are whole, and its timeout may go beyond. */
    long reach(int flow) {
        return Math.max(deadline(flow), settings.windowStart(flows.last(flow)) + settings.windowNanos() - 1);
    }

    /**
     * Closes a row and has it stated. What came late to an ended flow does not prolong it, or it would take packets of
     * windows in that are still open, and nobody would close those.
     */
    private void close(int flow, int row) {
        boolean isNew = !windows.has(row, Windows.CLOSED);
        windows.set(row, Windows.CLOSED | Windows.DIRTY);
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            sightings.count(windows.sighting(cell), windows.ttl(cell));
        }
        if (isNew) {
            settleRowBefore(flow, row);
        }
        beginEarlier(flow, row);
        if (flows.is(flow, Flows.ENDED)) {
            return;
        }
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            int direction = sightings.isReverse(windows.sighting(cell)) ? 1 : 0;
            flows.addControlBits(flow, direction, windows.controlBits(cell));
        }
        flows.widen(flow, windows.first(row), windows.last(row));
        flows.become(flow, Flows.BEGUN);
    }

    /**
     * A late packet was the flow's first: all rows say so. Not one of an earlier window than those that were stated: the
     * first of them identifies the flow.
     */
    private void beginEarlier(int flow, int row) {
        long first = windows.first(row);
        if (flows.is(flow, Flows.IDENTIFIED)
                && first < flows.start(flow)
                && settings.windowStart(first) == settings.windowStart(flows.start(flow))) {
            flows.setStart(flow, first);
            stateAnew(flow);
        }
    }

    /** What the row before could not know by its end, this one tells. */
    private void settleRowBefore(int flow, int row) {
        int before = windows.next(row);
        if (before != NONE && windows.has(before, Windows.UNSETTLED)) {
            windows.unset(before, Windows.UNSETTLED);
            windows.set(before, Windows.DIRTY);
            flows.addChange(flow);
        }
    }

    /** Late packets may have added to rows, or rows to a flow that has ended. */
    private void closeLateRows(int flow) {
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            if (windows.has(row, Windows.DIRTY) && isPast(row)) {
                close(flow, row);
            }
        }
    }

    /** Ends a flow; rows after its end become those of a new flow, which is returned. */
    private int end(int flow, int open, long heardUntil) {
        flows.become(flow, Flows.ENDED);
        int successor = NONE;
        int newest = flows.row(flow);
        if (open != NONE) {
            successor = flows.addLike(flow);
            flows.setRow(successor, newest);
            newest = windows.next(open);
            windows.setNext(open, NONE);
            flows.setRow(flow, newest);
            adoptSightings(successor, flows.sighting(flow));
        }
        flows.setEndReason(flow, endReason(flow, heardUntil));
        windows.set(newest, Windows.DIRTY);
        return successor;
    }

    private int endReason(int flow, long heardUntil) {
        if (isClosed(flow)) {
            return Lifetime.END_DETECTED;
        }
        return deadline(flow) <= heardUntil ? Lifetime.IDLE_TIMEOUT : Lifetime.FORCED_END;
    }

    private boolean isClosed(int flow) {
        return FlowKey.isTcp(flows.tuple(flow))
                && Lifetime.isClosed(flows.controlBits(flow, 0), flows.controlBits(flow, 1));
    }

    /** Gives a flow sightings of its own for the cells that it took over; how TCP stood goes on with the newest packets. */
    private void adoptSightings(int flow, int formerHead) {
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
                int other = windows.sighting(cell);
                int own = sightings.findOrAddLike(flows.sighting(flow), other);
                if (sightings.next(own) == flows.sighting(flow)) {
                    flows.setSighting(flow, own);
                }
                if (sightings.track(other) != NONE) {
                    heritage.begin(flow, own, formerHead);
                }
                windows.setSighting(cell, own);
            }
        }
    }

    /** Chooses anew by everything closed so far; while the flow lives, only a clear lead changes the choice. */
    private void chooseCanonical(int flow) {
        int head = flows.sighting(flow);
        boolean isChanged = false;
        if (sightings.isOneADirection(head)) {
            chooseOnly(flow, head);
        } else {
            gather(flow, head);
            for (int direction = 0; direction < 2; direction++) {
                isChanged |= chooseCanonical(flow, direction);
            }
        }
        Locality locality =
                FlowKey.isAggregate(flows.tuple(flow)) ? Locality.UNKNOWN : localities.of(head, isOneNetwork(flow));
        isChanged |= flows.locality(flow) != Locality.UNKNOWN && flows.locality(flow) != locality;
        flows.setLocality(flow, locality);
        if (isChanged) {
            stateAnew(flow);
        }
    }

    private void gather(int flow, int head) {
        choice.begin(head, flows.isTcp(flow));
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            for (int cell = windows.firstCell(row);
                    cell != NONE && windows.has(row, Windows.CLOSED);
                    cell = windows.nextCell(cell)) {
                choice.add(windows.sighting(cell), windows.packets(cell), canonical.measure(flow, cell));
            }
        }
    }

    /** Whether another one is canonical now. */
    private boolean chooseCanonical(int flow, int direction) {
        int before = flows.canonical(flow, direction);
        int chosen = choice.choose(direction == 1, flows.is(flow, Flows.ENDED) ? NONE : before);
        flows.setCanonical(flow, direction, chosen);
        return before != NONE && chosen != before;
    }

    /** Most flows are seen at one place: nothing is to be compared. */
    private void chooseOnly(int flow, int head) {
        for (int sighting = head; sighting != NONE; sighting = sightings.next(sighting)) {
            if (sightings.isCounted(sighting)) {
                flows.setCanonical(flow, sightings.isReverse(sighting) ? 1 : 0, sighting);
            }
        }
    }

    private boolean isOneNetwork(int flow) {
        return settings.isOneNetwork(
                FlowKey.family(flows.tuple(flow)),
                flows.aHigh(flow) ^ flows.bHigh(flow),
                flows.aLow(flow) ^ flows.bLow(flow));
    }

    private void stateAnew(int flow) {
        flows.addChange(flow);
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            if (windows.has(row, Windows.CLOSED)) {
                windows.set(row, Windows.DIRTY);
            }
        }
    }

    /** Oldest first: the first row that is emitted opens the flow. */
    private void emit(int flow, Consumer<FlowRow> out) {
        for (int row = oldestDirtyRow(flow); row != NONE; row = oldestDirtyRow(flow)) {
            windows.unset(row, Windows.DIRTY);
            out.accept(writer.write(flow, row));
        }
    }

    private int oldestDirtyRow(int flow) {
        int oldest = NONE;
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            if (windows.has(row, Windows.DIRTY)) {
                oldest = row;
            }
        }
        return oldest;
    }

    /** Gives up closed rows past the lateness; the newest stays while the flow lives, since its end is stated there. */
    private void giveUpRows(int flow, long time) {
        int before = NONE;
        boolean isNewestClosed = true;
        for (int row = flows.row(flow); row != NONE; ) {
            int next = windows.next(row);
            boolean isClosed = windows.has(row, Windows.CLOSED);
            boolean isNeeded = isClosed && isNewestClosed && !flows.is(flow, Flows.ENDED);
            isNewestClosed &= !isClosed;
            if (isClosed && !isNeeded && end(row) <= time - settings.latenessNanos()) {
                unlink(flow, before, row, next);
            } else {
                before = row;
            }
            row = next;
        }
    }

    private void unlink(int flow, int before, int row, int next) {
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            sightings.addPast(windows.sighting(cell), windows.packets(cell), canonical.measure(flow, cell));
            if (windows.tcpCounts(cell) != NONE) {
                tcp.release(windows.tcpCounts(cell));
            }
        }
        if (before == NONE) {
            flows.setRow(flow, next);
        } else {
            windows.setNext(before, next);
        }
        windows.releaseRow(row);
    }

    private void releaseFlow(int flow) {
        for (int sighting = flows.sighting(flow); sighting != NONE; ) {
            int next = sightings.next(sighting);
            if (sightings.track(sighting) != NONE) {
                tracks.release(sightings.track(sighting));
            }
            sightings.release(sighting);
            sighting = next;
        }
        flows.remove(flow);
    }

    private void schedule(int flow, long time) {
        flows.setDue(flow, Long.MAX_VALUE);
        boolean isEnded = flows.is(flow, Flows.ENDED);
        boolean isNewestClosed = true;
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            boolean isClosed = windows.has(row, Windows.CLOSED);
            if (!isClosed) {
                isDue(flow, end(row));
            } else if (isEnded || !isNewestClosed) {
                isDue(flow, end(row) + settings.latenessNanos());
            }
            isNewestClosed &= !isClosed;
        }
        if (!isEnded && flows.is(flow, Flows.BEGUN) && deadline(flow) >= time) {
            isDue(flow, deadline(flow) + 1);
        }
    }
}
