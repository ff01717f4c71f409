package io.parallax.flow;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowKey;
import io.parallax.model.FlowStep;
import io.parallax.model.TcpView;
import io.parallax.vantage.Names;
import io.parallax.vantage.Sightings;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells how attempts go while their windows are still open: what detectors of scans and floods live on cannot wait a minute.
 *
 * <pre>
 *  UNTOLD   -- first packet ------------------------------> OPENED    OPENED
 *           -- TCP whose first packet had no SYN ---------> SETTLED   CONTINUED
 *  OPENED   -- SYN with ACK, or another answer -----------> ANSWERED  ANSWERED  (TCP)
 *           -- answer ------------------------------------> SETTLED   ANSWERED  (others)
 *           -- RST ---------------------------------------> SETTLED   REFUSED
 *           -- patience is over --------------------------> SETTLED   UNREACHABLE, UNANSWERED
 *  ANSWERED -- patience is over --------------------------> SETTLED   ESTABLISHED, HALF_OPEN
 * </pre>
 *
 * <p>A step is told once all streams have passed it, and with the time when it was, or when it could first be known: that an
 * attempt follows on a flow that ended in silence shows when that one's windows have closed. What is told rests on the first
 * packets of both ends and on nothing that came after the step, as far as that is known: so it does not depend on how the
 * streams were read; the order in which it is told does.
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
    private final TcpCounts tcp;
    private final IcmpErrors errors;
    private final Names<String> realms;
    private final long windowNanos;
    private final InitiatorRule rule = new InitiatorRule();
    private final FlowStep out = new FlowStep();
    private final long[] first = new long[2];
    private final int[] bits = new int[2];
    private final boolean[] hasAcknowledged = new boolean[2];
    private final long[] handshakeMicros = new long[2];
    private boolean isOpened;
    private long start;
    private long notBefore;

    Attempts(long windowNanos, FlowState state) {
        this.flows = state.flows();
        this.windows = state.windows();
        this.sightings = state.sightings();
        this.tcp = state.tcp();
        this.errors = state.errors();
        this.realms = state.realms();
        this.windowNanos = windowNanos;
    }

    /** As {@link FlowTable#tell} says, up to and with {@code time}. */
    void tell(long time, long notBefore, RowLabels labels, Consumer<FlowStep> consumer) {
        this.notBefore = notBefore;
        for (int i = 0; i < flows.unsettledCount(); i++) {
            int flow = flows.unsettled(i);
            if (flows.isInUse(flow) && flows.stage(flow) != Flows.SETTLED) {
                step(flow, time, labels, consumer);
            }
        }
        flows.sweepUnsettled();
    }

    private void step(int flow, long time, RowLabels labels, Consumer<FlowStep> consumer) {
        int row = oldestRow(flow);
        if (row == NONE) {
            return;
        }
        start = windows.first(row);
        if (start > time) {
            return;
        }
        int source = begin(flow);
        boolean isDescribed = false;
        int stage = flows.stage(flow);
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

    private int oldestRow(int flow) {
        int oldest = NONE;
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            oldest = row;
        }
        return oldest;
    }

    /** Takes in what began within the patience; which end the source is, by nothing but what came at the very beginning. */
    private int begin(int flow) {
        gather(flow, start);
        rule.decide(flows.tuple(flow), bits[A], bits[B], first[A], first[B]);
        int source = rule.isA() ? A : B;
        isOpened = !flows.isTcp(flow) || ((bits[A] | bits[B]) & (ControlBits.SYN_ALONE | ControlBits.SYN_ACK)) != 0;
        gather(flow, start + PATIENCE_NANOS);
        return source;
    }

    /** The first packets of both ends up to {@code until}, and the control bits that these had. */
    private void gather(int flow, long until) {
        first[A] = Long.MAX_VALUE;
        first[B] = Long.MAX_VALUE;
        bits[A] = 0;
        bits[B] = 0;
        hasAcknowledged[A] = false;
        hasAcknowledged[B] = false;
        handshakeMicros[A] = Long.MAX_VALUE;
        handshakeMicros[B] = Long.MAX_VALUE;
        for (int row = flows.row(flow); row != NONE; row = windows.next(row)) {
            for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
                long time = windows.first(row, cell);
                if (time <= until) {
                    add(cell, time);
                }
            }
        }
    }

    private void add(int cell, long time) {
        int end = sightings.isReverse(windows.sighting(cell)) ? B : A;
        int counts = windows.tcpCounts(cell);
        int firstBits = counts == NONE ? 0 : tcp.firstBits(counts);
        if (time < first[end]) {
            first[end] = time;
            bits[end] = 0;
        }
        if (time == first[end]) {
            bits[end] |= firstBits == 0 ? windows.controlBits(cell) : firstBits;
        }
        if ((windows.controlBits(cell) & ControlBits.ACK) != 0) {
            hasAcknowledged[end] = true;
            long micros = counts == NONE ? TcpView.UNKNOWN : tcp.handshakeMicros(counts);
            handshakeMicros[end] = Math.min(handshakeMicros[end], micros == TcpView.UNKNOWN ? Long.MAX_VALUE : micros);
        }
    }

    /** The stage that the attempt has reached beyond {@code stage} by {@code time}, its step in {@link #out}; or NONE. */
    private int next(int flow, int stage, int source, long time) {
        return switch (stage) {
            case Flows.UNTOLD -> opened();
            case Flows.OPENED -> answered(flow, 1 - source, time);
            case Flows.ANSWERED -> settled(source, 1 - source, time);
            default -> NONE;
        };
    }

    private int opened() {
        return isOpened
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

    private int settled(int source, int other, long time) {
        long end = start + PATIENCE_NANOS;
        if (time < end) {
            return NONE;
        }
        boolean isEstablished = hasAcknowledged[source] && isInTime(source, other, end);
        return tell(isEstablished ? FlowFact.Kind.ESTABLISHED : FlowFact.Kind.HALF_OPEN, end, Flows.SETTLED);
    }

    /** Whether the source acknowledged the answer by then; where that was not measured, it did. */
    private boolean isInTime(int source, int other, long end) {
        long micros = handshakeMicros[source];
        return micros == Long.MAX_VALUE || first[other] + TimeUnit.MICROSECONDS.toNanos(micros) <= end;
    }

    private int tell(FlowFact.Kind kind, long time, int stage) {
        out.kind = kind;
        out.time = Math.max(time, notBefore);
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
