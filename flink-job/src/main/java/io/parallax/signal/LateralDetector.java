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
 * Lateral movement: a host that reaches for the administration ports of many hosts that it did not administer before.
 *
 * <p>New hosts that answer within ten minutes are compared with what is usual for this host, as a Poisson number: the
 * likelier a host meets new ones, the more it takes. A host of which nothing is known yet is taken to meet one in twenty
 * minutes, as if it had been watched for ten; this fades as it is watched, down to one in 100 minutes and not further, because
 * people administer in bursts. A burst beyond that is a habit once it is over ({@link LateralHabit}): the next is told if it
 * is larger than such a habit explains.
 *
 * <p>Cold start: in the first hour of a host all its sessions are new, so only hosts that refused one count: what
 * administers or watches others by habit knows where it is let in. Afterwards every new host counts. Services that were
 * logged in to are known ({@link AgeingFilter}): a tool that runs against the same hosts every night is told once at most,
 * and so is one that runs against other hosts each time.
 *
 * <p>A handshake left half open shows a SYN scan: what it reached is {@link ScanDetector}'s to tell, as is a search that
 * mostly finds nobody.
 */
public final class LateralDetector implements Detector<FlowFact, LateralMemory> {

    static final Parameter SPAN = new Parameter(
            "span_minutes", 10, 1, 60, "stated: tools and worms go on within seconds to minutes; people too");
    static final Parameter FIRST_HOSTS = new Parameter(
            "first_hosts_per_span",
            0.5,
            0.01,
            32,
            "stated: a new host in twenty minutes, before anything is known; chosen with the reference recording in view");
    static final Parameter LEAST_MEAN = new Parameter(
            "least_hosts_per_span", 0.1, 0.001, 32, "stated: bursts; four new hosts are the fewest that are told");
    static final Parameter COLD = new Parameter(
            "cold_minutes", 60, 0, 10_080, "stated: checks and jobs that run by habit have mostly run within an hour");
    static final Parameter ROLE_HOSTS = new Parameter(
            "role_hosts_per_span", 8, 0.1, 32, "stated: monitoring and backup start with a round of everything");
    static final Parameter THRESHOLD =
            new Parameter("threshold_nats", 10, 3, 50, "p = 4.5e-5; at the beginning six hosts, later four");

    static final Profile PROFILE = new Profile(
            "lateral",
            "Fan-out on administration ports",
            List.of("T1021"),
            "Number of new hosts whose administration ports (SSH, Telnet, RPC, NetBIOS, SMB, RDP, VNC, WinRM, r-services)"
                    + " answered within ten minutes, against a Poisson number with the host's own mean, learnt from a stated"
                    + " start (Gamma prior), or that of its largest burst so far, which fades by half in eight days. If fewer than half of the hosts tried answer it is a scan and told as such.",
            "New hosts come independently; a completed handshake makes a service known (the latest 177 at least, for a week)."
                    + " Cold start: in a host's first hour only hosts that refuse a session count. A burst that was told"
                    + " is a habit afterwards: a smaller one in the weeks after it, by an attacker too, is not told.",
            "e^-threshold = 4.5e-5 for each new host met, if they come independently at the learnt mean. Bursts of"
                    + " administration are not independent: of a host that does so by habit the first is told, and later"
                    + " ones only if they are larger than a Poisson number about the largest so far.",
            TimeUnit.MINUTES.toNanos(10),
            768,
            List.of(SPAN, COLD, FIRST_HOSTS, LEAST_MEAN, ROLE_HOSTS, THRESHOLD));

    private static final String TECHNIQUE = "T1021";
    private static final double NANOS_OF_SECOND = 1e9;
    private static final double NANOS_OF_MINUTE = 60e9;

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(FlowFact fact) {
        boolean isAttempt = fact.isOut() && AdministrationPorts.isOne(fact);
        return switch (fact.kind()) {
            case OPENED, ANSWERED, REFUSED, HALF_OPEN -> isAttempt;
            case ESTABLISHED -> true;
            case CONTINUED, UNREACHABLE, UNANSWERED, VOLUME -> false;
        };
    }

    @Override
    public LateralMemory begin() {
        return new LateralMemory();
    }

    @Override
    public LateralMemory read(DataInput in) throws IOException {
        return LateralMemory.read(in);
    }

    @Override
    public void observe(FlowFact fact, LateralMemory memory, Tuning tuning, Findings findings) {
        if (tuning.is(fact.hostName(), Tuning.SCANNER)) {
            return;
        }
        memory.hear(fact.time(), fact.kind() == Kind.ESTABLISHED);
        if (fact.isOut() && AdministrationPorts.isOne(fact)) {
            hearAttempt(fact, memory, tuning, findings);
        }
    }

    private static void hearAttempt(FlowFact fact, LateralMemory memory, Tuning tuning, Findings findings) {
        int endpoint = Endpoints.ofDestination(fact);
        if (fact.kind() == Kind.ESTABLISHED) {
            memory.usual.put(endpoint, fact.time());
        } else if (fact.kind() == Kind.HALF_OPEN) {
            memory.dropAll();
        } else if (!memory.usual.isKnown(endpoint)) {
            memory.dropBefore(fact.time() - spanNanos(tuning));
            int host = Endpoints.ofHost(fact.destination());
            if (fact.kind() == Kind.OPENED) {
                memory.attempt(host, fact.time());
            } else if (memory.answer(host, fact.kind() == Kind.REFUSED)) {
                judge(fact, memory, tuning, findings);
            }
        }
    }

    private static void judge(FlowFact fact, LateralMemory memory, Tuning tuning, Findings findings) {
        boolean isCold = fact.time() - memory.since < tuning.get(PROFILE, COLD) * NANOS_OF_MINUTE;
        double mean = mean(fact, memory, tuning);
        double threshold = tuning.get(PROFILE, THRESHOLD);
        double usual = Math.max(mean, memory.habit.hosts(fact.time(), spanNanos(tuning)));
        if (evidence(memory.alive(), mean) >= threshold) {
            memory.habit.add(memory.alive(), fact.time(), spanNanos(tuning));
        }
        double evidence = evidence(isCold ? memory.refusing() : memory.alive(), usual);
        if (evidence >= threshold && 2 * memory.alive() >= memory.tried()) {
            findings.report(finding(fact, memory, usual, evidence, threshold));
        }
    }

    private static double evidence(int hosts, double mean) {
        return -Math.log(PoissonTail.atLeast(hosts, mean));
    }

    /** New hosts to be expected in a span: a Gamma prior of one span, and what was learnt since. */
    private static double mean(FlowFact fact, LateralMemory memory, Tuning tuning) {
        boolean hasRole = tuning.is(fact.hostName(), Tuning.MONITORING) || tuning.is(fact.hostName(), Tuning.BACKUP);
        if (hasRole) {
            return tuning.get(PROFILE, ROLE_HOSTS);
        }
        double spans = (fact.time() - memory.since) / (double) spanNanos(tuning);
        double mean = (tuning.get(PROFILE, FIRST_HOSTS) + memory.learnt) / (1 + spans);
        return Math.max(tuning.get(PROFILE, LEAST_MEAN), mean);
    }

    private static long spanNanos(Tuning tuning) {
        return (long) (tuning.get(PROFILE, SPAN) * NANOS_OF_MINUTE);
    }

    private static Finding finding(
            FlowFact fact, LateralMemory memory, double mean, double evidence, double threshold) {
        long since = memory.firstTried();
        Map<String, Double> baseline = new TreeMap<>();
        baseline.put("new_hosts_per_span", mean);
        baseline.put("usual_services", (double) memory.usual.count());
        String sentence = String.format(
                Locale.ROOT,
                "%s reached administration ports of %d hosts that it had not used before within %.1f s, and %d of them"
                        + " refused; %.2f new hosts are usual for it in such a span.",
                fact.hostName(),
                memory.alive(),
                (fact.time() - since) / NANOS_OF_SECOND,
                memory.refusing(),
                mean);
        return new Finding(
                "",
                fact.realm(),
                fact.hostName(),
                "",
                TECHNIQUE,
                since,
                fact.time(),
                evidence,
                threshold,
                evidence,
                Severity.HIGH,
                baseline,
                List.of(fact.flowId()),
                sentence);
    }

    @Override
    public void elapse(String subject, long time, LateralMemory memory, Tuning tuning, Findings findings) {
        // nothing falls due: hosts leave the span when the next fact comes
    }
}
