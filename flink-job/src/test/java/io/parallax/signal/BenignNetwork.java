package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What detectors hear in a data centre where nobody does harm: applications in tiers with pools of connections, name and time
 * service, monitoring, nightly backups, configuration management over SSH, administrators who mistype and log in onward,
 * desktops whose programs poll while somebody is there, agents that check in outside, hourly jobs, hosts that reboot,
 * services that fail, one crowd; and what changes ({@link BenignChanges}). Everything follows from the seed; facts come hour
 * by hour, in the order of time. Days are those of a zone one hour ahead of UTC; the first is a Wednesday.
 *
 * <p>Rates are assumptions of ours, chosen to hold what is known to disturb detectors rather than to be typical.
 */
public final class BenignNetwork {

    static final int HOUR = BenignFlows.HOUR;
    static final int DAY_HOURS = 24;
    static final int FILES = 8;

    /** Hosts with a part of their own come before. */
    static final int FIRST_OTHER = 15;

    private static final int DNS = 0;
    private static final int MONITOR = 2;
    private static final int BACKUP = 3;
    private static final int LOGS = 4;
    private static final int BASTION = 5;
    private static final int MANAGEMENT = 7;
    private static final int SCANNER = 10;

    private static final int WEEK_DAYS = 7;
    private static final int SATURDAY = 3;
    private static final int SUNDAY = 4;

    /** One session of an administrator in so many goes on to the host's database. */
    private static final int ONWARD = 50;

    private final int hosts;
    private final SplittableRandom random;
    private final Random gaussian;
    private final BenignFlows flows;
    private final BenignChanges changes;
    private final int[] nightly;
    private final int[] rebootHour;

    /** @param hosts at least 35 */
    public BenignNetwork(int hosts, int days, long seed) {
        this(hosts, days, seed, Steps.REALM);
    }

    /** @param realm in which the addresses are unique: networks of different realms have no host in common */
    public BenignNetwork(int hosts, int days, long seed, String realm) {
        this.hosts = hosts;
        this.random = new SplittableRandom(seed);
        this.gaussian = new Random(seed);
        this.flows = new BenignFlows(realm, random, this::answer);
        this.changes = new BenignChanges(this, hosts, random, flows);
        this.nightly = new int[hosts];
        this.rebootHour = new int[hosts];
        for (int host = 0; host < hosts; host++) {
            nightly[host] = random.nextInt(5 * HOUR);
            rebootHour[host] = random.nextInt(Math.max(1, days * DAY_HOURS));
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
        changes.hour(hour);
        flows.tell(hour, out);
    }

    /** What an operator of the network would say: who looks for weak points on behalf of the owner. */
    public static Tuning tuning() {
        return new Tuning(Map.of(), Map.of(host(SCANNER), Set.of(Tuning.SCANNER)));
    }

    public static String host(int number) {
        return BenignFlows.inside(number);
    }

    /** What every host does. */
    private void common(int hour, int host) {
        for (int second = host % 512; second < HOUR; second += 512) {
            flows.udp(hour, second + random.nextDouble(), host, DNS + host % 2, 123, 76, 76);
        }
        for (double second = next(20); second < HOUR; second += next(20)) {
            flows.udp(hour, second, host, DNS + random.nextInt(2), 53, 70, 160);
        }
        flows.tcp(hour, random.nextInt(HOUR), host, LOGS, 6_514, lognormal(50_000, 1), 5_000, HOUR / 2);
        if (nightly[host] / HOUR == hour % DAY_HOURS && host != BACKUP) {
            long octets = lognormal(2e9, 0.7);
            flows.tcp(hour, nightly[host] % HOUR, host, BACKUP, 13_724, octets, octets / 50, 1_200);
        }
        for (double second = host % 1_800; second < HOUR; second += 1_800) {
            double late = 180 * random.nextDouble();
            flows.tcp(hour, second + late, host, BenignFlows.outside(8), 443, lognormal(4_000, 0.5), 2_000, 3);
        }
        if (hour % DAY_HOURS == 6 + host % 12) {
            int updates = BenignFlows.outside(7);
            flows.tcp(hour, random.nextInt(HOUR), host, updates, 443, 20_000, lognormal(5e7, 1), 120);
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
        boolean isCrowd = hour % (10 * DAY_HOURS) == 62 && host % 10 == 0;
        double rate = 30 * activity(hour) * (isCrowd ? 20 : 1);
        for (double second = next(rate); second < HOUR; second += next(rate)) {
            int client = BenignFlows.outside(random.nextInt(5_000));
            flows.tcp(hour, second, client, host, 443, lognormal(1_500, 0.7), lognormal(40_000, 1.2), 5);
            flows.tcp(
                    hour,
                    second + 0.01,
                    host,
                    application(host),
                    8_080,
                    lognormal(2_000, 0.5),
                    lognormal(20_000, 1),
                    2);
        }
    }

    /** A pool of five connections an hour, and single ones to a cache. */
    private void application(int hour, int host) {
        double start = random.nextInt(HOUR - 100);
        for (int connection = 0; connection < 5; connection++) {
            double at = start + random.nextDouble();
            flows.tcp(hour, at, host, database(host), 5_432, lognormal(3e5, 1), lognormal(5e6, 1), 1_500);
        }
        double rate = 40 * activity(hour);
        for (double second = next(rate); second < HOUR; second += next(rate)) {
            flows.tcp(hour, second, host, database(host + 5), 6_379, lognormal(800, 0.5), lognormal(5_000, 1), 1);
        }
    }

    private void desktop(int hour, int host) {
        if (hour % DAY_HOURS < 7 || hour % DAY_HOURS > 18 || isWeekend(hour)) {
            return;
        }
        for (double second = next(8); second < HOUR; second += next(8)) {
            int site = BenignFlows.outside(10_000 + zipf(2_000));
            for (int object = 1 + (int) lognormal(5, 0.8); object > 0; object--) {
                double at = second + random.nextDouble() * 20;
                flows.tcp(hour, at, host, site, 443, lognormal(2_500, 0.8), lognormal(60_000, 1.5), 10);
            }
        }
        for (double second = host % 300; second < HOUR; second += 270 + 60 * random.nextDouble()) {
            flows.tcp(hour, second, host, BenignFlows.outside(20 + host % 3), 443, 3_000, lognormal(9_000, 1), 2);
        }
        for (double second = next(3); second < HOUR; second += next(3)) {
            flows.tcp(hour, second, host, FILES, 445, lognormal(1e5, 1.5), lognormal(4e5, 1.5), 60);
        }
    }

    /** At a fixed minute of each hour. */
    private void job(int hour, int host) {
        double at = (host * 37 % 60) * 60 + 2 * random.nextDouble();
        flows.tcp(hour, at, host, database(host), 5_432, lognormal(20_000, 0.5), lognormal(3e7, 0.8), 90);
        flows.tcp(hour, at + 100, host, FILES, 2_049, lognormal(2e7, 0.8), 500_000, 60);
    }

    private void batch(int hour, int host) {
        for (double second = next(6); second < HOUR; second += next(6)) {
            int other = FIRST_OTHER + random.nextInt(hosts - FIRST_OTHER);
            int peer = other == host ? FILES : other;
            flows.tcp(hour, second, host, peer, 9_092, lognormal(3e5, 1.2), lognormal(3e5, 1.2), 30);
        }
    }

    private void monitoring(int hour) {
        for (int host = 0; host < hosts; host++) {
            for (int second = 3 * host % 300; second < HOUR; second += 300) {
                flows.tcp(hour, second + 0.2 * random.nextDouble(), MONITOR, host, 9_100, 600, 20_000, 1);
            }
        }
    }

    /** Configuration management logs in everywhere at three in the morning, administrators by day. */
    private void administration(int hour) {
        if (hour % DAY_HOURS == 3) {
            for (int host = 0; host < hosts; host++) {
                flows.tcp(hour, 5 * host + random.nextDouble(), MANAGEMENT, host, 22, 20_000, 30_000, 8);
            }
        }
        if (hour % DAY_HOURS < 8 || hour % DAY_HOURS > 17 || isWeekend(hour)) {
            return;
        }
        for (int bastion = BASTION; bastion < MANAGEMENT; bastion++) {
            for (double second = next(4); second < HOUR; second += next(4)) {
                session(hour, second, bastion);
            }
        }
    }

    private void session(int hour, double second, int bastion) {
        int host = FIRST_OTHER + zipf(hosts - FIRST_OTHER);
        for (int typo = random.nextInt(10) == 0 ? 2 : 0; typo > 0; typo--) {
            flows.tcp(hour, second - 10 * typo, bastion, host, 22, 3_000, 4_000, 6);
        }
        flows.tcp(hour, second, bastion, host, 22, lognormal(60_000, 1), lognormal(2e5, 1), 600);
        if (random.nextInt(ONWARD) == 0 && database(host) != host) {
            flows.tcp(hour, second + 120, host, database(host), 22, lognormal(60_000, 1), lognormal(2e5, 1), 300);
        }
    }

    int application(int web) {
        return FIRST_OTHER + 1 + 5 * (web % Math.max(1, (hosts - FIRST_OTHER) / 5));
    }

    private static int database(int client) {
        return FIRST_OTHER + 4 + 5 * (client % 2);
    }

    static boolean isWeekend(int hour) {
        int day = hour / DAY_HOURS % WEEK_DAYS;
        return day == SATURDAY || day == SUNDAY;
    }

    /** Ten minutes of a reboot, in one hour of all. */
    private boolean isDown(int host, int hour) {
        return host >= FIRST_OTHER && hour == rebootHour[host];
    }

    static double activity(int hour) {
        double byDay = 0.3 + Math.max(0, Math.sin((hour % DAY_HOURS - 6) * Math.PI / 14));
        return isWeekend(hour) ? 0.5 * byDay : byDay;
    }

    double next(double perHour) {
        return -Math.log(1 - random.nextDouble()) * HOUR / perHour;
    }

    long lognormal(double median, double sigma) {
        return (long) (median * Math.exp(sigma * gaussian.nextGaussian()));
    }

    private int zipf(int most) {
        return (int) Math.min(most - 1, Math.floor(Math.exp(random.nextDouble() * Math.log(most))) - 1);
    }

    private Kind answer(int client, int server, int port, int hour, double second) {
        boolean isDown = server >= 0 && server < hosts && isDown(server, hour) && second % HOUR < 600;
        if (isDown || changes.isRestarting(server, hour, second)) {
            return Kind.UNANSWERED;
        }
        boolean isStopped = port == 6_379 && server == database(1) && hour == 100;
        return isStopped || changes.isClosed(client, server, port) ? Kind.REFUSED : Kind.ANSWERED;
    }
}
