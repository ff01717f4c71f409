package io.parallax.flow;

import io.parallax.model.FlowRow;
import io.parallax.model.Initiator;
import io.parallax.model.Locality;
import io.parallax.model.ServiceEvidence;
import io.parallax.wire.PacketHeader;

/**
 * Whether a row shows that the source used a service of the destination, by the end of the row's window.
 *
 * <pre>
 *  TCP    destination             source                        between them      is
 *         answered, or midstream  went on after its SYN         payload           SERVED
 *         answered                -                             no payload        PROBED if the source reset, never went on
 *                                                                                 or either closed; RESET if the
 *                                                                                 destination reset; else NONE, for now
 *         midstream               -                             no payload        NONE
 *         RST, or ICMP error      SYN                           -                 REFUSED
 *         nothing                 SYN                           -                 UNANSWERED
 *  other  any packet              any packet, then or before    -                 SERVED
 *         nothing, ICMP error     any packet                    -                 REFUSED
 *         nothing                 any packet                    -                 UNANSWERED
 * </pre>
 *
 * <p>Payload of either end will do: a client that reads a banner has used the service. A connect scan reads and sends
 * nothing. Traffic without ports, to many, between networks (aggregates), and TCP whose beginning was not seen and whose
 * ports do not tell the server are no evidence of anything.
 */
final class ServiceRule {

    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int BITS_OF_LIFE = ControlBits.FIN | 1 << 3;

    /** 224.0.0.0/4 of RFC 5771 and 255.255.255.255; ff00::/8 of RFC 4291, section 2.7. */
    private static final int MULTICAST_IPV4 = 0xE;

    private static final int MULTICAST_IPV6 = 0xFF;

    private ServiceRule() {}

    static ServiceEvidence of(FlowRow row) {
        if (!isAttemptAtService(row)) {
            return ServiceEvidence.NONE;
        }
        return row.protocol == ControlBits.PROTOCOL_TCP ? ofConnection(row) : ofDatagrams(row);
    }

    private static boolean isAttemptAtService(FlowRow row) {
        boolean isDirected = row.protocol != ControlBits.PROTOCOL_TCP || row.initiator != Initiator.FIRST_PACKET;
        return row.prefixLength == FlowRow.NO_AGGREGATE
                && row.isPortsKnown
                && row.destinationPort != 0
                && row.protocol != ICMP
                && row.protocol != ICMPV6
                && isDirected
                && row.locality != Locality.BROADCAST_MULTICAST
                && !isToMany(row);
    }

    private static boolean isToMany(FlowRow row) {
        if (row.family == PacketHeader.FAMILY_IPV6) {
            return row.destinationHigh >>> 56 == MULTICAST_IPV6;
        }
        long address = row.destinationLow & 0xFFFF_FFFFL;
        return address >>> 28 == MULTICAST_IPV4 || address == 0xFFFF_FFFFL;
    }

    private static ServiceEvidence ofDatagrams(FlowRow row) {
        boolean hasAsked = row.packets > 0 || row.flowStart < row.windowStart;
        if (!hasAsked) {
            return ServiceEvidence.NONE;
        }
        if (row.reversePackets > 0) {
            return ServiceEvidence.SERVED;
        }
        return Outcome.isRefusal(row.outcome) ? ServiceEvidence.REFUSED : ServiceEvidence.UNANSWERED;
    }

    private static ServiceEvidence ofConnection(FlowRow row) {
        boolean isSyn = has(row, "S") || (row.tcpControlBits & ControlBits.SYN) != 0;
        boolean isAnswered = has(row, "h") || (row.reverseTcpControlBits & ControlBits.SYN) != 0;
        if (isAnswered || has(row, "adf") || (row.reverseTcpControlBits & BITS_OF_LIFE) != 0) {
            boolean wentOn = has(row, "ADF") || (row.tcpControlBits & BITS_OF_LIFE) != 0;
            boolean isExchange = has(row, "Dd") || row.transportOctets + row.reverseTransportOctets > 0;
            if (isExchange && wentOn) {
                return ServiceEvidence.SERVED;
            }
            return isSyn || isAnswered ? ofSilence(row, wentOn) : ServiceEvidence.NONE;
        }
        if (!isSyn) {
            return ServiceEvidence.NONE;
        }
        boolean isRefused = (row.reverseTcpControlBits & ControlBits.RST) != 0 || has(row, "r");
        return isRefused || Outcome.isRefusal(row.outcome) ? ServiceEvidence.REFUSED : ServiceEvidence.UNANSWERED;
    }

    /** Of a connection that was answered and carried nothing. */
    private static ServiceEvidence ofSilence(FlowRow row, boolean wentOn) {
        if (!wentOn || has(row, "R") || (row.tcpControlBits & ControlBits.RST) != 0) {
            return ServiceEvidence.PROBED;
        }
        if (has(row, "r") || (row.reverseTcpControlBits & ControlBits.RST) != 0) {
            return ServiceEvidence.RESET;
        }
        return has(row, "Ff") ? ServiceEvidence.PROBED : ServiceEvidence.NONE;
    }

    private static boolean has(FlowRow row, String letters) {
        for (int i = 0; i < letters.length(); i++) {
            if (row.tcpHistory.indexOf(letters.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }
}
