package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Data carried in the names of look-ups, or in the payload of pings, told from lengths and numbers of packets only. */
public final class TunnelDetector implements Detector<FlowFact, TunnelTraffic> {

    static final String EXFILTRATION = "T1048.003";
    static final String DNS_TUNNEL = "T1071.004";
    static final String ICMP_TUNNEL = "T1095";

    static final Parameter LEAST_EVIDENCE = new Parameter(
            "least_evidence", Math.log(100), 0, 100, "a hundred times likelier for a tunnel, see DnsLengths");
    static final Parameter LEAST_QUERIES = new Parameter(
            "least_queries", 20, 2, 1e6, "in a window: so many that one page or one mail does not make them");
    static final Parameter LEAST_DIFFERENCE = new Parameter(
            "least_echo_difference_octets",
            8,
            1,
            65_535,
            "mean length of requests and of replies, which are equal in echo (RFC 792): a whole word of margin");
    static final Parameter LEAST_LARGE_ECHOES = new Parameter(
            "least_large_echoes",
            120,
            2,
            1e6,
            "in a window of a minute: twice what ping(8) sends at its interval of a second");
    static final Parameter LARGE_ECHO = new Parameter(
            "large_echo_octets",
            256,
            28,
            65_535,
            "mean length of requests: three times the 84 octets of ping(8); not the payload of 800 of Snort's rule 499,"
                    + " which a tunnel of our lab stays below");

    static final Profile PROFILE = new Profile(
            "tunnel",
            "data in look-ups or pings",
            List.of(EXFILTRATION, DNS_TUNNEL, ICMP_TUNNEL),
            "DNS over UDP: likelihood ratio of a tunnel against look-ups from the mean lengths of queries and answers of a"
                    + " window, one source port for all (RFC 5452), and many queries. Answers that add less than half of the"
                    + " query are exfiltration. ICMP: echo replies return what was sent (RFC 792), so lengths that differ"
                    + " although all is answered, or replies that nobody asked for, carry something else. Many large requests"
                    + " that come back as they were are told as low: a tunnel through the peer's kernel, or a test of the path.",
            "Header lengths only: names are not read. A client that asks for long names all the time looks the same; a"
                    + " resolver that passes a tunnel on is told besides its client unless it has role dns. Not decidable: names"
                    + " of usual length at a usual rate, few or small echo requests that the peer's kernel returns as they are,"
                    + " DNS over TLS or HTTPS. DNS over TCP is left to the detector of uploads.",
            "A prior of 3 in 1000 pairs of client and server that ask for long names, each told once; not measured on a"
                    + " network's own look-ups. A test of a path with many large pings is told once, as low, but for hosts"
                    + " of role monitoring.",
            TimeUnit.MINUTES.toNanos(10),
            512,
            List.of(LEAST_EVIDENCE, LEAST_QUERIES, LEAST_DIFFERENCE, LEAST_LARGE_ECHOES, LARGE_ECHO));

    private static final int DNS_PORT = 53;
    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REQUEST_V6 = 128;
    private static final int UDP_IPV4_OCTETS = 28;
    private static final int UDP_IPV6_OCTETS = 48;

    /** What answers add to the question they repeat, as a share of it, when they carry data inward. */
    private static final double INWARD_SHARE = 0.5;

    /** Loss that is still called "all is answered". */
    private static final double MOST_LOSS = 0.1;

    /** More replies than requests by this, although each request has one. */
    private static final double UNASKED = 1.5;

    /** Lengths of echo differ where large packets are lost alone or cut short: one pair in a thousand, a prior. */
    private static final double ECHO_EVIDENCE = Math.log(1000);

    /** So many large pings are fifty times likelier where something is carried than where a host just pings: a prior. */
    private static final double LARGE_ECHO_EVIDENCE = Math.log(50);

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(FlowFact fact) {
        return fact.kind() == FlowFact.Kind.VOLUME && fact.isOut() && (isDns(fact) || isEcho(fact));
    }

    private static boolean isDns(FlowFact fact) {
        return fact.protocol() == FlowFact.UDP && fact.destinationPort() == DNS_PORT;
    }

    private static boolean isEcho(FlowFact fact) {
        return (fact.protocol() == FlowFact.ICMP && fact.sourcePort() == ECHO_REQUEST)
                || (fact.protocol() == FlowFact.ICMPV6 && fact.sourcePort() == ECHO_REQUEST_V6);
    }

    @Override
    public TunnelTraffic begin() {
        return new TunnelTraffic();
    }

    @Override
    public TunnelTraffic read(DataInput in) throws IOException {
        return TunnelTraffic.readFrom(in);
    }

    /** What a revision changes of a window that is over is left out. */
    @Override
    public void observe(FlowFact fact, TunnelTraffic memory, Tuning tuning, Findings findings) {
        boolean isDns = isDns(fact);
        long host = TransferPorts.hash(fact.destination());
        TunnelTraffic.Peer peer = memory.peer(host, isDns, fact.time(), fact.flowStart());
        if (fact.time() < peer.window) {
            return;
        }
        peer.packets += fact.packets();
        peer.octets += fact.octets();
        peer.reversePackets += fact.reversePackets();
        peer.reverseOctets += fact.reverseOctets();
        peer.mostOfFlow = Math.max(peer.mostOfFlow, fact.packets());
        if (peer.packets < tuning.get(PROFILE, LEAST_QUERIES)) {
            return;
        }
        if (isDns) {
            judgeDns(fact, peer, tuning, findings);
        } else {
            judgeEcho(fact, peer, tuning, findings);
        }
    }

    @Override
    public void elapse(String subject, long time, TunnelTraffic memory, Tuning tuning, Findings findings) {
        // nothing waits for its time
    }

    private static void judgeDns(FlowFact fact, TunnelTraffic.Peer peer, Tuning tuning, Findings findings) {
        if (tuning.is(fact.hostName(), Tuning.DNS)) {
            return;
        }
        int header = fact.source().indexOf(':') >= 0 ? UDP_IPV6_OCTETS : UDP_IPV4_OCTETS;
        double evidence = DnsLengths.evidence(peer, header);
        if (evidence < tuning.get(PROFILE, LEAST_EVIDENCE)) {
            return;
        }
        double query = peer.meanOut() - header;
        boolean isInward = peer.meanIn() - peer.meanOut() > INWARD_SHARE * query;
        findings.report(finding(
                fact,
                peer,
                isInward ? DNS_TUNNEL : EXFILTRATION,
                tuning.get(PROFILE, LEAST_QUERIES),
                evidence,
                "%s sent %d queries to %s in a window, of %.0f octets on average, at most %d from one port, and was answered with %.0f."
                        .formatted(
                                fact.hostName(),
                                peer.packets,
                                fact.destinationName(),
                                query,
                                peer.mostOfFlow,
                                peer.meanIn() - header)));
    }

    private static void judgeEcho(FlowFact fact, TunnelTraffic.Peer peer, Tuning tuning, Findings findings) {
        double difference = Math.abs(peer.meanOut() - peer.meanIn());
        boolean isAnswered = peer.reversePackets >= (1 - MOST_LOSS) * peer.packets;
        boolean isUnasked = peer.reversePackets >= UNASKED * peer.packets;
        boolean isOther = difference >= tuning.get(PROFILE, LEAST_DIFFERENCE) || isUnasked;
        if (!isAnswered || (!isOther && !isLarge(fact, peer, tuning))) {
            return;
        }
        findings.report(finding(
                fact,
                peer,
                ICMP_TUNNEL,
                tuning.get(PROFILE, isOther ? LEAST_QUERIES : LEAST_LARGE_ECHOES),
                isOther ? ECHO_EVIDENCE : LARGE_ECHO_EVIDENCE,
                "%s sent %d echo requests to %s in a window, of %.0f octets on average, and got %d replies of %.0f."
                        .formatted(
                                fact.hostName(),
                                peer.packets,
                                fact.destinationName(),
                                peer.meanOut(),
                                peer.reversePackets,
                                peer.meanIn())));
    }

    private static boolean isLarge(FlowFact fact, TunnelTraffic.Peer peer, Tuning tuning) {
        return peer.packets >= tuning.get(PROFILE, LEAST_LARGE_ECHOES)
                && peer.meanOut() >= tuning.get(PROFILE, LARGE_ECHO)
                && !tuning.is(fact.hostName(), Tuning.MONITORING);
    }

    private static Finding finding(
            FlowFact fact,
            TunnelTraffic.Peer peer,
            String technique,
            double threshold,
            double evidence,
            String sentence) {
        peer.since = peer.since == 0 ? Math.max(peer.first, fact.time() - TunnelTraffic.KEPT_NANOS) : peer.since;
        Map<String, Double> baseline = new TreeMap<>();
        baseline.put("octets_in", (double) peer.reverseOctets);
        baseline.put("octets_out", (double) peer.octets);
        baseline.put("packets_in", (double) peer.reversePackets);
        baseline.put("packets_out", (double) peer.packets);
        return new Finding(
                (peer.isDns ? "dns " : "icmp ") + fact.destination(),
                fact.realm(),
                fact.hostName(),
                fact.destinationName(),
                technique,
                peer.since,
                fact.time(),
                (double) peer.packets,
                threshold,
                evidence,
                evidence <= LARGE_ECHO_EVIDENCE ? Severity.LOW : Severity.MEDIUM,
                baseline,
                List.of(fact.flowId()),
                sentence);
    }
}
