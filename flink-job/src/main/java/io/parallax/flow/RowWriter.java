package io.parallax.flow;

import io.parallax.model.FlowKey;
import io.parallax.model.FlowRow;
import io.parallax.model.Initiator;
import io.parallax.vantage.Names;
import io.parallax.vantage.Sightings;
import java.util.concurrent.TimeUnit;

/** States a flow's window as a {@link FlowRow}, with source and destination in place of a and b. */
final class RowWriter {

    private static final int NONE = -1;
    private static final int A = 0;
    private static final int B = 1;

    private final Flows flows;
    private final Windows windows;
    private final Sightings sightings;
    private final Names<String> realms;
    private final InitiatorRule rule = new InitiatorRule();
    private final FlowRow out = new FlowRow();
    private final long[] packets = new long[2];
    private final long[] octets = new long[2];
    private final int[] bits = new int[2];
    private long observed;

    RowWriter(Flows flows, Windows windows, Sightings sightings, Names<String> realms) {
        this.flows = flows;
        this.windows = windows;
        this.sightings = sightings;
        this.realms = realms;
    }

    /** The row, valid until the next call; the next revision is stated as a difference to this one. */
    FlowRow write(int flow, int row) {
        out.isOpening = !flows.is(flow, Flows.IDENTIFIED);
        if (out.isOpening) {
            identify(flow, row);
        }
        int source = flows.is(flow, Flows.INITIATOR_IS_A) ? A : B;
        addUp(flow, row, source);
        writeIdentity(flow, source);
        writeCounts(row, source);
        out.windowStart = windows.start(row);
        out.flowStart = flows.start(flow);
        out.flowEnd = windows.last(row);
        boolean isLast = flows.is(flow, Flows.ENDED) && row == flows.row(flow);
        out.endReason = isLast ? flows.endReason(flow) : FlowRow.ALIVE;
        out.foldedPackets = windows.foldedPackets(row);
        out.duplicatePackets = observed - packets[A] - packets[B];
        out.previousRevision = windows.emittedRevision(row);
        out.revision = observed + out.foldedPackets + flows.changes(flow) + (flows.is(flow, Flows.ENDED) ? 1 : 0);
        windows.setEmittedRevision(row, out.revision);
        return out;
    }

    /** By the first window alone: the same whether windows are closed one by one or several at once. */
    private void identify(int flow, int row) {
        long[] first = {Long.MAX_VALUE, Long.MAX_VALUE};
        int[] seen = {0, 0};
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            int direction = direction(cell);
            first[direction] = Math.min(first[direction], windows.firstOfCell(cell));
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
        packets[A] = 0;
        packets[B] = 0;
        octets[A] = 0;
        octets[B] = 0;
        bits[A] = 0;
        bits[B] = 0;
        observed = 0;
        out.clearSightings();
        for (int cell = windows.firstCell(row); cell != NONE; cell = windows.nextCell(cell)) {
            int direction = direction(cell);
            boolean isCanonical = flows.canonical(flow, direction) == windows.sighting(cell);
            if (isCanonical) {
                packets[direction] = windows.packets(cell);
                octets[direction] = windows.octets(cell);
            }
            bits[direction] |= windows.controlBits(cell);
            observed += windows.packets(cell);
            FlowRow.Sighting seen = out.addSighting();
            sightings.describe(windows.sighting(cell), seen);
            seen.isReverse = direction != source;
            seen.isCanonical = isCanonical;
            seen.packets = windows.packets(cell);
            seen.octets = windows.octets(cell);
        }
    }

    private void writeIdentity(int flow, int source) {
        long tuple = flows.tuple(flow);
        out.flowId = Long.toHexString(flows.hash(flow)) + "-"
                + Long.toHexString(TimeUnit.NANOSECONDS.toMicros(flows.start(flow)));
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
        out.previousPackets = windows.emittedPackets(row, source);
        out.previousOctets = windows.emittedOctets(row, source);
        out.previousReversePackets = windows.emittedPackets(row, other);
        out.previousReverseOctets = windows.emittedOctets(row, other);
        windows.setEmitted(row, A, packets[A], octets[A]);
        windows.setEmitted(row, B, packets[B], octets[B]);
    }
}
