package io.parallax.flow;

import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.vantage.Sightings;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Forgets flows of a crowded table as soon as they are of no use to themselves: unanswered, closed and ended ones that have
 * been silent for {@value #SILENCE_SECONDS} s of event time. Their rows are stated at once. All streams have passed their
 * last packet by then, so only what is late may still ask for them; that is too late then.
 */
final class Ageing {

    static final long SILENCE_SECONDS = 5;

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(SILENCE_SECONDS);
    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** More packets at one point in one direction are no attempt any more, answered or not. */
    private static final long MOST_PACKETS = 3;

    private static final int NONE = -1;

    private final Flows flows;
    private final Windows windows;
    private final Sightings sightings;
    private final Closing closing;
    private final Admission admission;
    private long passedUntil = Long.MIN_VALUE;

    Ageing(FlowState state, Closing closing, Admission admission) {
        this.flows = state.flows();
        this.windows = state.windows();
        this.sightings = state.sightings();
        this.closing = closing;
        this.admission = admission;
    }

    /** All streams have passed {@code time}, ns. */
    void passed(long time) {
        passedUntil = Math.max(passedUntil, time);
    }

    long passedUntil() {
        return passedUntil;
    }

    /** When to look again, ns; {@code Long.MAX_VALUE}: no need. */
    long due() {
        return passedUntil == Long.MIN_VALUE || !admission.isCrowded(flows.size())
                ? Long.MAX_VALUE
                : (Math.floorDiv(passedUntil, STEP_NANOS) + 1) * STEP_NANOS;
    }

    /** All streams have passed {@code time}, ns: forgets, if it is time to. */
    void advance(long time, Consumer<FlowRow> out) {
        passed(time);
        if (!admission.isCrowded(flows.size())) {
            return;
        }
        long until = time - SILENCE_NANOS;
        admission.forget(until);
        for (int flow = 0; flow < flows.limit(); flow++) {
            if (flows.isInUse(flow) && last(flow) <= until && isOfNoUse(flow)) {
                closing.expire(flow, out);
            }
        }
    }

    private long last(int flow) {
        int newest = flows.row(flow);
        return newest == NONE ? flows.last(flow) : Math.max(flows.last(flow), windows.last(newest));
    }

    private boolean isOfNoUse(int flow) {
        if (FlowKey.isAggregate(flows.tuple(flow))) {
            return false;
        }
        return flows.is(flow, Flows.ENDED) || isAttempt(flow);
    }

    /** Few packets, and either none in return or the connection's end among them. */
    private boolean isAttempt(int flow) {
        int aBits = flows.controlBits(flow, 0);
        int bBits = flows.controlBits(flow, 1);
        boolean isSeenFromA = false;
        boolean isSeenFromB = false;
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
                if (windows.packets(cell) > MOST_PACKETS) {
                    return false;
                }
                boolean isFromB = sightings.isReverse(windows.sighting(cell));
                aBits |= isFromB ? 0 : windows.controlBits(cell);
                bBits |= isFromB ? windows.controlBits(cell) : 0;
                isSeenFromA |= !isFromB;
                isSeenFromB |= isFromB;
            }
        }
        boolean isClosed = FlowKey.isTcp(flows.tuple(flow)) && Lifetime.isClosed(aBits, bBits);
        return isClosed || isSeenFromA != isSeenFromB;
    }
}
