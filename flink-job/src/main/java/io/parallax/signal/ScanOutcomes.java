package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.util.concurrent.TimeUnit;

/** What a fact says of an attempt to reach an endpoint. */
final class ScanOutcomes {

    /** SYN and its retransmissions: as many as Linux sends (tcp_syn_retries = 6). */
    private static final int MOST_SYNS = 7;

    /** SYN, acknowledgement, data: fewer can't be a connection that carries something. */
    private static final int LEAST_OF_CONNECTION = 3;

    /** Longest window of rows: an attempt that began in it is young. */
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int ECHO = 8;
    private static final int TIMESTAMP = 13;
    private static final int ADDRESS_MASK = 17;
    private static final int ECHO_V6 = 128;

    /** Ports of traceroute's probes, which are not meant to be answered (traceroute(8); registered 33434). */
    private static final int FIRST_TRACEROUTE_PORT = 33_434;

    private static final int LAST_TRACEROUTE_PORT = 33_534;

    private ScanOutcomes() {}

    /** An attempt at one host that could be answered: no ICMP error, neighbour discovery, traceroute, group or broadcast. */
    static boolean isAttempt(FlowFact fact) {
        return switch (fact.protocol()) {
            case FlowFact.TCP -> true;
            case FlowFact.UDP -> !isTraceroute(fact.destinationPort()) && !isGroup(fact.destination());
            case FlowFact.ICMP -> isRequest(fact.sourcePort()) && !isGroup(fact.destination());
            case FlowFact.ICMPV6 -> fact.sourcePort() == ECHO_V6 && !isGroup(fact.destination());
            default -> false;
        };
    }

    private static boolean isRequest(int type) {
        return type == ECHO || type == TIMESTAMP || type == ADDRESS_MASK;
    }

    private static boolean isTraceroute(int port) {
        return port >= FIRST_TRACEROUTE_PORT && port <= LAST_TRACEROUTE_PORT;
    }

    /** 224/4 and 255.255.255.255; what ends in .255, a subnet's broadcast more often than a host; ff00::/8. */
    private static boolean isGroup(String address) {
        if (address.startsWith("ff") || address.endsWith(".255")) {
            return true;
        }
        boolean mayBe = address.length() > 3 && address.charAt(0) == '2' && address.charAt(3) == '.';
        return mayBe && address.compareTo("224") >= 0 && address.compareTo("240") < 0;
    }

    static boolean isAnswer(FlowFact fact) {
        return fact.kind() == Kind.ANSWERED || fact.kind() == Kind.ESTABLISHED;
    }

    static boolean isSilent(FlowFact fact) {
        return fact.kind() != Kind.REFUSED && fact.kind() != Kind.HALF_OPEN;
    }

    /** TCP that nobody was seen to answer. */
    static boolean isOneSided(FlowFact fact) {
        return fact.kind() == Kind.VOLUME
                && fact.protocol() == FlowFact.TCP
                && fact.reversePackets() == 0
                && fact.packets() > 0;
    }

    /** It carried data, so it was answered: the sensor saw one side only. */
    static boolean isBlind(FlowFact oneSided) {
        return oneSided.packets() >= LEAST_OF_CONNECTION && oneSided.transportOctets() > 0;
    }

    /** It carried nothing, so nobody answered, whatever the sensor could have seen. */
    static boolean isVain(FlowFact oneSided) {
        long age = oneSided.time() - oneSided.flowStart();
        return oneSided.transportOctets() == 0
                && oneSided.packets() <= MOST_SYNS
                && age >= PATIENCE_NANOS
                && age <= WINDOW_NANOS;
    }
}
