package io.parallax.flow;

import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.vantage.Names;
import io.parallax.vantage.Sightings;
import java.util.function.Consumer;

/**
 * What becomes of a bucket's flows as time passes: windows close, flows fall silent and end, an observation point is chosen,
 * rows are emitted and, after the lateness, given up.
 */
final class Closing {

    private static final int NONE = -1;

    private final MeterSettings settings;
    private final Flows flows;
    private final Windows windows;
    private final Sightings sightings;
    private final RowWriter writer;
    private long closedUntil = Long.MIN_VALUE;
    private long due = Long.MAX_VALUE;

    Closing(MeterSettings settings, Flows flows, Windows windows, Sightings sightings, Names<String> realms) {
        this.settings = settings;
        this.flows = flows;
        this.windows = windows;
        this.sightings = sightings;
        this.writer = new RowWriter(flows, windows, sightings, realms);
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

    private void step(int flow, long time, long heardUntil, Consumer<FlowRow> out) {
        closeLateRows(flow);
        int successor = NONE;
        while (!flows.is(flow, Flows.ENDED)) {
            int open = oldestOpenRow(flow);
            if (hasFallenSilent(flow, open, time) || (open == NONE && heardUntil < time)) {
                successor = end(flow, open, heardUntil);
            } else if (open != NONE && isPast(open)) {
                close(flow, open);
            } else {
                break;
            }
        }
        chooseCanonical(flow);
        emit(flow, out);
        giveUpRows(flow, time);
        schedule(flow, time);
        if (successor != NONE) {
            step(successor, time, heardUntil, out);
        }
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
        windows.gatherTimes(open);
        return windows.first(open) > deadline(flow);
    }

    /** The end of a flow's idle timeout, ns. */
    long deadline(int flow) {
        return flows.last(flow)
                + Lifetime.timeoutNanos(flows.tuple(flow), flows.controlBits(flow, 0), flows.controlBits(flow, 1));
    }

    /**
     * Closes a row and has it stated. What came late to an ended flow does not prolong it, or it would take packets of
     * windows in that are still open, and nobody would close those.
     */
    private void close(int flow, int row) {
        windows.gatherTimes(row);
        windows.set(row, Windows.CLOSED | Windows.DIRTY);
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
            adoptSightings(successor);
        }
        flows.setEndReason(flow, endReason(flow, heardUntil));
        windows.set(newest, Windows.DIRTY);
        return successor;
    }

    private int endReason(int flow, long heardUntil) {
        if (FlowKey.isTcp(flows.tuple(flow))
                && Lifetime.isClosed(flows.controlBits(flow, 0), flows.controlBits(flow, 1))) {
            return Lifetime.END_DETECTED;
        }
        return deadline(flow) <= heardUntil ? Lifetime.IDLE_TIMEOUT : Lifetime.FORCED_END;
    }

    /** Gives a flow sightings of its own for the cells that it took over. */
    private void adoptSightings(int flow) {
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
                int own = sightings.findOrAddLike(flows.sighting(flow), windows.sighting(cell));
                if (sightings.next(own) == flows.sighting(flow)) {
                    flows.setSighting(flow, own);
                }
                windows.setSighting(cell, own);
            }
        }
    }

    /** Chooses anew by everything closed so far; while the flow lives, only a clear lead changes the choice. */
    private void chooseCanonical(int flow) {
        int head = flows.sighting(flow);
        if (sightings.isOneADirection(head)) {
            chooseOnly(flow, head);
            return;
        }
        sightings.beginChoice(head);
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            for (int cell = windows.firstCell(row);
                    cell != NONE && windows.has(row, Windows.CLOSED);
                    cell = windows.nextCell(cell)) {
                sightings.addSum(windows.sighting(cell), windows.packets(cell), windows.octets(cell));
            }
        }
        for (int direction = 0; direction < 2; direction++) {
            int before = flows.canonical(flow, direction);
            int held = flows.is(flow, Flows.ENDED) ? NONE : before;
            int chosen = sightings.choose(head, direction == 1, held);
            if (chosen != before) {
                flows.setCanonical(flow, direction, chosen);
                if (before != NONE) {
                    changedChoice(flow);
                }
            }
        }
    }

    /** Most flows are seen at one place: nothing is to be compared. */
    private void chooseOnly(int flow, int head) {
        for (int sighting = head; sighting != NONE; sighting = sightings.next(sighting)) {
            flows.setCanonical(flow, sightings.isReverse(sighting) ? 1 : 0, sighting);
        }
    }

    private void changedChoice(int flow) {
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
            if (isClosed && !isNeeded && end(row) + settings.latenessNanos() <= time) {
                unlink(flow, before, row, next);
            } else {
                before = row;
            }
            row = next;
        }
        if (flows.row(flow) == NONE) {
            releaseFlow(flow);
        }
    }

    private void unlink(int flow, int before, int row, int next) {
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            sightings.addPast(windows.sighting(cell), windows.packets(cell), windows.octets(cell));
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
            sightings.release(sighting);
            sighting = next;
        }
        flows.remove(flow);
    }

    private void schedule(int flow, long time) {
        if (!flows.isInUse(flow)) {
            return;
        }
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
