package io.parallax.signal;

import io.parallax.model.FlowFact;

/** Volumes of windows made by hand, as {@link Steps}: to both ends. */
final class Volumes {

    private Volumes() {}

    /** Of a TCP flow that began a minute before the end of its window; to the end that is told. */
    static FlowFact tcp(boolean isOut, long millis, String source, String destination, int port, long out, long in) {
        return of(
                isOut,
                millis,
                source,
                destination,
                FlowFact.TCP,
                40_000,
                port,
                out / 1_400 + 1,
                out,
                in / 1_400 + 1,
                in);
    }

    static FlowFact of(
            boolean isOut,
            long millis,
            String source,
            String destination,
            int protocol,
            int sourcePort,
            int destinationPort,
            long packets,
            long octets,
            long reversePackets,
            long reverseOctets) {
        return new FlowFact(
                FlowFact.Kind.VOLUME,
                isOut,
                Steps.at(millis),
                Steps.REALM,
                source,
                destination,
                source,
                destination,
                protocol,
                sourcePort,
                destinationPort,
                source + ":" + sourcePort + ">" + destination + ":" + destinationPort,
                Steps.at(millis - 60_000),
                packets,
                octets,
                reversePackets,
                reverseOctets,
                octets,
                reverseOctets);
    }
}
