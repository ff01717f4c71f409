package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Days of servers as windows tell them, for Monte Carlo: what each sends in an hour is log-normal about a wave by the hour
 * of the day, lower at weekends, with days and hours that hang together; it answers clients, writes to a database, logs to
 * a collector, and stores a backup at night. Then, if wanted, somebody takes more out by way of the backup server.
 */
public final class HostDays {

    /** What is done on the day after learning, from 14:00 UTC on. */
    public enum Theft {
        NONE(0, 0),
        /** Ten times the usual for an hour. */
        HOUR(9, 1),
        /** Five times the usual for a day. */
        DAY(4, 24),
        /** Three times the usual for a day. */
        THRICE(2, 24);

        private final double more;
        private final int hours;

        Theft(double more, int hours) {
            this.more = more;
            this.hours = hours;
        }
    }

    private static final int HOURS_A_DAY = 24;
    private static final int WINDOWS_AN_HOUR = 6;
    private static final int THEFT_HOUR = 14;
    private static final int BACKUP_HOUR = 2;

    private final Random random;
    private final int hosts;
    private final double[] level;
    private final double[] hourNoise;
    private final double[] dayNoise;
    private final double[] inward;
    private final Watch<FlowFact> watch = new Watch<>();
    private final List<Raised> opened = new ArrayList<>();

    public HostDays(long seed, int hosts) {
        this.random = new Random(seed);
        this.hosts = hosts;
        this.level = new double[hosts];
        this.hourNoise = new double[hosts];
        this.dayNoise = new double[hosts];
        this.inward = new double[hosts];
        for (int i = 0; i < hosts; i++) {
            level[i] = 20e6 * Math.exp(1.2 * random.nextGaussian());
            inward[i] = Math.exp(random.nextGaussian() - 1);
        }
        watch.configure(new WatchRules<>(
                FlowFactCodec.INSTANCE,
                List.of(new UploadDetector(), new VolumeDetector(), new TunnelDetector()),
                Tuning.DEFAULT));
    }

    /** Signals opened after the days of learning. */
    public List<Raised> run(int learning, int days, Theft theft) {
        for (int hour = 0; hour < (learning + days) * HOURS_A_DAY; hour++) {
            int since = hour - learning * HOURS_A_DAY - THEFT_HOUR;
            boolean isTheft = theft != Theft.NONE && since >= 0 && since < theft.hours;
            for (int host = 0; host < hosts; host++) {
                tell(host, hour, isTheft ? theft.more : 0);
            }
            if (hour == learning * HOURS_A_DAY) {
                opened.clear();
            }
            watch.advance(at(hour + 1, 0), this::take);
        }
        return opened;
    }

    private void take(Raised signal) {
        if (signal.state() == Raised.State.OPEN) {
            opened.add(signal);
        }
    }

    /** When the theft begins, ns. */
    public static long theftNanos(int learning) {
        return at(learning * HOURS_A_DAY + THEFT_HOUR, 0);
    }

    /** The hours begin at midnight, UTC. */
    private static long at(int hour, int minute) {
        return Steps.BEGIN_NANOS + TimeUnit.HOURS.toNanos(1 + hour) + TimeUnit.MINUTES.toNanos(minute);
    }

    private void tell(int host, int hour, double more) {
        int ofDay = hour % HOURS_A_DAY;
        int weekday = (hour / HOURS_A_DAY + 2) % 7; // the first day is a Wednesday
        dayNoise[host] = ofDay == 0 ? 0.25 * random.nextGaussian() : dayNoise[host];
        hourNoise[host] = 0.6 * hourNoise[host] + 0.8 * 0.5 * random.nextGaussian();
        double wave = (1 + 0.8 * Math.sin(2 * Math.PI * (ofDay - 8) / HOURS_A_DAY)) * (weekday >= 5 ? 0.4 : 1);
        double usual = level[host] * wave;
        double sent = usual * Math.exp(dayNoise[host] + hourNoise[host]);
        for (int window = 0; window < WINDOWS_AN_HOUR; window++) {
            serve(host, hour, window, sent / WINDOWS_AN_HOUR);
            if (more > 0) {
                upload(host, hour, window, "10.0.9.3", 8888, usual * more / WINDOWS_AN_HOUR);
            }
        }
        if (ofDay == BACKUP_HOUR) {
            upload(host, hour, 3, "10.0.9.3", 8888, 5 * level[host] * Math.exp(0.3 * random.nextGaussian()));
        }
    }

    private void serve(int host, int hour, int window, double sent) {
        String client = "10.0.8." + (host + window + random.nextInt(20)) % 250;
        both(hour, window, client, name(host), 443, sent * 0.88 * inward[host], sent * 0.88);
        both(hour, window, name(host), "10.0.9.1", 5432, sent * 0.1, sent * 0.05);
        upload(host, hour, window, "10.0.9.2", 9999, sent * 0.02);
    }

    private void upload(int host, int hour, int window, String store, int port, double octets) {
        both(hour, window, name(host), store, port, octets, octets / 60);
    }

    private void both(int hour, int window, String source, String destination, int port, double out, double in) {
        long millis = TimeUnit.NANOSECONDS.toMillis(at(hour, 1 + window * 9) - Steps.BEGIN_NANOS);
        watch.add(Volumes.tcp(true, millis, source, destination, port, (long) out, (long) in));
        watch.add(Volumes.tcp(false, millis, source, destination, port, (long) out, (long) in));
    }

    /** Whether it is one of the hosts that were asked for, and not of those that they talk to. */
    public static boolean isServer(String entity) {
        return entity.startsWith("10.1.");
    }

    private static String name(int host) {
        return "10.1." + host / 250 + "." + host % 250;
    }
}
