package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Makes facts of connections, for both of their ends: steps of the attempt, and volumes by windows of a minute. Hosts are
 * numbers, those outside negative ones.
 */
final class BenignFlows {

    static final int HOUR = 3_600;

    private static final long SECOND = 1_000_000_000L;
    private static final int WINDOW = 60;
    private static final int HOSTS_A_NETWORK = 250;
    private static final int NTP = 123;

    /** How a server answers: {@link Kind#UNANSWERED}, {@link Kind#REFUSED}, or {@link Kind#ANSWERED}. */
    interface Answers {
        Kind of(int client, int server, int port, int hour, double second);
    }

    private final String realm;
    private final SplittableRandom random;
    private final Answers answers;
    private final List<FlowFact> facts = new ArrayList<>();
    private long flows;

    BenignFlows(String realm, SplittableRandom random, Answers answers) {
        this.realm = realm;
        this.random = random;
        this.answers = answers;
    }

    /** Tells everything up to the end of the hour; the rest belongs to connections that live on. */
    void tell(int hour, Consumer<FlowFact> out) {
        facts.sort(FlowFact.order());
        long end = Steps.BEGIN_NANOS + (hour + 1L) * HOUR * SECOND;
        int told = 0;
        while (told < facts.size() && facts.get(told).time() < end) {
            out.accept(facts.get(told++));
        }
        facts.subList(0, told).clear();
    }

    static String inside(int number) {
        return "10.1." + number / HOSTS_A_NETWORK + "." + (1 + number % HOSTS_A_NETWORK);
    }

    static int outside(int number) {
        return -1 - number;
    }

    private static String name(int host) {
        int number = -1 - host;
        return host >= 0
                ? inside(host)
                : "198.51." + number / HOSTS_A_NETWORK % HOSTS_A_NETWORK + "." + (1 + number % HOSTS_A_NETWORK);
    }

    void udp(int hour, double second, int client, int server, int port, long out, long in) {
        Ends ends = ends(hour, second, client, server, FlowFact.UDP, port);
        ends.step(Kind.OPENED, 0, facts);
        if (answers.of(client, server, port, hour, second) == Kind.UNANSWERED) {
            ends.step(Kind.UNANSWERED, SECOND, facts);
        } else {
            ends.step(Kind.ANSWERED, SECOND / 1_000, facts);
            ends.volume(1, out, 1, in, 0, facts);
        }
    }

    /** A connection whose octets are spread evenly over its duration, window by window. */
    void tcp(int hour, double second, int client, int server, int port, long out, long in, int seconds) {
        Ends ends = ends(hour, second, client, server, FlowFact.TCP, port);
        ends.step(Kind.OPENED, 0, facts);
        Kind answer = answers.of(client, server, port, hour, second);
        if (answer != Kind.ANSWERED) {
            ends.step(answer, answer == Kind.REFUSED ? SECOND / 1_000 : SECOND, facts);
            return;
        }
        ends.step(Kind.ANSWERED, SECOND / 1_000, facts);
        ends.step(Kind.ESTABLISHED, SECOND, facts);
        int windows = 1 + seconds / WINDOW;
        for (int window = 0; window < windows; window++) {
            ends.volume(
                    2 + out / windows / 1_000, out / windows, 2 + in / windows / 1_000, in / windows, window, facts);
        }
    }

    private Ends ends(int hour, double second, int client, int server, int protocol, int port) {
        long start = Steps.BEGIN_NANOS + (long) hour * HOUR * SECOND + (long) (second * SECOND);
        int source = protocol == FlowFact.UDP && port == NTP ? NTP : 32_768 + random.nextInt(28_000);
        return new Ends(realm, name(client), name(server), protocol, source, port, start, "f" + flows++);
    }

    /** A flow, to make facts of for both of its ends. */
    private record Ends(
            String realm,
            String client,
            String server,
            int protocol,
            int clientPort,
            int serverPort,
            long start,
            String id) {

        void step(Kind kind, long after, List<FlowFact> out) {
            out.add(fact(kind, true, start + after, 0, 0, 0, 0));
            out.add(fact(kind, false, start + after, 0, 0, 0, 0));
        }

        void volume(
                long packets, long octets, long reversePackets, long reverseOctets, int window, List<FlowFact> out) {
            long length = WINDOW * SECOND;
            long end = (Math.floorDiv(start, length) + 1 + window) * length;
            out.add(fact(Kind.VOLUME, true, end, packets, octets, reversePackets, reverseOctets));
            out.add(fact(Kind.VOLUME, false, end, packets, octets, reversePackets, reverseOctets));
        }

        private FlowFact fact(
                Kind kind,
                boolean isOut,
                long time,
                long packets,
                long octets,
                long reversePackets,
                long reverseOctets) {
            long payload = protocol == FlowFact.TCP ? Math.max(0, octets - 40 * packets) : 0;
            long reversePayload = protocol == FlowFact.TCP ? Math.max(0, reverseOctets - 40 * reversePackets) : 0;
            return new FlowFact(
                    kind,
                    isOut,
                    time,
                    realm,
                    client,
                    server,
                    client,
                    server,
                    protocol,
                    clientPort,
                    serverPort,
                    id,
                    start,
                    packets,
                    octets,
                    reversePackets,
                    reverseOctets,
                    payload,
                    reversePayload);
        }
    }
}
