package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * How many simulated beacons are found in a day, how soon, and how often benign edges are taken for one; beside the published
 * rules of RITA, Elastic and Sentinel over the same times.
 *
 * <p>Arguments: beacons of each kind, benign edge-days of each kind for ours, and for the other rules; seed.
 */
public final class BeaconStudy {

    private static final String[] USUAL = {"400", "40000", "2000", "20261124"};
    private static final double[] PERIODS = {60, 300};
    private static final double[] JITTERS = {0, 0.2, 0.5, 0.8};
    private static final double[] MISSED = {0, 0.3};
    private static final List<String> RULES = List.of("RITA >= 0.7", "RITA >= 0.9", "Elastic", "Sentinel");

    private BeaconStudy() {}

    /** Benign processes to which the bound on false alarms applies, by name. */
    static Map<String, BeaconTraffic.Arrivals> usual() {
        Map<String, BeaconTraffic.Arrivals> usual = new LinkedHashMap<>();
        usual.put("at random", BeaconTraffic::poisson);
        usual.put("at random, rate changes hourly", BeaconTraffic::changingRate);
        usual.put("working day", BeaconTraffic::workingDay);
        usual.put("web sessions", BeaconTraffic::webSessions);
        usual.put("log-normal", BeaconTraffic::logNormal);
        usual.put("hourly job", BeaconTraffic::hourlyJob);
        usual.put("Pareto silences from 1 to 4 s on", BeaconTraffic.paretoSilences(1, 4));
        return usual;
    }

    /** Benign processes that are periodic, or never have short intervals: the bound does not hold for them. */
    static Map<String, BeaconTraffic.Arrivals> beyond() {
        Map<String, BeaconTraffic.Arrivals> beyond = new LinkedHashMap<>();
        beyond.put("Pareto silences from 10 to 60 s on", BeaconTraffic.paretoSilences(10, 60));
        beyond.put("retries that are answered", BeaconTraffic::retries);
        beyond.put("polls while a user is there", BeaconTraffic::polls);
        beyond.put("management agent, 30 min", BeaconTraffic::agent);
        return beyond;
    }

    public static void main(String[] arguments) {
        String[] given = arguments.length == 0 ? USUAL : arguments;
        int beacons = Integer.parseInt(given[0]);
        int days = Integer.parseInt(given[1]);
        int daysOfOthers = Integer.parseInt(given[2]);
        Random random = new Random(Long.parseLong(given[3]));
        printRecall(beacons, random);
        System.out.println("\n| benign edge-days | ours | " + String.join(" | ", RULES) + " |");
        System.out.println("|---|---:|---:|---:|---:|---:|");
        usual().forEach((name, process) -> printFalse(name, process, days, daysOfOthers, random));
        beyond().forEach((name, process) -> printFalse(name, process, daysOfOthers, daysOfOthers, random));
    }

    private static void printRecall(int beacons, Random random) {
        System.out.println(
                "| period s | jitter % | missed % | ours | found after, min | " + String.join(" | ", RULES) + " |");
        System.out.println("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (double period : PERIODS) {
            for (double jitter : JITTERS) {
                for (double missed : MISSED) {
                    printRecall(period, jitter, missed, beacons, random);
                }
            }
        }
    }

    private static void printRecall(double period, double jitter, double missed, int beacons, Random random) {
        BeaconTraffic.Arrivals process = BeaconTraffic.beacon(period, jitter, missed);
        int[] found = new int[RULES.size()];
        List<Long> after = new ArrayList<>();
        for (int i = 0; i < beacons; i++) {
            long[] day = process.day(random);
            long first = firstFinding(day);
            if (first >= 0) {
                after.add(first - day[0]);
            }
            double[] sizes = new double[day.length];
            Arrays.fill(sizes, 500);
            count(found, day, sizes);
        }
        after.sort(null);
        String median = after.isEmpty() ? "-" : "%.0f".formatted(after.get(after.size() / 2) / 60_000.0);
        StringBuilder line = new StringBuilder("| %.0f | %.0f | %.0f | %s | %s |"
                .formatted(period, 100 * jitter, 100 * missed, share(after.size(), beacons), median));
        for (int hits : found) {
            line.append(' ').append(share(hits, beacons)).append(" |");
        }
        System.out.println(line);
    }

    private static void printFalse(
            String name, BeaconTraffic.Arrivals process, int days, int daysOfOthers, Random random) {
        int ours = 0;
        for (int i = 0; i < days; i++) {
            ours += firstFinding(process.day(random)) >= 0 ? 1 : 0;
        }
        int[] others = new int[RULES.size()];
        for (int i = 0; i < daysOfOthers; i++) {
            long[] day = process.day(random);
            double[] sizes = new double[day.length];
            Arrays.setAll(sizes, any -> 500 * Math.exp(random.nextGaussian()));
            count(others, day, sizes);
        }
        StringBuilder line = new StringBuilder("| %s | %s |".formatted(name, share(ours, days)));
        for (int hits : others) {
            line.append(' ').append(share(hits, daysOfOthers)).append(" |");
        }
        System.out.println(line);
    }

    private static void count(int[] found, long[] day, double[] sizes) {
        double rita = RitaRule.score(day, sizes);
        found[0] += rita >= 0.7 ? 1 : 0;
        found[1] += rita >= 0.9 ? 1 : 0;
        found[2] += ElasticRule.fires(day) ? 1 : 0;
        found[3] += SentinelRule.fires(day) ? 1 : 0;
    }

    /** When the detector finds a beacon in the day, ms; negative: it does not. */
    static long firstFinding(long[] day) {
        BeaconDetector detector = new BeaconDetector();
        BeaconEdges edges = detector.begin();
        long[] found = {-1};
        for (long time : day) {
            detector.observe(contact(time), edges, Tuning.DEFAULT, finding -> found[0] = time);
            if (found[0] >= 0) {
                break;
            }
        }
        return found[0];
    }

    private static FlowFact contact(long millis) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        return new FlowFact(
                FlowFact.Kind.OPENED,
                true,
                nanos,
                "default",
                "10.0.0.1",
                "10.0.0.2",
                "10.0.0.1",
                "10.0.0.2",
                FlowFact.TCP,
                40_000,
                443,
                "flow",
                nanos,
                0,
                0,
                0,
                0,
                0,
                0);
    }

    /** Share with its 95 % interval after Clopper and Pearson. */
    static String share(int hits, int all) {
        return "%s (%s-%s)".formatted(number((double) hits / all), number(lower(hits, all)), number(upper(hits, all)));
    }

    private static String number(double share) {
        return share == 0 || share == 1
                ? "%.0f".formatted(share)
                : share < 0.01 ? "%.1e".formatted(share) : "%.3f".formatted(share);
    }

    /** The share at which so many hits, or more, have a probability of 2.5 %. */
    private static double lower(int hits, int all) {
        return hits == 0 ? 0 : 1 - upper(all - hits, all);
    }

    /** The share at which so few hits, or fewer, have a probability of 2.5 %. */
    static double upper(int hits, int all) {
        double least = (double) hits / all;
        double most = 1;
        for (int i = 0; i < 60; i++) {
            double middle = (least + most) / 2;
            if (atMost(hits, all, middle) > 0.025) {
                least = middle;
            } else {
                most = middle;
            }
        }
        return hits == all ? 1 : most;
    }

    private static double atMost(int hits, int all, double share) {
        double log = all * Math.log1p(-share);
        double sum = Math.exp(log);
        for (int i = 1; i <= hits; i++) {
            log += Math.log((double) (all - i + 1) / i) + Math.log(share) - Math.log1p(-share);
            sum += Math.exp(log);
        }
        return sum;
    }
}
