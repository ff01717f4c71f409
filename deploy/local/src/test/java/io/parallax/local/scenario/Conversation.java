package io.parallax.local.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What two hosts really sent each other, packet by packet, as it left the sender's network card: the truth of a scenario.
 *
 * @param protocol 6 or 17
 * @param packets in the order of time
 */
public record Conversation(int protocol, List<Sent> packets) {

    public static final int TCP = 6;
    public static final int UDP = 17;

    static final int FIN = 1;
    static final int SYN = 2;
    static final int PSH = 8;
    static final int ACK = 16;

    static final int OCTETS_BEFORE_TCP = 40;
    static final int OCTETS_BEFORE_UDP = 28;
    private static final int MSS = 1_448;
    private static final long MILLI = 1_000_000;

    /** How long the network takes a packet to the receiver's host; also what lies between two packets of a burst is less. */
    static final long WAY_NANOS = 300_000;

    /**
     * One packet.
     *
     * @param timeNanos when it left the sender
     * @param isReverse true if the server sent it
     * @param payload transport octets
     * @param isLost true if it got lost before the receiver's host
     */
    public record Sent(
            long timeNanos,
            boolean isReverse,
            int sequence,
            int acknowledgment,
            int bits,
            int payload,
            boolean isLost) {

        int octetsIp(int protocol) {
            return payload + (protocol == TCP ? OCTETS_BEFORE_TCP : OCTETS_BEFORE_UDP);
        }

        Sent merged(Sent next) {
            return new Sent(
                    timeNanos,
                    isReverse,
                    sequence,
                    next.acknowledgment,
                    bits | next.bits,
                    payload + next.payload,
                    isLost);
        }
    }

    /** Octets of payload that one side sent, each once, however often it had to send them. */
    public long uniqueOctets(boolean isReverse) {
        long last = 0;
        long unique = 0;
        int start = packets.stream()
                .filter(sent -> sent.isReverse == isReverse)
                .findFirst()
                .orElseThrow()
                .sequence;
        for (Sent sent : packets) {
            if (sent.isReverse == isReverse && sent.payload > 0) {
                // Distance from the first sequence number, serial (RFC 1982): a transfer is shorter than 2^31 octets.
                int distance = sent.sequence - start;
                long end = (long) distance + sent.payload;
                unique += Math.max(0, Math.min(sent.payload, end - last));
                last = Math.max(last, end);
            }
        }
        return unique;
    }

    public long packets(boolean isReverse) {
        return packets.stream().filter(sent -> sent.isReverse == isReverse).count();
    }

    public long firstNanos() {
        return packets.get(0).timeNanos;
    }

    public long lastNanos() {
        return packets.get(packets.size() - 1).timeNanos;
    }

    /**
     * A TCP connection: handshake, requests and answers in bursts, close.
     *
     * @param lossShare share of the server's segments that get lost on the way and are sent again after 200 ms
     */
    public static Conversation tcp(Random random, long startNanos, int bursts, double lossShare) {
        return new Connection(random, startNanos, lossShare).run(bursts);
    }

    /** A stream of datagrams in one direction with an answer now and then; their contents are all alike. */
    public static Conversation udp(Random random, long startNanos, int datagrams) {
        List<Sent> packets = new ArrayList<>();
        long time = startNanos;
        for (int i = 0; i < datagrams; i++) {
            time += 20 * MILLI;
            packets.add(new Sent(time, false, 0, 0, 0, 160, false));
            if (random.nextInt(10) == 0) {
                packets.add(new Sent(time + MILLI, true, 0, 0, 0, 40, false));
            }
        }
        return new Conversation(UDP, List.copyOf(packets));
    }

    /** Both ends of a connection, as far as needed to send plausible numbers. */
    private static final class Connection {
        private final Random random;
        private final double lossShare;
        private final List<Sent> packets = new ArrayList<>();
        private long time;
        private final int[] next = new int[2];

        Connection(Random random, long startNanos, double lossShare) {
            this.random = random;
            this.time = startNanos;
            this.lossShare = lossShare;
            next[0] = random.nextInt();
            // Wraps within the first burst.
            next[1] = -5 * MSS;
        }

        Conversation run(int bursts) {
            send(false, SYN, 0, false);
            later(MILLI);
            send(true, SYN | ACK, 0, false);
            later(MILLI);
            send(false, ACK, 0, false);
            for (int i = 0; i < bursts; i++) {
                later(MILLI * (50 + random.nextInt(900)));
                send(false, ACK | PSH, 1 + random.nextInt(MSS), false);
                later(2 * MILLI);
                answer(2 + random.nextInt(60));
            }
            later(10 * MILLI);
            send(false, FIN | ACK, 0, false);
            later(MILLI);
            send(true, FIN | ACK, 0, false);
            later(MILLI);
            send(false, ACK, 0, false);
            return new Conversation(TCP, List.copyOf(packets));
        }

        private void answer(int segments) {
            List<Sent> lost = new ArrayList<>();
            for (int i = 0; i < segments; i++) {
                later(20_000);
                boolean isLost = random.nextDouble() < lossShare;
                send(
                        true,
                        ACK | (i + 1 == segments ? PSH : 0),
                        i + 1 == segments ? 1 + random.nextInt(MSS) : MSS,
                        isLost);
                if (isLost) {
                    lost.add(packets.get(packets.size() - 1));
                }
            }
            for (Sent segment : lost) {
                later(200 * MILLI);
                packets.add(new Sent(
                        time, true, segment.sequence, segment.acknowledgment, segment.bits, segment.payload, false));
            }
            later(2 * MILLI);
            send(false, ACK, 0, false);
        }

        private void later(long nanos) {
            time += nanos;
        }

        private void send(boolean isReverse, int bits, int payload, boolean isLost) {
            int from = isReverse ? 1 : 0;
            packets.add(new Sent(
                    time, isReverse, next[from], (bits & ACK) == 0 ? 0 : next[1 - from], bits, payload, isLost));
            next[from] += payload + ((bits & (SYN | FIN)) != 0 ? 1 : 0);
        }
    }
}
