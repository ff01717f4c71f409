package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.util.ArrayList;
import java.util.List;

/** Attempts made by hand, with all the facts that the flow table would tell of them. Times as in {@link Steps}. */
final class Attempt {

    static final long PATIENCE_MILLIS = 1_000;
    private static final long WINDOW_MILLIS = 60_000;

    private Attempt() {}

    /** Facts of an attempt that ends so, as told to its source. */
    static List<FlowFact> tcp(Kind end, long millis, String source, String destination, int port) {
        List<FlowFact> facts = new ArrayList<>();
        facts.add(fact(Kind.OPENED, millis, 0, source, destination, FlowFact.TCP, port));
        if (end == Kind.ESTABLISHED || end == Kind.HALF_OPEN) {
            facts.add(fact(Kind.ANSWERED, millis, 1, source, destination, FlowFact.TCP, port));
        }
        long delay = end == Kind.REFUSED ? 1 : PATIENCE_MILLIS;
        facts.add(fact(end, millis, delay, source, destination, FlowFact.TCP, port));
        return facts;
    }

    static FlowFact udp(Kind end, long millis, String source, String destination, int port) {
        long delay = end == Kind.ANSWERED ? 1 : PATIENCE_MILLIS;
        return fact(end, millis, delay, source, destination, FlowFact.UDP, port);
    }

    static FlowFact ping(Kind end, long millis, String source, String destination) {
        long delay = end == Kind.ANSWERED ? 1 : PATIENCE_MILLIS;
        FlowFact fact = fact(end, millis, delay, source, destination, FlowFact.ICMP, 0);
        return with(fact, 8, 0, 0, 0);
    }

    /** The row of a connection nobody was seen to answer, at the end of its window. */
    static FlowFact oneSided(long millis, String source, String destination, int port, long packets, long payload) {
        long delay = WINDOW_MILLIS - millis % WINDOW_MILLIS;
        FlowFact fact = fact(Kind.VOLUME, millis, delay, source, destination, FlowFact.TCP, port);
        return with(fact, 40_000, packets, 40 * packets + payload, payload);
    }

    static FlowFact fact(
            Kind kind, long millis, long delay, String source, String destination, int protocol, int port) {
        FlowFact fact = Steps.step(kind, true, millis + delay, source, destination, protocol, port);
        return new FlowFact(
                fact.kind(),
                fact.isOut(),
                fact.time(),
                fact.realm(),
                source,
                destination,
                source,
                destination,
                protocol,
                fact.sourcePort(),
                port,
                fact.flowId(),
                Steps.at(millis),
                0,
                0,
                0,
                0,
                0,
                0);
    }

    private static FlowFact with(FlowFact fact, int sourcePort, long packets, long octets, long payload) {
        return new FlowFact(
                fact.kind(),
                fact.isOut(),
                fact.time(),
                fact.realm(),
                fact.source(),
                fact.destination(),
                fact.sourceName(),
                fact.destinationName(),
                fact.protocol(),
                sourcePort,
                fact.destinationPort(),
                fact.flowId(),
                fact.flowStart(),
                packets,
                octets,
                0,
                0,
                payload,
                0);
    }
}
