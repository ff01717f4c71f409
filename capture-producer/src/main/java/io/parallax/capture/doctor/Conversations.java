package io.parallax.capture.doctor;

import io.parallax.wire.PacketHeader;
import java.util.HashMap;
import java.util.Map;

/** Which directions of TCP connections were seen. Others are left out: syslog or a video stream is never answered. */
final class Conversations {

    /** Enough for a verdict; more would only cost memory. */
    private static final int MOST = 100_000;

    /** A SYN that nobody answers comes up to three times within the first few seconds. */
    private static final int ENOUGH_PACKETS = 4;

    private static final int TCP = 6;

    private final Map<Ends, Seen> conversations = new HashMap<>();

    void add(PacketHeader header) {
        if (!header.isIp() || header.protocol != TCP || header.has(PacketHeader.STATUS_PORTS_UNKNOWN)) {
            return;
        }
        boolean isForward = isForward(header);
        Ends ends = Ends.of(header, isForward);
        Seen seen = conversations.get(ends);
        if (seen == null) {
            if (conversations.size() == MOST) {
                return;
            }
            seen = new Seen();
            conversations.put(ends, seen);
        }
        seen.forward += isForward ? 1 : 0;
        seen.backward += isForward ? 0 : 1;
    }

    /** Connections with enough packets to judge. */
    long judged() {
        return conversations.values().stream()
                .filter(seen -> seen.forward + seen.backward >= ENOUGH_PACKETS)
                .count();
    }

    /** Of these, those seen both ways. */
    long bothWays() {
        return conversations.values().stream()
                .filter(seen -> seen.forward + seen.backward >= ENOUGH_PACKETS)
                .filter(seen -> seen.forward > 0 && seen.backward > 0)
                .count();
    }

    private static boolean isForward(PacketHeader header) {
        int order = Long.compareUnsigned(header.sourceHigh, header.destinationHigh);
        if (order == 0) {
            order = Long.compareUnsigned(header.sourceLow, header.destinationLow);
        }
        return order == 0 ? header.sourcePort <= header.destinationPort : order < 0;
    }

    private static final class Seen {
        private long forward;
        private long backward;
    }

    private record Ends(int family, long aHigh, long aLow, int aPort, long bHigh, long bLow, int bPort) {

        static Ends of(PacketHeader header, boolean isForward) {
            return isForward
                    ? new Ends(
                            header.family,
                            header.sourceHigh,
                            header.sourceLow,
                            header.sourcePort,
                            header.destinationHigh,
                            header.destinationLow,
                            header.destinationPort)
                    : new Ends(
                            header.family,
                            header.destinationHigh,
                            header.destinationLow,
                            header.destinationPort,
                            header.sourceHigh,
                            header.sourceLow,
                            header.sourcePort);
        }
    }
}
