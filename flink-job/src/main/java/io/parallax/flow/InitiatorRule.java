package io.parallax.flow;

import io.parallax.model.FlowKey;
import io.parallax.model.Initiator;

/** Decides which end began a flow, by the strongest evidence at hand: {@link Initiator} lists it. */
final class InitiatorRule {

    /** Ports below are system ports (RFC 6335, section 6). */
    private static final int SYSTEM_PORTS = 1024;

    private static final int PROTOCOL_ICMP = 1;
    private static final int PROTOCOL_ICMPV6 = 58;

    private boolean isA;
    private Initiator evidence = Initiator.FIRST_PACKET;

    /** Whether a began it. */
    boolean isA() {
        return isA;
    }

    Initiator evidence() {
        return evidence;
    }

    /**
     * Decides.
     *
     * @param aBits union of {@link ControlBits} that a sent
     * @param aFirst first packet of a, ns; {@code Long.MAX_VALUE} without one
     */
    InitiatorRule decide(long tuple, int aBits, int bBits, long aFirst, long bFirst) {
        if (FlowKey.isTcp(tuple) && decidedByHandshake(aBits, bBits)) {
            return this;
        }
        if (FlowKey.isOneWay(tuple)) {
            return decided(true, Initiator.ONE_WAY);
        }
        int aPort = FlowKey.aPort(tuple);
        int bPort = FlowKey.bPort(tuple);
        int protocol = FlowKey.protocol(tuple);
        if (protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMPV6) {
            if (isRequest(protocol, aPort) != isRequest(protocol, bPort)) {
                return decided(isRequest(protocol, aPort), Initiator.ICMP_REQUEST);
            }
        } else if (aPort != 0 && bPort != 0 && aPort < SYSTEM_PORTS != bPort < SYSTEM_PORTS) {
            return decided(bPort < SYSTEM_PORTS, Initiator.SERVICE_PORT);
        }
        return decided(aFirst <= bFirst, Initiator.FIRST_PACKET);
    }

    private boolean decidedByHandshake(int aBits, int bBits) {
        boolean aSyn = (aBits & ControlBits.SYN_ALONE) != 0;
        boolean bSyn = (bBits & ControlBits.SYN_ALONE) != 0;
        if (aSyn != bSyn) {
            decided(aSyn, Initiator.SYN);
            return true;
        }
        boolean aSynAck = (aBits & ControlBits.SYN_ACK) != 0;
        boolean bSynAck = (bBits & ControlBits.SYN_ACK) != 0;
        if (aSynAck != bSynAck) {
            decided(bSynAck, Initiator.SYN_ACK);
            return true;
        }
        return false;
    }

    /** Types that ask and have an answering type (RFC 792, RFC 950, RFC 1256; RFC 4443, RFC 4861, RFC 4620, RFC 6275). */
    private static boolean isRequest(int protocol, int type) {
        return protocol == PROTOCOL_ICMP
                ? type == 8 || type == 10 || type == 13 || type == 15 || type == 17
                : type == 128 || type == 130 || type == 133 || type == 135 || type == 139 || type == 144;
    }

    private InitiatorRule decided(boolean isA, Initiator evidence) {
        this.isA = isA;
        this.evidence = evidence;
        return this;
    }
}
