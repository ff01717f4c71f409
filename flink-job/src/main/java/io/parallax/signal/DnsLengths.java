package io.parallax.signal;

/**
 * How much likelier what a client exchanged with a server of names in a window is for a tunnel than for look-ups; natural
 * logarithm. A naive product over what header lengths tell:
 *
 * <ul>
 *   <li>Mean length of a query. A header (12 octets, RFC 1035), a name of 15 to 35 characters, type and class, and EDNS with
 *       or without a cookie (RFC 6891, RFC 7873) make 50 octets, 14 a standard deviation between clients. A tunnel fills the
 *       name, of 255 octets at most. Three clients in a thousand are taken to ask for long names of any length all the time:
 *       block lists, caches of signatures.
 *   <li>Mean length of an answer: tunnels that carry data inward fill it. Half of them do.
 *   <li>One source port. A resolver takes another for each query (RFC 5452, section 9.2); 1.3 % do not (Deccio et al.,
 *       Behind closed doors, IMC 2020). Tools that tunnel keep one socket; those that use the system's resolver don't.
 *   <li>{@value #MANY_QUERIES} queries in a window or more, as one client in ten asks that is no resolver itself.
 * </ul>
 *
 * The shares of tunnels and the spreads are priors, not measurements: confidence is medium by construction.
 */
final class DnsLengths {

    private static final double QUERY_MEAN = 50;
    private static final double QUERY_DEVIATION = 14;
    private static final double TUNNEL_QUERY_MEAN = 150;
    private static final double TUNNEL_QUERY_DEVIATION = 60;
    private static final double LONG_NAMES_SHARE = 0.003;
    private static final double MOST_NAME_OCTETS = 255;
    private static final double ANSWER_MEAN = 100;
    private static final double ANSWER_DEVIATION = 40;
    private static final double TUNNEL_ANSWER_MEAN = 250;
    private static final double TUNNEL_ANSWER_DEVIATION = 150;

    /** Signed answers, and lists of records: of any length up to what EDNS allows by custom. */
    private static final double LONG_ANSWERS_SHARE = 0.2;

    private static final double MOST_ANSWER_OCTETS = 1232;
    private static final double ONE_PORT_SHARE = 0.013;
    private static final double TUNNEL_ONE_PORT_SHARE = 0.5;
    private static final long ONE_PORT_QUERIES = 20;
    static final long MANY_QUERIES = 100;
    private static final double MANY_SHARE = 0.1;
    private static final double TUNNEL_MANY_SHARE = 0.7;

    private DnsLengths() {}

    /** @param header octets of IP and UDP before the message */
    static double evidence(TunnelTraffic.Peer peer, int header) {
        return query(peer.meanOut() - header)
                + (peer.reversePackets * 2 > peer.packets ? answer(peer.meanIn() - header) : 0)
                + port(peer)
                + (peer.packets >= MANY_QUERIES ? Math.log(TUNNEL_MANY_SHARE / MANY_SHARE) : 0);
    }

    private static double query(double octets) {
        double benign = (1 - LONG_NAMES_SHARE) * density(octets, QUERY_MEAN, QUERY_DEVIATION)
                + LONG_NAMES_SHARE / MOST_NAME_OCTETS;
        return Math.log(density(octets, TUNNEL_QUERY_MEAN, TUNNEL_QUERY_DEVIATION) / benign);
    }

    private static double answer(double octets) {
        double benign = (1 - LONG_ANSWERS_SHARE) * density(octets, ANSWER_MEAN, ANSWER_DEVIATION)
                + LONG_ANSWERS_SHARE / MOST_ANSWER_OCTETS;
        return Math.log(0.5 + 0.5 * density(octets, TUNNEL_ANSWER_MEAN, TUNNEL_ANSWER_DEVIATION) / benign);
    }

    private static double port(TunnelTraffic.Peer peer) {
        boolean isOne = peer.mostOfFlow >= ONE_PORT_QUERIES && peer.mostOfFlow * 2 > peer.packets;
        return isOne
                ? Math.log(TUNNEL_ONE_PORT_SHARE / ONE_PORT_SHARE)
                : Math.log((1 - TUNNEL_ONE_PORT_SHARE) / (1 - ONE_PORT_SHARE));
    }

    private static double density(double value, double mean, double deviation) {
        double z = (value - mean) / deviation;
        return Math.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI));
    }
}
