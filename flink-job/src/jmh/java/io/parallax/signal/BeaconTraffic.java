package io.parallax.signal;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** A day of connections of one edge, simulated: times in milliseconds, in order. */
final class BeaconTraffic {

    static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    private static final double DAY_SECONDS = 86_400;
    private static final int HOURS = 24;

    /** How one edge-day of a kind is made. */
    @FunctionalInterface
    interface Arrivals {
        long[] day(Random random);
    }

    private final Random random;
    private long[] times = new long[1_024];
    private int size;

    private BeaconTraffic(Random random) {
        this.random = random;
    }

    /** Check-ins whose interval is uniform around the period; some are missed. */
    static Arrivals beacon(double periodSeconds, double jitter, double missed) {
        return random -> {
            BeaconTraffic day = new BeaconTraffic(random);
            double at = random.nextDouble() * periodSeconds;
            while (at < DAY_SECONDS) {
                if (random.nextDouble() >= missed) {
                    day.add(at);
                }
                at += periodSeconds * (1 + jitter * (2 * random.nextDouble() - 1));
            }
            return day.sorted();
        };
    }

    /** Arrivals at random, mean interval 10 s to 10 min. */
    static long[] poisson(Random random) {
        double mean = logUniform(random, 10, 600);
        return renewal(random, () -> exponential(random, mean));
    }

    /** Arrivals at random whose rate is another one in each hour, by a factor of up to 30 either way. */
    static long[] changingRate(Random random) {
        BeaconTraffic day = new BeaconTraffic(random);
        double mean = logUniform(random, 30, 300);
        for (int hour = 0; hour < HOURS; hour++) {
            double here = mean * logUniform(random, 1.0 / 30, 30);
            day.atRandom(3_600.0 * hour, 3_600.0 * (hour + 1), here);
        }
        return day.sorted();
    }

    /** At work from nine to six with a break, each hour busier or less; hardly anything at night. */
    static long[] workingDay(Random random) {
        BeaconTraffic day = new BeaconTraffic(random);
        double mean = logUniform(random, 15, 240);
        for (int hour = 0; hour < HOURS; hour++) {
            boolean isAtWork = hour >= 9 && hour < 18 && hour != 12;
            double here = isAtWork ? mean * logUniform(random, 0.3, 3) : mean * 100;
            day.atRandom(3_600.0 * hour, 3_600.0 * (hour + 1), here);
        }
        return day.sorted();
    }

    /** Sessions at random; in them pages after log-normal thinking, each of a few connections at once. */
    static long[] webSessions(Random random) {
        BeaconTraffic day = new BeaconTraffic(random);
        double between = logUniform(random, 300, 3_600);
        double think = logUniform(random, 5, 60);
        double deviation = 1 + random.nextDouble() / 2;
        for (double start = exponential(random, between); start < DAY_SECONDS; start += exponential(random, between)) {
            int pages = 1 + (int) exponential(random, 10);
            double at = start;
            for (int page = 0; page < pages; page++) {
                for (int object = random.nextInt(5); object >= 0; object--) {
                    day.add(at + random.nextDouble() * 0.8);
                }
                at += think * Math.exp(deviation * random.nextGaussian());
            }
        }
        return day.sorted();
    }

    /** Silences of Pareto with tail 1.5, as of web users (Barford and Crovella 1998: from 1 s on). */
    static Arrivals paretoSilences(double leastSeconds, double mostLeastSeconds) {
        return random -> {
            double least = logUniform(random, leastSeconds, mostLeastSeconds);
            return renewal(random, () -> least * Math.pow(1 - random.nextDouble(), -1 / 1.5));
        };
    }

    /** Log-normal intervals of deviation 1 to 2 all day long. */
    static long[] logNormal(Random random) {
        double median = logUniform(random, 10, 300);
        double deviation = 1 + random.nextDouble();
        return renewal(random, () -> median * Math.exp(deviation * random.nextGaussian()));
    }

    /** Requests at random; one in twenty is told to come back, and does every few seconds, or after twice as long each time. */
    static long[] retries(Random random) {
        BeaconTraffic day = new BeaconTraffic(random);
        double mean = logUniform(random, 120, 900);
        double wait = logUniform(random, 2, 20);
        boolean isDoubled = random.nextBoolean();
        for (double at = exponential(random, mean); at < DAY_SECONDS; at += exponential(random, mean)) {
            day.add(at);
            int retries = random.nextInt(20) == 0 ? 3 + random.nextInt(10) : 0;
            double next = wait;
            for (int i = 0; i < retries; i++) {
                at += next;
                next *= isDoubled ? 2 : 1;
                day.add(at);
            }
        }
        return day.sorted();
    }

    /** A job at each full hour that makes 5 to 40 connections at random for a minute or two: maintenance. */
    static long[] hourlyJob(Random random) {
        BeaconTraffic day = new BeaconTraffic(random);
        double mean = logUniform(random, 2, 20);
        for (int hour = 0; hour < HOURS; hour++) {
            double at = 3_600.0 * hour + random.nextDouble();
            for (int i = 5 + random.nextInt(36); i > 0; i--) {
                day.add(at);
                at += exponential(random, mean);
            }
        }
        return day.sorted();
    }

    /** A program that polls every 15 to 120 s without jitter while its user is there: periodic, though benign. */
    static long[] polls(Random random) {
        BeaconTraffic day = new BeaconTraffic(random);
        double period = logUniform(random, 15, 120);
        for (double start = exponential(random, 7_200); start < DAY_SECONDS; start += exponential(random, 7_200)) {
            double end = start + logUniform(random, 300, 7_200);
            for (; start < end; start += period) {
                day.add(start);
            }
        }
        return day.sorted();
    }

    /** An agent of the management that every machine has: every 30 min with 30 s of splay. Periodic, though benign. */
    static long[] agent(Random random) {
        BeaconTraffic day = new BeaconTraffic(random);
        for (double at = 1_800 * random.nextDouble(); at < DAY_SECONDS; at += 1_800) {
            day.add(at + 30 * random.nextDouble());
        }
        return day.sorted();
    }

    private static long[] renewal(Random random, DoubleSupplier interval) {
        BeaconTraffic day = new BeaconTraffic(random);
        for (double at = interval.getAsDouble(); at < DAY_SECONDS; at += interval.getAsDouble()) {
            day.add(at);
        }
        return day.sorted();
    }

    private void atRandom(double from, double to, double mean) {
        for (double at = from + exponential(random, mean); at < to; at += exponential(random, mean)) {
            add(at);
        }
    }

    private static double exponential(Random random, double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    private static double logUniform(Random random, double least, double most) {
        return least * Math.pow(most / least, random.nextDouble());
    }

    private void add(double seconds) {
        if (seconds >= DAY_SECONDS) {
            return;
        }
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
        }
        times[size++] = (long) (seconds * 1_000);
    }

    private long[] sorted() {
        long[] sorted = Arrays.copyOf(times, size);
        Arrays.sort(sorted);
        return sorted;
    }
}
