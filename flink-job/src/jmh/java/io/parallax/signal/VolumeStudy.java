package io.parallax.signal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How often the detectors of volume, uploads and tunnels are wrong on simulated servers after a week of learning, and how
 * much of what is taken out they find. Arguments: first seed, seeds, hosts. Prints a table for docs/benchmarks/signals.md.
 */
public final class VolumeStudy {

    private static final int LEARNING_DAYS = 7;
    private static final int DAYS = 7;

    private VolumeStudy() {}

    public static void main(String[] arguments) {
        long first = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000;
        int seeds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        int hosts = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 60;
        benign(first, seeds, hosts);
        for (HostDays.Theft theft : HostDays.Theft.values()) {
            if (theft != HostDays.Theft.NONE) {
                recall(theft, first, seeds, hosts);
            }
        }
    }

    private static void benign(long first, int seeds, int hosts) {
        int signals = 0;
        int servers = 0;
        for (long seed = first; seed < first + seeds; seed++) {
            List<Raised> raised = new HostDays(seed, hosts).run(LEARNING_DAYS, DAYS, HostDays.Theft.NONE);
            for (Raised signal : raised) {
                System.out.println("  " + signal.finding().sentence());
                servers += HostDays.isServer(signal.finding().entity()) ? 1 : 0;
            }
            signals += raised.size();
        }
        double serverDays = (double) seeds * hosts * DAYS;
        System.out.printf(
                "benign: %d signals of servers in %.0f server-days, %.3f in 100; %d more of their clients%n",
                servers, serverDays, 100 * servers / serverDays, signals - servers);
    }

    private static void recall(HostDays.Theft theft, long first, int seeds, int hosts) {
        List<Long> delays = new ArrayList<>();
        for (long seed = first; seed < first + seeds; seed++) {
            Set<String> found = new HashSet<>();
            for (Raised signal : new HostDays(seed, hosts).run(LEARNING_DAYS, 2, theft)) {
                long delay = signal.finding().at() - HostDays.theftNanos(LEARNING_DAYS);
                if (delay > 0 && found.add(signal.finding().entity())) {
                    delays.add(delay);
                }
            }
        }
        delays.sort(null);
        System.out.printf(
                "%s: recall %.3f of %d, minutes to detect p50 %d, p95 %d%n",
                theft,
                (double) delays.size() / (seeds * hosts),
                seeds * hosts,
                minutes(delays, 0.5),
                minutes(delays, 0.95));
    }

    private static long minutes(List<Long> delays, double share) {
        return delays.isEmpty() ? -1 : TimeUnit.NANOSECONDS.toMinutes(delays.get((int) (share * (delays.size() - 1))));
    }
}
