package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * New listeners and new dependencies: a service that a host never offered, or never used, and whose like it does not come by
 * every day.
 *
 * <p>How many new ones are to be expected is learnt from the host itself. By Good and Turing (Biometrika 40, 1953; Efron and
 * Thisted, Biometrika 63, 1976) as many as were met once will be met anew in as long a time; once here is in one hour only,
 * since uses within an hour belong together. With a Gamma prior for hosts that have a settled list:
 *
 * <pre>
 *  new ones a day = (services met once + 0.1) / (days watched + 3),   p = 1 - exp(-new ones a day)
 * </pre>
 *
 * So what is told is itself a service met once, and the next one of its kind is no surprise until it has settled.
 * Administration ports are counted apart, and so are what a host offers and what it uses.
 *
 * <p>Deviation from the estimate per contact (n1/N): it says how unlikely one contact is, and a host with 10^5 contacts a day
 * would be told of daily. What is bounded here is signals a host and day, so the estimate is per day.
 */
public final class ServiceDetector implements Detector<FlowFact, ServiceMemory> {

    static final Parameter LEARNING = new Parameter(
            "learning_hours", 168, 1, 2_160, "a week has all that recurs weekly; and 0.1 / (7 + 3) a day is the bound");
    static final Parameter PRIOR_NEW = new Parameter(
            "prior_new", 0.1, 0.001, 10, "stated: rates of hosts differ by four decades, evenly; 1 / ln 10^4 = 0.11");
    static final Parameter PRIOR_DAYS =
            new Parameter("prior_days", 3, 0, 365, "with prior_new: a new one in a month before anything is known");
    static final Parameter THRESHOLD =
            new Parameter("threshold_nats", Math.log(100), 1, 50, "stated: one in 100 host-days; ln 100 = 4.6");

    static final Parameter ALARM = new Parameter(
            "alarm_nats",
            Math.log(400),
            1,
            50,
            "stated: one in 100 host-days, over four kinds (offered, used, of administration or not); below it is listed as"
                    + " information. ln 400 = 6.0");

    static final Profile PROFILE = new Profile(
            "service",
            "New listener, new dependency",
            List.of(),
            "A service a host never offered or used before, against the number of new ones that its own list lets expect"
                    + " (Good-Turing: those met in one hour only, a day watched; Gamma prior).",
            "Uses in different hours are independent. What never had an answer does not exist: a listener that nobody asked"
                    + " looks new when somebody does. Ports from 32,768 on count as one (FTP data, RPC). A host with more"
                    + " services than its tables hold (24 and 8 offered, 48 and 16 used) is not judged for a week. The"
                    + " host's side only: whether the server meets new clients daily is known at the server alone. Of a"
                    + " host outside a part is seen: it is not judged.",
            "0.0025 a host, day and kind of service above information, 0.01 as information, if rates of new services are as"
                    + " the prior says: so in its first 37 days a host has no more than information. A host with the rate"
                    + " that is worst for its age has about 0.37 / days watched.",
            TimeUnit.HOURS.toNanos(1),
            832,
            List.of(LEARNING, PRIOR_NEW, PRIOR_DAYS, THRESHOLD, ALARM));

    /** First port that Linux gives out (ip_local_port_range); RFC 6335 says 49,152: the lower one. */
    private static final int EPHEMERAL = 32_768;

    /** A volume of a flow so old is no news of an attempt that is yet to be told. */
    private static final long SETTLED_NANOS = TimeUnit.MINUTES.toNanos(2);

    private static final int HOURS_OF_DAY = 24;

    @Override
    public Profile profile() {
        return PROFILE;
    }

    /**
     * Volumes tell of connections that began before anybody looked: they are learnt and never told. Of a host outside only a
     * part is seen: that it never used a service says nothing.
     */
    @Override
    public boolean isConcernedBy(FlowFact fact) {
        return isUse(fact) && InsideAddresses.isInside(fact.hostName());
    }

    private static boolean isUse(FlowFact fact) {
        return switch (fact.kind()) {
            case ESTABLISHED -> true;
            case ANSWERED -> fact.protocol() == FlowFact.UDP;
            case VOLUME ->
                hasPorts(fact)
                        && fact.packets() > 0
                        && fact.reversePackets() > 0
                        && fact.time() - fact.flowStart() >= SETTLED_NANOS;
            case OPENED, CONTINUED, REFUSED, UNREACHABLE, UNANSWERED, HALF_OPEN -> false;
        };
    }

    private static boolean hasPorts(FlowFact fact) {
        return fact.protocol() == FlowFact.TCP || fact.protocol() == FlowFact.UDP;
    }

    @Override
    public ServiceMemory begin() {
        return new ServiceMemory();
    }

    @Override
    public ServiceMemory read(DataInput in) throws IOException {
        return ServiceMemory.read(in);
    }

    @Override
    public void observe(FlowFact fact, ServiceMemory memory, Tuning tuning, Findings findings) {
        memory.hear(fact);
        ServiceTable table = memory.table(fact.isOut(), AdministrationPorts.isOne(fact));
        int hour = ServiceMemory.hour(fact.time());
        boolean isNew = table.isNewAt(print(fact), hour);
        boolean isTold = fact.kind() != Kind.VOLUME && !isAskedOnBehalf(fact, tuning);
        if (isNew && isTold && !table.isCrowded(hour)) {
            judge(fact, memory, table, tuning, findings);
        }
    }

    /** Scanners and monitoring use everything that there is, and find what nobody else asked for: that is learnt, not told. */
    private static boolean isAskedOnBehalf(FlowFact fact, Tuning tuning) {
        return tuning.is(fact.sourceName(), Tuning.SCANNER) || tuning.is(fact.sourceName(), Tuning.MONITORING);
    }

    private static boolean isEphemeral(FlowFact fact) {
        return fact.destinationPort() >= EPHEMERAL;
    }

    private static int print(FlowFact fact) {
        int port = isEphemeral(fact) ? EPHEMERAL : fact.destinationPort();
        return Endpoints.of(fact.isOut() ? fact.destination() : "", fact.protocol(), port);
    }

    private static void judge(
            FlowFact fact, ServiceMemory memory, ServiceTable table, Tuning tuning, Findings findings) {
        double hours = memory.watchedHours(fact.time());
        if (hours < tuning.get(PROFILE, LEARNING)) {
            return;
        }
        int others = table.singles() - 1;
        double days = hours / HOURS_OF_DAY;
        double newADay = (others + tuning.get(PROFILE, PRIOR_NEW)) / (days + tuning.get(PROFILE, PRIOR_DAYS));
        double evidence = -Math.log(-Math.expm1(-newADay));
        double threshold = tuning.get(PROFILE, THRESHOLD);
        if (evidence >= threshold) {
            Map<String, Double> baseline = new TreeMap<>();
            baseline.put("days_watched", days);
            baseline.put("new_per_day", newADay);
            baseline.put("services_known", table.count() - 1.0);
            boolean isAlarm = evidence >= tuning.get(PROFILE, ALARM);
            findings.report(
                    finding(fact, baseline, evidence, threshold, isAlarm ? severity(fact) : Severity.INFORMATIONAL));
        }
    }

    private static Finding finding(
            FlowFact fact, Map<String, Double> baseline, double evidence, double threshold, Severity severity) {
        String port = (fact.protocol() == FlowFact.TCP ? "tcp/" : "udp/") + fact.destinationPort();
        String kind = AdministrationPorts.isOne(fact) ? "of administration" : "of this kind";
        String sentence = String.format(
                Locale.ROOT,
                "%s %s, which it never did in %.1f days; it %s %.0f services %s, and %.4f new ones a day are usual.",
                fact.hostName(),
                fact.isOut() ? "used " + port + " of " + fact.destinationName() : "answered on " + port,
                baseline.get("days_watched"),
                fact.isOut() ? "uses" : "offers",
                baseline.get("services_known"),
                kind,
                baseline.get("new_per_day"));
        return new Finding(
                fact.isOut() ? "dependency " + fact.destination() + ' ' + port : "listener " + port,
                fact.realm(),
                fact.hostName(),
                fact.isOut() ? fact.destinationName() : fact.sourceName(),
                "",
                fact.flowStart(),
                fact.time(),
                evidence,
                threshold,
                evidence,
                severity,
                baseline,
                List.of(fact.flowId()),
                sentence);
    }

    private static Severity severity(FlowFact fact) {
        if (AdministrationPorts.isOne(fact)) {
            return Severity.MEDIUM;
        }
        return isEphemeral(fact) ? Severity.INFORMATIONAL : Severity.LOW;
    }

    @Override
    public void elapse(String subject, long time, ServiceMemory memory, Tuning tuning, Findings findings) {
        // nothing falls due: a service is new when it is met
    }
}
