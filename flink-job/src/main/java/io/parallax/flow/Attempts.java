package io.parallax.flow;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowKey;
import io.parallax.model.FlowStep;
import io.parallax.vantage.Names;
import io.parallax.vantage.Sightings;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells how attempts go while their windows are still open: what detectors of scans and floods live on cannot wait a minute.
 *
 * <pre>
 *  UNTOLD   -- first packet ------------------------------> OPENED    OPENED
 *           -- TCP whose SYN was not seen ----------------> SETTLED   CONTINUED
 *  OPENED   -- SYN with ACK, or another answer -----------> ANSWERED  ANSWERED  (TCP)
 *           -- answer ------------------------------------> SETTLED   ANSWERED  (others)
 *           -- RST ---------------------------------------> SETTLED   REFUSED
 *           -- patience is over --------------------------> SETTLED   UNREACHABLE, UNANSWERED
 *  ANSWERED -- patience is over --------------------------> SETTLED   ESTABLISHED, HALF_OPEN
 * </pre>
 *
 * <p>A step is told once all streams have passed it, and with the time when it was. So what is told, and when it was, does
 * not depend on how the streams were read; the order in which it is told does.
 */
final class Attempts {

    /** More than any round trip in a data centre, and the first retransmission of a SYN (RFC 6298, section 2.1). */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int NONE = -1;
    private static final int A = 0;
    private static final int B = 1;

    private final Flows flows;
    private final Windows windows;
    private final Sightings sightings;
    private final IcmpErrors errors;
    private final Names<String> realms;
    private final long windowNanos;
    private final InitiatorRule rule = new InitiatorRule();
    private final FlowStep out = new FlowStep();
    private final long[] first = new long[2];
    private final int[] bits = new int[2];
    private long start;

    Attempts(long windowNanos, FlowState state) {
        this.flows = state.flows();
        this.windows = state.windows();
        this.sightings = state.sightings();
        this.errors = state.errors();
        this.realms = state.realms();
        this.windowNanos = windowNanos;
    }

    /** As {@link FlowTable#tell} says, up to and with {@code time}. */
    void tell(long time, RowLabels labels, Consumer<FlowStep> consumer) {
        for (int i = 0; i < flows.unsettledCount(); i++) {
            int flow = flows.unsettled(i);
            if (flows.isInUse(flow) && flows.stage(flow) != Flows.SETTLED) {
                step(flow, time, labels, consumer);
            }
        }
        flows.sweepUnsettled();
    }

    private void step(int flow, long time, RowLabels labels, Consumer<FlowStep> consumer) {
        int row = gather(flow);
        if (row == NONE || start > time) {
            return;
        }
        rule.decide(flows.tuple(flow), bits[A], bits[B], first[A], first[B]);
        int source = rule.isA() ? A : B;
        int stage = flows.stage(flow);
        boolean isDescribed = false;
        for (int next = next(flow, stage, source, time); next != NONE; next = next(flow, stage, source, time)) {
            if (!isDescribed) {
                describe(flow, row, source, labels);
                isDescribed = true;
            }
            stage = next;
            flows.setStage(flow, stage);
            consumer.accept(out);
        }
    }

    /** First packets and control bits of both ends over all rows: the attempt is young, there are one or two. */
    private int gather(int flow) {
        first[A] = Long.MAX_VALUE;
        first[B] = Long.MAX_VALUE;
        bits[A] = 0;
        bits[B] = 0;
        int oldest = NONE;
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            oldest = row;
            for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
                int end = sightings.isReverse(windows.sighting(cell)) ? B : A;
                first[end] = Math.min(first[end], windows.first(row, cell));
                bits[end] |= windows.controlBits(cell);
            }
        }
        start = Math.min(first[A], first[B]);
        return oldest;
    }

    /** The stage that the attempt has reached beyond {@code stage} by {@code time}, its step in {@link #out}; or NONE. */
    private int next(int flow, int stage, int source, long time) {
        return switch (stage) {
            case Flows.UNTOLD -> opened(flow, source);
            case Flows.OPENED -> answered(flow, 1 - source, time);
            case Flows.ANSWERED -> settled(source, time);
            default -> NONE;
        };
    }

    private int opened(int flow, int source) {
        boolean isSeenFromItsBeginning = !flows.isTcp(flow) || (bits[source] & ControlBits.SYN_ALONE) != 0;
        return isSeenFromItsBeginning
                ? tell(FlowFact.Kind.OPENED, start, Flows.OPENED)
                : tell(FlowFact.Kind.CONTINUED, start, Flows.SETTLED);
    }

    private int answered(int flow, int other, long time) {
        long end = start + PATIENCE_NANOS;
        if (first[other] <= Math.min(time, end)) {
            boolean isRefused = (bits[other] & (ControlBits.RST | ControlBits.SYN_ACK)) == ControlBits.RST;
            if (flows.isTcp(flow) && !isRefused) {
                return tell(FlowFact.Kind.ANSWERED, first[other], Flows.ANSWERED);
            }
            FlowFact.Kind kind = flows.isTcp(flow) ? FlowFact.Kind.REFUSED : FlowFact.Kind.ANSWERED;
            return tell(kind, first[other], Flows.SETTLED);
        }
        if (time < end) {
            return NONE;
        }
        boolean isUnreachable = flows.is(flow, Flows.UNREACHABLE) || errors.isAbout(flows, flow, end);
        return tell(isUnreachable ? FlowFact.Kind.UNREACHABLE : FlowFact.Kind.UNANSWERED, end, Flows.SETTLED);
    }

    private int settled(int source, long time) {
        long end = start + PATIENCE_NANOS;
        if (time < end) {
            return NONE;
        }
        boolean isEstablished = (bits[source] & ControlBits.ACK) != 0;
        return tell(isEstablished ? FlowFact.Kind.ESTABLISHED : FlowFact.Kind.HALF_OPEN, end, Flows.SETTLED);
    }

    private int tell(FlowFact.Kind kind, long time, int stage) {
        out.kind = kind;
        out.time = time;
        return stage;
    }

    private void describe(int flow, int row, int source, RowLabels labels) {
        long tuple = flows.tuple(flow);
        boolean isA = source == A;
        out.realm = realms.get(flows.realm(flow));
        out.family = FlowKey.family(tuple);
        out.protocol = FlowKey.protocol(tuple);
        out.sourceHigh = isA ? flows.aHigh(flow) : flows.bHigh(flow);
        out.sourceLow = isA ? flows.aLow(flow) : flows.bLow(flow);
        out.destinationHigh = isA ? flows.bHigh(flow) : flows.aHigh(flow);
        out.destinationLow = isA ? flows.bLow(flow) : flows.aLow(flow);
        out.sourcePort = isA ? FlowKey.aPort(tuple) : FlowKey.bPort(tuple);
        out.destinationPort = isA ? FlowKey.bPort(tuple) : FlowKey.aPort(tuple);
        out.flowStart = start;
        out.flowId = FlowIds.of(flows, flow, start, windowNanos);
        out.source = labels.of(flow, row, source);
        out.destination = labels.of(flow, row, 1 - source);
    }
}
