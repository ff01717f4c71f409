package io.parallax.signal;

import static io.parallax.signal.BenignNetwork.DAY_HOURS;
import static io.parallax.signal.BenignNetwork.FIRST_OTHER;
import static io.parallax.signal.BenignNetwork.HOUR;

import java.util.SplittableRandom;

/**
 * What is not the same every day in a network where nobody does harm: a patch night in the week after which hosts restart,
 * new services that are deployed and used from then on, machines for builds that come in the morning with addresses of their
 * own and go in the evening, a search for weak points at the weekend, and a cluster of three whose members speak to each
 * other at a fixed interval.
 */
final class BenignChanges {

    private static final int BUILDS = 9;
    private static final int SCANNER = 10;
    private static final int MIRROR = 11;
    private static final int CLUSTER = 12;

    private static final int PATCH_DAY = 1;
    private static final int PATCH_HOUR = 20;
    private static final int SCAN_DAY = 4;
    private static final int SCAN_HOUR = 2;
    private static final int WEEK_DAYS = 7;

    /** A day on which a service is deployed, out of so many days of the week; none at weekends. */
    private static final int DEPLOYMENT_DAYS = 3;

    private static final int DEPLOYMENT_HOUR = 11;
    private static final int FIRST_PORT = 8_100;

    /** Addresses that builds get, of which so many are used in a day. */
    private static final int BUILD_ADDRESSES = 60;

    private static final int BUILDS_A_DAY = 6;
    private static final int[] SCANNED_PORTS = {22, 80, 111, 443, 445, 3_389, 5_432, 8_080};

    private final BenignNetwork network;
    private final int hosts;
    private final SplittableRandom random;
    private final BenignFlows flows;
    private int deployed;

    BenignChanges(BenignNetwork network, int hosts, SplittableRandom random, BenignFlows flows) {
        this.network = network;
        this.hosts = hosts;
        this.random = random;
        this.flows = flows;
    }

    void hour(int hour) {
        int day = hour / DAY_HOURS;
        int ofDay = hour % DAY_HOURS;
        cluster(hour);
        if (day % WEEK_DAYS == PATCH_DAY && ofDay == PATCH_HOUR) {
            patch(hour);
        }
        if (day % WEEK_DAYS == SCAN_DAY && ofDay == SCAN_HOUR) {
            scan(hour);
        }
        if (day % DEPLOYMENT_DAYS == 0 && ofDay == DEPLOYMENT_HOUR && !BenignNetwork.isWeekend(hour)) {
            deployed++;
        }
        for (int service = 0; service < deployed; service++) {
            use(hour, service);
        }
        if (ofDay >= 8 && ofDay < 19 && !BenignNetwork.isWeekend(hour)) {
            builds(hour, day, ofDay == 8);
        }
    }

    private void cluster(int hour) {
        for (int member = 1; member < 3; member++) {
            for (int second = 7 * member; second < HOUR; second += 60) {
                flows.tcp(hour, second + 3 * random.nextDouble(), CLUSTER + member, CLUSTER, 7_400, 900, 900, 1);
            }
        }
    }

    private void patch(int hour) {
        for (int host = 0; host < hosts; host++) {
            if (host != MIRROR) {
                long octets = network.lognormal(2e8, 0.5);
                flows.tcp(hour, random.nextInt(2 * HOUR / 3), host, MIRROR, 443, octets / 60, octets, 120);
            }
        }
    }

    /** Three minutes after the patches, a third of the hosts. */
    boolean isRestarting(int server, int hour, double second) {
        boolean isPatched = hour / DAY_HOURS % WEEK_DAYS == PATCH_DAY && hour % DAY_HOURS == PATCH_HOUR;
        double begin = 2_500 + server * 7 % 900;
        return isPatched && server >= FIRST_OTHER && server % 3 == 0 && second >= begin && second < begin + 180;
    }

    private void scan(int hour) {
        for (int host = 0; host < hosts; host++) {
            for (int port : SCANNED_PORTS) {
                flows.tcp(hour, 30 * host + random.nextDouble(), SCANNER, host, port, 2_000, 2_000, 1);
            }
        }
    }

    /** What hosts refuse of what only a search asks for. */
    boolean isClosed(int client, int server, int port) {
        return client == SCANNER
                && server >= 0
                && (port == 80 || port == 111 || port == 3_389 || (port != 443 && server * port % 7 < 4));
    }

    /** A service of an application host that a third of the web hosts use. */
    private void use(int hour, int service) {
        int server = network.application(7 * service);
        for (int host = FIRST_OTHER; host < hosts; host += 15) {
            double rate = 10 * BenignNetwork.activity(hour);
            for (double second = network.next(rate); second < HOUR; second += network.next(rate)) {
                long in = network.lognormal(10_000, 1);
                flows.tcp(hour, second, host, server, FIRST_PORT + service, network.lognormal(1_000, 0.5), in, 1);
            }
        }
    }

    private void builds(int hour, int day, boolean isMorning) {
        for (int number = 0; number < BUILDS_A_DAY; number++) {
            int machine = hosts + (day * BUILDS_A_DAY + number) % BUILD_ADDRESSES;
            if (isMorning) {
                flows.tcp(hour, 20 * number + random.nextDouble(), BUILDS, machine, 22, 30_000, 40_000, 30);
            }
            for (double second = network.next(3); second < HOUR; second += network.next(3)) {
                flows.tcp(hour, second, machine, MIRROR, 443, 5_000, network.lognormal(2e6, 1.2), 20);
                flows.tcp(hour, second + 60, BUILDS, machine, 22, 9_000, 20_000, 60);
                flows.tcp(
                        hour, second + 150, machine, BenignNetwork.FILES, 445, network.lognormal(1e6, 1.2), 9_000, 20);
            }
        }
    }
}
