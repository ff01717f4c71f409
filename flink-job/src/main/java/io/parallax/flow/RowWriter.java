package io.parallax.flow;

import io.parallax.model.Disposition;
import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.model.Initiator;
import io.parallax.model.Locality;
import io.parallax.model.ServiceEvidence;
import io.parallax.model.TcpView;
import io.parallax.sketch.LogBuckets;
import io.parallax.vantage.Names;
import io.parallax.vantage.Sightings;
import java.util.Arrays;

/** States a flow's window as a {@link FlowRow}, with source and destination in place of a and b. */
final class RowWriter {

    private static final int NONE = -1;
    private static final int A = 0;
    private static final int B = 1;

    /** Of octets that a row keeps in 32 bits. */
    private static final long MOST_STATED = 0xFFFF_FFFFL;

    private final Flows flows;
    private final Windows windows;
    private final Sightings sightings;
    private final TcpCounts tcp;
    private final Names<String> realms;
    private final Canonical canonical;
    private final RowLabels labels;
    private final MeterSettings settings;
    private final InitiatorRule rule = new InitiatorRule();
    private final FlowRow out = new FlowRow();
    private final int[] chosen = new int[2];
    private final int[] compared = new int[2];
    private final long[] packets = new long[2];
    private final long[] octets = new long[2];
    private final long[] transportOctets = new long[2];
    private final long[] missedOctets = new long[2];
    private final int[] bits = new int[2];
    private long observed;

    RowWriter(FlowState state, Canonical canonical, RowLabels labels, MeterSettings settings) {
        this.settings = settings;
        this.flows = state.flows();
        this.windows = state.windows();
        this.sightings = state.sightings();
        this.tcp = state.tcp();
        this.realms = state.realms();
        this.canonical = canonical;
        this.labels = labels;
    }

    /** The row, valid until the next call; the next revision is stated as a difference to this one. */
    FlowRow write(int flow, int row) {
        out.isOpening = !flows.is(flow, Flows.IDENTIFIED);
        if (out.isOpening) {
            identify(flow, row);
        }
        int source = flows.is(flow, Flows.INITIATOR_IS_A) ? A : B;
        clear();
        choose(flow, row, A);
        choose(flow, row, B);
        addUp(flow, row, source);
        writeIdentity(flow, source);
        writeCounts(row, source);
        writeJudgement(flow, row, source);
        out.windowStart = windows.start(row);
        out.flowStart = flows.start(flow);
        out.flowEnd = windows.last(row);
        boolean isLast = flows.is(flow, Flows.ENDED) && row == flows.row(flow);
        out.endReason = isLast ? flows.endReason(flow) : FlowRow.ALIVE;
        out.observations[Disposition.FOLDED.code()] = windows.foldedPackets(row);
        out.observations[Disposition.D3.code()] = windows.repeatedPackets(row);
        writeTcp(row, source);
        writeLabels(flow, row, source);
        stateJudgement(flow, row);
        out.previousRevision = windows.statedRevision(row);
        out.revision = observed
                + windows.foldedPackets(row)
                + windows.repeatedPackets(row)
                + flows.changes(flow)
                + (flows.is(flow, Flows.ENDED) ? 1 : 0);
        windows.setStatedRevision(row, out.revision);
        return out;
    }

    private void clear() {
        Arrays.fill(out.observations, 0);
        out.clearSightings();
        observed = 0;
    }

    /** The point that counts for a direction, and what others saw that it missed. */
    private void choose(int flow, int row, int direction) {
        packets[direction] = 0;
        octets[direction] = 0;
        transportOctets[direction] = 0;
        missedOctets[direction] = 0;
        bits[direction] = 0;
        chosen[direction] = canonical.in(flow, row, direction);
        compared[direction] = chosen[direction] == NONE ? flows.canonical(flow, direction) : chosen[direction];
        boolean isTcp = flows.isTcp(flow);
        long recovered = isTcp ? canonical.recoveredOctets(flow, row, direction, chosen[direction]) : 0;
        missedOctets[direction] = isTcp ? canonical.missedOctets(flow, row, direction, chosen[direction]) : 0;
        if (canonical.isUnsettled(flow, row, direction)) {
            windows.set(row, Windows.UNSETTLED);
        }
        octets[direction] = recovered;
        transportOctets[direction] = recovered;
    }

    /** By the first window alone: the same whether windows are closed one by one or several at once. */
    private void identify(int flow, int row) {
        long[] first = {Long.MAX_VALUE, Long.MAX_VALUE};
        int[] seen = {0, 0};
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            int direction = direction(cell);
            first[direction] = Math.min(first[direction], windows.first(row, cell));
            seen[direction] |= windows.controlBits(cell);
        }
        rule.decide(flows.tuple(flow), seen[A], seen[B], first[A], first[B]);
        flows.become(flow, Flows.IDENTIFIED | (rule.isA() ? Flows.INITIATOR_IS_A : 0));
        flows.setEvidence(flow, rule.evidence().code());
    }

    private int direction(int cell) {
        return sightings.isReverse(windows.sighting(cell)) ? B : A;
    }

    private void addUp(int flow, int row, int source) {
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            int direction = direction(cell);
            int sighting = windows.sighting(cell);
            int counts = windows.tcpCounts(cell);
            boolean isCanonical = canonical.isOnePlace(flow, chosen[direction], cell);
            if (isCanonical) {
                packets[direction] += windows.packets(cell);
                octets[direction] += windows.octets(cell);
                transportOctets[direction] += counts == NONE ? 0 : tcp.uniqueOctets(counts);
            }
            bits[direction] |= windows.controlBits(cell);
            observed += windows.packets(cell);
            FlowRow.Sighting seen = out.addSighting();
            sightings.describe(sighting, seen);
            seen.isReverse = direction != source;
            seen.isCanonical = isCanonical;
            Disposition disposition = canonical.isOnePlace(flow, compared[direction], cell)
                    ? Disposition.CANONICAL
                    : sightings.disposition(compared[direction], sighting);
            writeCell(row, cell, seen, disposition);
        }
        out.orderSightings();
    }

    private void writeCell(int row, int cell, FlowRow.Sighting seen, Disposition disposition) {
        seen.ttl = windows.ttl(cell);
        seen.packets = windows.packets(cell);
        seen.octets = windows.octets(cell);
        seen.first = windows.first(row, cell);
        seen.last = windows.last(row, cell);
        seen.controlBits = windows.controlBits(cell) & ControlBits.WIRE;
        seen.disposition = disposition;
        seen.previousPackets = windows.statedPackets(cell);
        seen.previousDisposition = Disposition.ofCode(windows.statedDisposition(cell));
        windows.setStated(cell, disposition);
        out.observations[disposition.code()] += seen.packets;
        int counts = windows.tcpCounts(cell);
        seen.isTcp = counts != NONE;
        if (seen.isTcp) {
            tcp.view(counts, seen.tcp);
        }
    }

    private void writeIdentity(int flow, int source) {
        long tuple = flows.tuple(flow);
        out.flowId = FlowIds.of(flows, flow, flows.start(flow), settings.windowNanos());
        out.realm = realms.get(flows.realm(flow));
        out.family = FlowKey.family(tuple);
        out.protocol = FlowKey.protocol(tuple);
        boolean isA = source == A;
        out.sourceHigh = isA ? flows.aHigh(flow) : flows.bHigh(flow);
        out.sourceLow = isA ? flows.aLow(flow) : flows.bLow(flow);
        out.destinationHigh = isA ? flows.bHigh(flow) : flows.aHigh(flow);
        out.destinationLow = isA ? flows.bLow(flow) : flows.aLow(flow);
        out.sourcePort = isA ? FlowKey.aPort(tuple) : FlowKey.bPort(tuple);
        out.destinationPort = isA ? FlowKey.bPort(tuple) : FlowKey.aPort(tuple);
        out.isPortsKnown = FlowKey.isPortsKnown(tuple);
        out.prefixLength = FlowKey.isAggregate(tuple) ? FlowKey.prefixLength(tuple) : FlowRow.NO_AGGREGATE;
        out.isOneWay = FlowKey.isOneWay(tuple);
        out.initiator = Initiator.ofCode(flows.evidence(flow));
    }

    private void writeCounts(int row, int source) {
        int other = 1 - source;
        out.packets = packets[source];
        out.octets = octets[source];
        out.reversePackets = packets[other];
        out.reverseOctets = octets[other];
        out.tcpControlBits = bits[source] & ControlBits.WIRE;
        out.reverseTcpControlBits = bits[other] & ControlBits.WIRE;
        out.transportOctets = transportOctets[source];
        out.reverseTransportOctets = transportOctets[other];
        out.previousPackets = windows.statedPackets(row, source);
        out.previousOctets = windows.statedOctets(row, source);
        out.previousReversePackets = windows.statedPackets(row, other);
        out.previousReverseOctets = windows.statedOctets(row, other);
        windows.setStated(row, A, packets[A], octets[A]);
        windows.setStated(row, B, packets[B], octets[B]);
    }

    private void writeJudgement(int flow, int row, int source) {
        boolean isTcp = flows.isTcp(flow);
        out.locality = flows.locality(flow);
        out.outcome = Outcome.of(
                isTcp,
                flows.controlBits(flow, source),
                flows.controlBits(flow, 1 - source),
                flows.is(flow, Flows.UNREACHABLE));
        long seen = transportOctets[A] + transportOctets[B];
        long missed = missedOctets[A] + missedOctets[B];
        out.missedOctets = isTcp ? Math.min(missed, MOST_STATED) : TcpView.UNKNOWN;
        out.coverage = isTcp && seen + missed > 0 ? (double) seen / (seen + missed) : Double.NaN;
        out.tcpHistory = isTcp ? history(row, source) : "";
    }

    /** What the points that count tell of TCP: octets that were sent again, and how long the handshake took. */
    private void writeTcp(int row, int source) {
        out.retransmittedOctets = 0;
        out.reverseRetransmittedOctets = 0;
        out.handshakeMicros = TcpView.UNKNOWN;
        long clientMicros = TcpView.UNKNOWN;
        long serverMicros = TcpView.UNKNOWN;
        for (FlowRow.Sighting point : out.sightings()) {
            if (!point.isCanonical || !point.isTcp) {
                continue;
            }
            long again = Math.min(point.tcp.retransmittedOctets + point.tcp.lostUpstreamOctets, MOST_STATED);
            if (point.isReverse) {
                out.reverseRetransmittedOctets = again;
                serverMicros = point.tcp.handshakeMicros;
            } else {
                out.retransmittedOctets = again;
                clientMicros = point.tcp.handshakeMicros;
            }
        }
        if (clientMicros != TcpView.UNKNOWN && serverMicros != TcpView.UNKNOWN) {
            out.handshakeMicros = clientMicros + serverMicros;
        }
        out.previousRetransmittedOctets = windows.statedRetransmittedOctets(row, source);
        out.previousReverseRetransmittedOctets = windows.statedRetransmittedOctets(row, 1 - source);
        boolean isA = source == A;
        windows.setStatedRetransmittedOctets(
                row,
                isA ? out.retransmittedOctets : out.reverseRetransmittedOctets,
                isA ? out.reverseRetransmittedOctets : out.retransmittedOctets);
    }

    private void writeLabels(int flow, int row, int source) {
        out.previousSource = labels.stated(flow, row, source);
        out.previousDestination = labels.stated(flow, row, 1 - source);
        out.source = labels.of(flow, row, source);
        out.destination = labels.of(flow, row, 1 - source);
        labels.state(flow, row, source, out.source);
        labels.state(flow, row, 1 - source, out.destination);
    }

    /** Beside what the row says now, what it said before: of the attempt only where the row is of the flow's first window. */
    private void stateJudgement(int flow, int row) {
        boolean isFirst = settings.windowStart(flows.start(flow)) == windows.start(row);
        out.isRefused = isFirst && Outcome.isRefusal(out.outcome);
        out.isUnanswered = isFirst && Outcome.isWithoutAnswer(out.outcome);
        out.handshakeBucket = isFirst && out.handshakeMicros != TcpView.UNKNOWN
                ? LogBuckets.bucketOf(out.handshakeMicros)
                : LogBuckets.NONE;
        int attempt = windows.statedAttempt(row);
        out.wasRefused = (attempt & Windows.REFUSED) != 0;
        out.wasUnanswered = (attempt & Windows.UNANSWERED) != 0;
        out.previousHandshakeBucket = windows.statedHandshakeBucket(row);
        out.previousLocality = Locality.ofCode(windows.statedLocality(row));
        out.previousMissedOctets = windows.statedMissedOctets(row);
        writeService(flow, row, isFirst);
        windows.setStatedJudgement(
                row,
                Math.max(0, out.missedOctets),
                out.handshakeBucket,
                out.locality.code(),
                (out.isRefused ? Windows.REFUSED : 0)
                        | (out.isUnanswered ? Windows.UNANSWERED : 0)
                        | (out.service.code() << Windows.SERVICE_SHIFT)
                        | (out.isInService ? Windows.IN_SERVICE : 0));
    }

    /** A use is told once: by the row that told it before, else by the first one that can. Failures are the first window's. */
    private void writeService(int flow, int row, boolean isFirst) {
        int older = windows.next(row);
        boolean wasServed = older != NONE && (windows.statedAttempt(older) & Windows.IN_SERVICE) != 0;
        ServiceEvidence shown = ServiceRule.of(out);
        out.previousService = statedService(row);
        out.wasInService = (windows.statedAttempt(row) & Windows.IN_SERVICE) != 0;
        out.isInService = wasServed || shown == ServiceEvidence.SERVED;
        if (shown != ServiceEvidence.SERVED) {
            out.service = isFirst ? shown : ServiceEvidence.NONE;
        } else {
            boolean isToldHere = out.previousService == ServiceEvidence.SERVED;
            boolean isToldElsewhere = wasServed || isToldByNewer(flow, row);
            out.service = isToldHere || !isToldElsewhere ? ServiceEvidence.SERVED : ServiceEvidence.NONE;
        }
    }

    private boolean isToldByNewer(int flow, int row) {
        for (int newer = flows.row(flow); newer != row; newer = windows.next(newer)) {
            if (statedService(newer) == ServiceEvidence.SERVED) {
                return true;
            }
        }
        return false;
    }

    private ServiceEvidence statedService(int row) {
        return ServiceEvidence.ofCode((windows.statedAttempt(row) >>> Windows.SERVICE_SHIFT) & Windows.SERVICE_MASK);
    }

    /** At the points that count, by the end of the window; a direction that was silent in it stands where it stood. */
    private String history(int row, int source) {
        return TcpHistory.text(places(row, source), places(row, 1 - source));
    }

    private int places(int row, int direction) {
        for (int at = row; at != NONE && compared[direction] != NONE; at = windows.next(at)) {
            int cell = windows.findCell(at, compared[direction]);
            int counts = cell == NONE ? NONE : windows.tcpCounts(cell);
            if (counts != NONE) {
                return tcp.history(counts);
            }
        }
        return 0;
    }
}
