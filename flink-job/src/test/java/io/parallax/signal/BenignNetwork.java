package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What detectors hear in a data centre where nobody does harm: applications in tiers with pools of connections, name and time
 * service, monitoring, nightly backups, configuration management over SSH, administrators who mistype, desktops, hourly jobs,
 * hosts that reboot, services that fail, one crowd. Everything follows from the seed; facts come hour by hour, in the order of
 * time.
 *
 * <p>Rates are assumptions of ours, chosen to hold what is known to disturb detectors rather than to be typical.
 */
public final class BenignNetwork {

    private static final long SECOND = 1_000_000_000L;
    private static final int HOUR = 3_600;
    private static final int WINDOW = 60;

    private static final int DNS = 0;
    private static final int MONITOR = 2;
    private static final int BACKUP = 3;
    private static final int LOGS = 4;
    private static final int BASTION = 5;
    private static final int MANAGEMENT = 7;
    private static final int FILES = 8;
    private static final int FIRST_OTHER = 10;

    private final String realm;
    private final int hosts;
    private final SplittableRandom random;
    private final Random gaussian;
    private final List<FlowFact> facts = new ArrayList<>();
    private final int[] nightly;
    private final int[] rebootHour;
    private long flows;

    /** @param hosts at least 30 */
    public BenignNetwork(int hosts, int days, long seed) {
        this(hosts, days, seed, Steps.REALM);
    }

    /** @param realm in which the addresses are unique: networks of different realms have no host in common */
    public BenignNetwork(int hosts, int days, long seed, String realm) {
        this.realm = realm;
        this.hosts = hosts;
        this.random = new SplittableRandom(seed);
        this.gaussian = new Random(seed);
        this.nightly = new int[hosts];
        this.rebootHour = new int[hosts];
        for (int host = 0; host < hosts; host++) {
            nightly[host] = random.nextInt(5 * HOUR);
            rebootHour[host] = random.nextInt(Math.max(1, days * 24));
        }
    }

    /** Facts of one hour since the beginning; hours are to be asked for one after the other. */
    public void hour(int hour, Consumer<FlowFact> out) {
        for (int host = 0; host < hosts; host++) {
            common(hour, host);
            if (host >= FIRST_OTHER) {
                role(hour, host);
            }
        }
        monitoring(hour);
        administration(hour);
        facts.sort(FlowFact.order());
        long end = Steps.BEGIN_NANOS + (hour + 1L) * HOUR * SECOND;
        int told = 0;
        while (told < facts.size() && facts.get(told).time() < end) {
            out.accept(facts.get(told++));
        }
        facts.subList(0, told).clear(); // what is left belongs to connections that live on
    }

    public static String host(int number) {
        return "10.1." + number / 250 + "." + (1 + number % 250);
    }

    /** What every host does. */
    private void common(int hour, int host) {
        for (int second = host % 512; second < HOUR; second += 512) {
            udp(hour, second + random.nextDouble(), host, DNS + host % 2, 123, 76, 76);
        }
        for (double second = next(20); second < HOUR; second += next(20)) {
            udp(hour, second, host, DNS + random.nextInt(2), 53, 70, 160);
        }
        tcp(hour, random.nextInt(HOUR), host, LOGS, 6_514, lognormal(50_000, 1), 5_000, HOUR / 2);
        if (nightly[host] / HOUR == hour % 24 && host != BACKUP) {
            long octets = lognormal(2e9, 0.7);
            tcp(hour, nightly[host] % HOUR, host, BACKUP, 13_724, octets, octets / 50, 1_200);
        }
        if (hour % 24 == 6 + host % 12) {
            tcp(hour, random.nextInt(HOUR), host, external(7), 443, 20_000, lognormal(5e7, 1), 120);
        }
    }

    private void role(int hour, int host) {
        if (isDown(host, hour)) {
            return;
        }
        switch (host % 5) {
            case 0 -> web(hour, host);
            case 1 -> application(hour, host);
            case 2 -> desktop(hour, host);
            case 3 -> job(hour, host);
            default -> batch(hour, host);
        }
    }

    private void web(int hour, int host) {
        boolean isCrowd = hour % (10 * 24) == 62 && host % 10 == 0;
        double rate = 30 * activity(hour) * (isCrowd ? 20 : 1);
        for (double second = next(rate); second < HOUR; second += next(rate)) {
            tcp(
                    hour,
                    second,
                    external(random.nextInt(5_000)),
                    host,
                    443,
                    lognormal(1_500, 0.7),
                    lognormal(40_000, 1.2),
                    5);
            tcp(hour, second + 0.01, host, application(host), 8_080, lognormal(2_000, 0.5), lognormal(20_000, 1), 2);
        }
    }

    /** A pool of five connections an hour, and single ones to a cache. */
    private void application(int hour, int host) {
        double start = random.nextInt(HOUR - 100);
        for (int connection = 0; connection < 5; connection++) {
            tcp(
                    hour,
                    start + random.nextDouble(),
                    host,
                    database(host),
                    5_432,
                    lognormal(3e5, 1),
                    lognormal(5e6, 1),
                    1_500);
        }
        double rate = 40 * activity(hour);
        for (double second = next(rate); second < HOUR; second += next(rate)) {
            tcp(hour, second, host, database(host + 5), 6_379, lognormal(800, 0.5), lognormal(5_000, 1), 1);
        }
    }

    private void desktop(int hour, int host) {
        if (hour % 24 < 7 || hour % 24 > 18) {
            return;
        }
        for (double second = next(8); second < HOUR; second += next(8)) {
            int site = zipf(2_000);
            for (int object = 1 + (int) lognormal(5, 0.8); object > 0; object--) {
                double at = second + random.nextDouble() * 20;
                tcp(hour, at, host, external(10_000 + site), 443, lognormal(2_500, 0.8), lognormal(60_000, 1.5), 10);
            }
        }
        for (double second = next(3); second < HOUR; second += next(3)) {
            tcp(hour, second, host, FILES, 445, lognormal(1e5, 1.5), lognormal(4e5, 1.5), 60);
        }
    }

    /** At a fixed minute of each hour. */
    private void job(int hour, int host) {
        double at = (host * 37 % 60) * 60 + 2 * random.nextDouble();
        tcp(hour, at, host, database(host), 5_432, lognormal(20_000, 0.5), lognormal(3e7, 0.8), 90);
        tcp(hour, at + 100, host, FILES, 2_049, lognormal(2e7, 0.8), 500_000, 60);
    }

    private void batch(int hour, int host) {
        for (double second = next(6); second < HOUR; second += next(6)) {
            int peer = FIRST_OTHER + random.nextInt(hosts - FIRST_OTHER);
            tcp(hour, second, host, peer == host ? FILES : peer, 9_092, lognormal(3e5, 1.2), lognormal(3e5, 1.2), 30);
        }
    }

    private void monitoring(int hour) {
        for (int host = 0; host < hosts; host++) {
            for (int second = 3 * host % 300; second < HOUR; second += 300) {
                tcp(hour, second + 0.2 * random.nextDouble(), MONITOR, host, 9_100, 600, 20_000, 1);
            }
        }
    }

    /** Configuration management logs in everywhere at three in the morning, administrators by day. */
    private void administration(int hour) {
        if (hour % 24 == 3) {
            for (int host = 0; host < hosts; host++) {
                tcp(hour, 5 * host + random.nextDouble(), MANAGEMENT, host, 22, 20_000, 30_000, 8);
            }
        }
        if (hour % 24 < 8 || hour % 24 > 17) {
            return;
        }
        for (int bastion = BASTION; bastion < MANAGEMENT; bastion++) {
            for (double second = next(4); second < HOUR; second += next(4)) {
                int host = FIRST_OTHER + zipf(hosts - FIRST_OTHER);
                for (int typo = random.nextInt(10) == 0 ? 2 : 0; typo > 0; typo--) {
                    tcp(hour, second - 10 * typo, bastion, host, 22, 3_000, 4_000, 6);
                }
                tcp(hour, second, bastion, host, 22, lognormal(60_000, 1), lognormal(2e5, 1), 600);
            }
        }
    }

    private int application(int web) {
        return FIRST_OTHER + 1 + 5 * (web % Math.max(1, (hosts - FIRST_OTHER) / 5));
    }

    private static int database(int client) {
        return FIRST_OTHER + 4 + 5 * (client % 2);
    }

    private static int external(int number) {
        return -1 - number;
    }

    /** Ten minutes of a reboot, in one hour of all. */
    private boolean isDown(int host, int hour) {
        return host >= FIRST_OTHER && hour == rebootHour[host];
    }

    private static double activity(int hour) {
        return 0.3 + Math.max(0, Math.sin((hour % 24 - 6) * Math.PI / 14));
    }

    private double next(double perHour) {
        return -Math.log(1 - random.nextDouble()) * HOUR / perHour;
    }

    private long lognormal(double median, double sigma) {
        return (long) (median * Math.exp(sigma * gaussian.nextGaussian()));
    }

    private int zipf(int most) {
        return (int) Math.min(most - 1, Math.floor(Math.exp(random.nextDouble() * Math.log(most))) - 1);
    }

    private void udp(int hour, double second, int client, int server, int port, long out, long in) {
        Ends ends = ends(hour, second, client, server, FlowFact.UDP, port);
        ends.step(Kind.OPENED, 0, facts);
        if (isUnheard(server, hour, second)) {
            ends.step(Kind.UNANSWERED, SECOND, facts);
        } else {
            ends.step(Kind.ANSWERED, SECOND / 1_000, facts);
            ends.volume(1, out, 1, in, 0, facts);
        }
    }

    /** A connection whose octets are spread evenly over its duration, window by window. */
    private void tcp(int hour, double second, int client, int server, int port, long out, long in, int seconds) {
        Ends ends = ends(hour, second, client, server, FlowFact.TCP, port);
        ends.step(Kind.OPENED, 0, facts);
        if (isUnheard(server, hour, second)) {
            ends.step(Kind.UNANSWERED, SECOND, facts);
            return;
        }
        if (isRefused(server, port, hour)) {
            ends.step(Kind.REFUSED, SECOND / 1_000, facts);
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

    private boolean isUnheard(int server, int hour, double second) {
        return server >= 0 && isDown(server, hour) && second % HOUR < 600;
    }

    /** A database that was stopped for an hour, once. */
    private static boolean isRefused(int server, int port, int hour) {
        return port == 6_379 && server == database(1) && hour == 100;
    }

    private Ends ends(int hour, double second, int client, int server, int protocol, int port) {
        long start = Steps.BEGIN_NANOS + (long) hour * HOUR * SECOND + (long) (second * SECOND);
        int source = protocol == FlowFact.UDP && port == 123 ? 123 : 32_768 + random.nextInt(28_000);
        return new Ends(realm, name(client), name(server), protocol, source, port, start, "f" + flows++);
    }

    private static String name(int host) {
        return host >= 0 ? host(host) : "198.51." + (-1 - host) / 250 % 250 + "." + (1 + (-1 - host) % 250);
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
                    Steps.REALM,
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
