package io.parallax.model;

import java.util.Comparator;

/**
 * Something said on a link that tells who is there: by ARP (RFC 826), IPv6 neighbour discovery (RFC 4861) or a DHCP server
 * (RFC 2131). Told to who said it, and an answer also to whom it answers. Every copy that a sensor saw is a fact of its own.
 *
 * @param kind what was said
 * @param isSender told to the sender; else to the target, or of {@link Kind#DHCP_ANSWER} to the link
 * @param time when, nanoseconds since the epoch
 * @param realm routing domain in which the addresses are unique
 * @param vlan outermost VLAN identifier, or {@link #UNTAGGED}
 * @param mac source address of the frame, 48 bits
 * @param sender address that the sender has or claims, as text; of a {@link Kind#PROBE} the MAC address
 * @param target address that is asked for or answered, as text; of a solicitation the address it was sent to
 * @param number identifies the other one among the neighbours of the told one: the IPv4 address, of IPv6 the lower 24 bits,
 *     which are all that the address of a solicitation tells (RFC 4291, section 2.7.1)
 * @param isToAll sent to a broadcast or multicast MAC address: the sender does not know the target's
 * @param isForwarding this MAC address forwards packets of others: a router's
 */
public record NeighbourFact(
        Kind kind,
        boolean isSender,
        long time,
        String realm,
        int vlan,
        long mac,
        String sender,
        String target,
        int number,
        boolean isToAll,
        boolean isForwarding)
        implements Fact {

    /** {@link #vlan} of a frame without a tag. */
    public static final int UNTAGGED = -1;

    private static final Comparator<NeighbourFact> ORDER = Comparator.comparingLong(NeighbourFact::time)
            .thenComparing(NeighbourFact::kind)
            .thenComparing(NeighbourFact::sender)
            .thenComparing(NeighbourFact::target)
            .thenComparingLong(NeighbourFact::mac)
            .thenComparingInt(NeighbourFact::vlan)
            .thenComparing(NeighbourFact::isSender)
            .thenComparing(NeighbourFact::isToAll)
            .thenComparing(NeighbourFact::isForwarding);

    /** What can be said. */
    public enum Kind {
        /** ARP: who has the target? */
        REQUEST(0),
        /** ARP: does anybody have the target? The sender claims no address yet (RFC 5227). */
        PROBE(1),
        /** ARP: an answer. */
        REPLY(2),
        /** ARP about the sender itself, to all: gratuitous. */
        ANNOUNCEMENT(3),
        /** IPv6: who has the target? */
        SOLICITATION(4),
        /** IPv6: an answer, or unasked. */
        ADVERTISEMENT(5),
        /** IPv6: the sender is a router. */
        ROUTER_ADVERTISEMENT(6),
        /** A DHCP server, or a relay on its behalf, sent something to a client. */
        DHCP_ANSWER(7);

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

    /** Who is told: an address, or the link whose DHCP servers are watched. */
    @Override
    public String subject() {
        if (isSender) {
            return realm + ' ' + sender;
        }
        return kind == Kind.DHCP_ANSWER ? realm + " dhcp " + vlan : realm + ' ' + target;
    }

    /** Somebody is looked for. */
    public boolean isQuestion() {
        return kind == Kind.REQUEST || kind == Kind.PROBE || kind == Kind.SOLICITATION;
    }

    /** Somebody who was looked for says that he is there. */
    public boolean isAnswer() {
        return kind == Kind.REPLY || kind == Kind.ADVERTISEMENT;
    }

    /** The sender says of an address that it is its own. */
    public boolean isClaim() {
        return kind.code <= Kind.ADVERTISEMENT.code && kind != Kind.PROBE;
    }

    /** The same order in every run. */
    public static Comparator<NeighbourFact> order() {
        return ORDER;
    }
}
