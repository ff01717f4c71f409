package io.parallax.model;

import java.util.Comparator;

/**
 * A step in the life of a flow, told to the host at one of its ends. Steps of an attempt are told as soon as event time has
 * passed them, and do not wait for a window to close; {@link Kind#VOLUME} is told by the rows of windows.
 *
 * <p>Each flow is counted once, however many places saw it: the steps are those of the flow table, with its initiator as the
 * source.
 *
 * @param kind which step
 * @param isOut told to the host of the source; else to that of the destination
 * @param time when it was, nanoseconds since the epoch; of a volume the end of its window
 * @param realm routing domain in which the addresses are unique
 * @param source address of the initiator, as text
 * @param destination address of the responder, as text
 * @param sourceName virtual machine that held the source then, or the address where none is known
 * @param destinationName the same of the destination
 * @param protocol IP protocol
 * @param sourcePort 0 where the protocol has none; of ICMP the type
 * @param destinationPort 0 where the protocol has none; of ICMP the type of the answer, or the code
 * @param flowId as in topic flows
 * @param flowStart first packet of the flow, nanoseconds since the epoch
 * @param packets of a volume: from source to destination, in what the row changed; else 0
 * @param octets the same, from the IP header on
 * @param reversePackets from destination to source
 * @param reverseOctets from destination to source
 * @param transportOctets of a volume: TCP payload from the source
 * @param reverseTransportOctets of a volume: TCP payload from the destination
 */
public record FlowFact(
        Kind kind,
        boolean isOut,
        long time,
        String realm,
        String source,
        String destination,
        String sourceName,
        String destinationName,
        int protocol,
        int sourcePort,
        int destinationPort,
        String flowId,
        long flowStart,
        long packets,
        long octets,
        long reversePackets,
        long reverseOctets,
        long transportOctets,
        long reverseTransportOctets)
        implements Fact {

    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMPV6 = 58;

    /** Steps, in the order in which they follow each other. */
    public enum Kind {
        /** The first packet: for TCP a SYN. */
        OPENED(0),
        /** TCP whose beginning was not seen. It says nothing of an attempt. */
        CONTINUED(1),
        /** The first answer: a SYN with ACK, a datagram, an echo reply. */
        ANSWERED(2),
        /** A handshake was completed. */
        ESTABLISHED(3),
        /** The first answer was a reset. */
        REFUSED(4),
        /** Somebody said by ICMP that its packets do not arrive. Told at the end of the patience. */
        UNREACHABLE(5),
        /** No answer came within the patience. */
        UNANSWERED(6),
        /** TCP: answered, and the handshake was not completed within the patience. */
        HALF_OPEN(7),
        /** What passed in a window, once that is closed; what later revisions change, too. */
        VOLUME(8);

        private static final Kind[] KINDS = values();

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public static Kind ofCode(int code) {
            return KINDS[code];
        }

        /** As written in state: its place among the kinds. */
        public int code() {
            return code;
        }
    }

    @Override
    public String subject() {
        return subject(realm, isOut ? source : destination);
    }

    /** The subject that a host is. */
    public static String subject(String realm, String address) {
        return realm + ' ' + address;
    }

    /** Name of the host that is told. */
    public String hostName() {
        return isOut ? sourceName : destinationName;
    }

    /** The attempt came to nothing: refused, unreachable or without an answer. */
    public boolean isFailure() {
        return kind == Kind.REFUSED || kind == Kind.UNREACHABLE || kind == Kind.UNANSWERED;
    }

    /** The same order in every run. */
    public static Comparator<FlowFact> order() {
        return FlowFact::compare;
    }

    /** Most differ in time: compared a few times for each fact, chained comparators would show. */
    private static int compare(FlowFact one, FlowFact other) {
        int order = Long.compare(one.time, other.time);
        order = order != 0 ? order : Long.compare(one.flowStart, other.flowStart);
        order = order != 0 ? order : one.flowId.compareTo(other.flowId);
        order = order != 0 ? order : Integer.compare(one.kind.code, other.kind.code);
        return order != 0 ? order : Boolean.compare(one.isOut, other.isOut);
    }
}
