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
 * Pivots: somebody logs in to a host, and within two hours this host logs in to another one that it never logged in to.
 *
 * <p>How unusual that is depends on the host: the chance that it logs in to somewhere new within so much time, if it did so
 * as often as it has since it was first heard of (Jeffreys' prior of half an event). A bastion does so all the time and is
 * silent; so is a host of which too little is known, which is the cold start: a day. Where the first login is one that the
 * host sees regularly, somebody administers it and goes on to the next machine: worth knowing, and no more.
 */
public final class PivotDetector implements Detector<FlowFact, PivotMemory> {

    static final Parameter SPAN = new Parameter("span_minutes", 120, 1, 1_440, "the issue: B to C within two hours");
    static final Parameter COLD =
            new Parameter("cold_hours", 24, 0, 720, "stated: a day has shown what the jobs of a day do");
    static final Parameter THRESHOLD = new Parameter(
            "threshold_nats",
            3,
            0.5,
            20,
            "p = 0.05: a weak sign by itself, told with low severity, and as information if the first login is none that"
                    + " is new; a host quiet for a day reaches 3.2");

    static final Profile PROFILE = new Profile(
            "pivot",
            "Onward logins after a login",
            List.of("T1021"),
            "A session on an administration port to the host, then within two hours one from it to a service that it never"
                    + " logged in to. Evidence: chance of a new service in such a span at the host's own rate (Poisson,"
                    + " Jeffreys' prior).",
            "Sessions are completed handshakes; the host was heard of for a day (cold start: silent before); services used"
                    + " are known (the latest 64), and so are hosts that log in (32): an attacker who comes from where"
                    + " administrators come from is told as information only. Roles scanner and monitoring of the first host are no logins.",
            "About as often as a host that is administered logs in to somewhere new, which it does rarely by construction:"
                    + " a host that did k times in T hours is told only if (k + 1/2) / T * 2 h < 0.05. Above information"
                    + " only if both logins are new.",
            TimeUnit.HOURS.toNanos(1),
            1_088,
            List.of(SPAN, COLD, THRESHOLD));

    private static final String TECHNIQUE = "T1021";
    private static final double PRIOR_EVENTS = 0.5;
    private static final double NANOS_OF_MINUTE = 60e9;
    private static final double NANOS_OF_HOUR = 3_600e9;

    @Override
    public Profile profile() {
        return PROFILE;
    }

    /** Any session shows that the host is there: without that "never" means nothing. */
    @Override
    public boolean isConcernedBy(FlowFact fact) {
        return fact.kind() == Kind.ESTABLISHED;
    }

    @Override
    public PivotMemory begin() {
        return new PivotMemory();
    }

    @Override
    public PivotMemory read(DataInput in) throws IOException {
        return PivotMemory.read(in);
    }

    @Override
    public void observe(FlowFact fact, PivotMemory memory, Tuning tuning, Findings findings) {
        memory.hear(fact.time());
        if (!AdministrationPorts.isOne(fact)) {
            return;
        }
        if (fact.isOut()) {
            hearOut(fact, memory, tuning, findings);
        } else if (!tuning.is(fact.sourceName(), Tuning.MONITORING) && !tuning.is(fact.sourceName(), Tuning.SCANNER)) {
            long spanNanos = (long) (tuning.get(PROFILE, SPAN) * NANOS_OF_MINUTE);
            memory.loggedIn(Endpoints.ofHost(fact.source()), fact.sourceName(), fact.flowStart(), spanNanos);
        }
    }

    private static void hearOut(FlowFact fact, PivotMemory memory, Tuning tuning, Findings findings) {
        int endpoint = Endpoints.ofDestination(fact);
        boolean isNew = memory.usual.find(endpoint) == 0;
        memory.usual.put(endpoint);
        if (!isNew) {
            return;
        }
        double spanNanos = tuning.get(PROFILE, SPAN) * NANOS_OF_MINUTE;
        PivotMemory.Inbound inbound =
                memory.latest(fact.flowStart() - (long) spanNanos, Endpoints.ofHost(fact.destination()));
        double knownNanos = fact.time() - memory.since;
        double expected = (memory.fresh + PRIOR_EVENTS) * spanNanos / Math.max(spanNanos, knownNanos);
        double evidence = -Math.log(-Math.expm1(-expected));
        memory.fresh++;
        boolean isCold = knownNanos < tuning.get(PROFILE, COLD) * NANOS_OF_HOUR;
        if (inbound != null
                && !isCold
                && evidence >= tuning.get(PROFILE, THRESHOLD)
                && !tuning.is(fact.hostName(), Tuning.SCANNER)) {
            findings.report(finding(fact, inbound, memory, evidence, tuning));
        }
    }

    private static Finding finding(
            FlowFact fact, PivotMemory.Inbound inbound, PivotMemory memory, double evidence, Tuning tuning) {
        double days = (fact.time() - memory.since) / NANOS_OF_HOUR / TimeUnit.DAYS.toHours(1);
        Map<String, Double> baseline = new TreeMap<>();
        baseline.put("days_known", days);
        baseline.put("new_services", (double) (memory.fresh - 1));
        String sentence = String.format(
                Locale.ROOT,
                "%s logged in to %s port %d %.0f s after %s had logged in to it%s; in %.1f days it logged in to %d new services.",
                fact.hostName(),
                fact.destinationName(),
                fact.destinationPort(),
                (fact.flowStart() - inbound.time()) / 1e9,
                inbound.name(),
                inbound.isFirst() ? " for the first time" : "",
                days,
                memory.fresh - 1);
        return new Finding(
                fact.destination(),
                fact.realm(),
                fact.hostName(),
                fact.destinationName(),
                TECHNIQUE,
                inbound.time(),
                fact.time(),
                evidence,
                tuning.get(PROFILE, THRESHOLD),
                evidence,
                inbound.isFirst() ? Severity.LOW : Severity.INFORMATIONAL,
                baseline,
                List.of(fact.flowId()),
                sentence);
    }

    @Override
    public void elapse(String subject, long time, PivotMemory memory, Tuning tuning, Findings findings) {
        // nothing falls due: logins grow old when the next fact comes
    }
}
