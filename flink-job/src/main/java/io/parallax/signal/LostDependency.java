package io.parallax.signal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A dependency that was used a lot and is not used any more, all of which was captured. No detector: that it disappeared is
 * known where dependencies are traced; here it is weighed.
 *
 * <p>With n uses in a time t the chance of none in a further time s is (t / (t + s))^n, if they come independently. They
 * come in bursts: uses within an hour count as one, so n is at most the number of hours.
 *
 * @param realm routing domain of the entities
 * @param client who used it
 * @param server whose service it is
 * @param service protocol and port, as {@code tcp/443}
 * @param connections flows in which it was used
 * @param firstSeen start of its first use, ns
 * @param lastSeen end of its last use, ns
 * @param knownAt when it was known to have disappeared, ns
 */
public record LostDependency(
        String realm,
        String client,
        String server,
        String service,
        long connections,
        long firstSeen,
        long lastSeen,
        long knownAt) {

    static final Parameter LEAST_CONNECTIONS =
            new Parameter("least_connections", 20, 1, 1e9, "stated: what was used a few times is nobody's habit");
    static final Parameter LEAST_DAYS = new Parameter(
            "least_days", 2, 0, 365, "stated: twice the silence of a day; what ran for a day was a job of that day");
    static final Parameter THRESHOLD =
            new Parameter("threshold_nats", Math.log(100), 1, 50, "stated: one in 100; ln 100 = 4.6");

    public static final Profile PROFILE = new Profile(
            "dependency-lost",
            "Disappeared dependency",
            List.of(),
            "Change `disappeared` of a dependency, weighed by its uses before: n ln(1 + silence / time of use), with n the"
                    + " connections, or the hours of use if these are fewer.",
            "Uses in different hours are independent. A job of the week is told once; what came back after it had"
                    + " disappeared comes and goes, and is not told again for 35 days.",
            "0.01 a dependency that disappears, if its uses were spread evenly.",
            TimeUnit.DAYS.toNanos(35),
            0,
            List.of(LEAST_CONNECTIONS, LEAST_DAYS, THRESHOLD));

    private static final double NANOS_OF_HOUR = 3_600e9;
    private static final double HOURS_OF_DAY = 24;

    /** The signal that it is, empty: it is not worth one. */
    public Optional<Raised> weigh(Tuning tuning) {
        double used = (lastSeen - firstSeen) / NANOS_OF_HOUR;
        double silent = (knownAt - lastSeen) / NANOS_OF_HOUR;
        double threshold = tuning.get(PROFILE, THRESHOLD);
        boolean isHabit = connections >= tuning.get(PROFILE, LEAST_CONNECTIONS)
                && used >= tuning.get(PROFILE, LEAST_DAYS) * HOURS_OF_DAY;
        double evidence = isHabit ? Math.min((double) connections, used) * Math.log1p(silent / used) : 0;
        return evidence < threshold ? Optional.empty() : Optional.of(raise(used, silent, evidence, threshold));
    }

    private Raised raise(double used, double silent, double evidence, double threshold) {
        String sentence = String.format(
                Locale.ROOT,
                "%s has not used %s of %s for %.1f hours, all of which was captured, after %d connections in %.1f days.",
                client,
                service,
                server,
                silent,
                connections,
                used / HOURS_OF_DAY);
        Map<String, Double> baseline = new TreeMap<>();
        baseline.put("connections", (double) connections);
        baseline.put("days_used", used / HOURS_OF_DAY);
        Finding finding = new Finding(
                server + ' ' + service,
                realm,
                client,
                server,
                "",
                lastSeen,
                knownAt,
                evidence,
                threshold,
                evidence,
                Severity.LOW,
                baseline,
                List.of(),
                sentence);
        String id = SignalIds.of(PROFILE.name(), realm + ' ' + client, finding.key(), lastSeen);
        return new Raised(id, 1, Raised.State.OPEN, PROFILE, lastSeen, knownAt, knownAt, knownAt, finding);
    }
}
