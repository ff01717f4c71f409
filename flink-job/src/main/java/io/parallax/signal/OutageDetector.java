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
 * Outage of a service: clients that used it before fail, one after the other, and nobody has an answer in between.
 *
 * <p>While a service is up, an attempt fails with a chance q that is learnt from it. So a run of k clients that fail begins
 * with a chance q^k at each attempt, and n attempts a day begin n q^k of them. A client counts once a run, however often it
 * tries: its failures belong together. Any answer, also to a stranger, ends the run.
 *
 * <p>Who never used the service says nothing by failing at it: it may be a scan.
 */
public final class OutageDetector implements Detector<FlowFact, OutageMemory> {

    static final Parameter CLIENTS = new Parameter(
            "least_clients", 3, 2, OutageService.MOST_FAILING, "stated: three clients failing on one service");
    static final Parameter THRESHOLD =
            new Parameter("threshold_nats", Math.log(100), 1, 50, "stated: one in 100 days; ln 100 = 4.6");

    /** Failures further apart are not taken to be one outage. */
    private static final long GAP_NANOS = TimeUnit.MINUTES.toNanos(10);

    static final Profile PROFILE = new Profile(
            "outage",
            "Outage of a service",
            List.of(),
            "Clients that used a service before and now fail (refused, unreachable, no answer), with nobody answered in"
                    + " between: n q^k, with k clients, the service's learnt chance of failure q and its n attempts a day.",
            "Clients fail independently while the service is up. Answers are captured wherever attempts are: suppression"
                    + " where sensors were missing is another step's. Failures more than ten minutes apart are no run. A second in"
                    + " which three clients lose their first packets is told like a crash.",
            "e^-threshold = 0.01 a service and day, if failures are independent of each other.",
            GAP_NANOS,
            720,
            List.of(CLIENTS, THRESHOLD));

    /** Clients from which on it is worse. */
    private static final int MANY = 8;

    private static final double NANOS_OF_DAY = 86_400e9;
    private static final double NANOS_OF_SECOND = 1e9;
    private static final double PERCENT = 100;

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(FlowFact fact) {
        boolean isStep = fact.kind() == Kind.ANSWERED || fact.kind() == Kind.ESTABLISHED || fact.isFailure();
        return isStep && !fact.isOut() && (fact.protocol() == FlowFact.TCP || fact.protocol() == FlowFact.UDP);
    }

    @Override
    public OutageMemory begin() {
        return new OutageMemory();
    }

    @Override
    public OutageMemory read(DataInput in) throws IOException {
        return OutageMemory.read(in);
    }

    @Override
    public void observe(FlowFact fact, OutageMemory memory, Tuning tuning, Findings findings) {
        int print = Endpoints.of("", fact.protocol(), fact.destinationPort());
        OutageService service = memory.find(print);
        boolean isUse =
                fact.kind() == Kind.ESTABLISHED || (fact.kind() == Kind.ANSWERED && fact.protocol() == FlowFact.UDP);
        if (service == null) {
            if (!isUse) {
                return;
            }
            service = memory.add(print, fact.time());
        }
        int client = Endpoints.ofHost(fact.source());
        if (fact.kind() == Kind.ANSWERED) {
            service.succeed(fact.time());
        }
        if (isUse) {
            service.know(client);
        } else if (fact.isFailure()
                && service.knows(client)
                && !tuning.is(fact.sourceName(), Tuning.SCANNER)
                && isAfter(fact, service)) {
            service.fail(client, fact.time(), GAP_NANOS);
            judge(fact, service, tuning, findings);
        }
    }

    /** An attempt from before the last answer says nothing of the time since: no answer is known only a second later. */
    private static boolean isAfter(FlowFact fact, OutageService service) {
        return fact.flowStart() >= service.lastUp();
    }

    private static void judge(FlowFact fact, OutageService service, Tuning tuning, Findings findings) {
        if (service.failing() < tuning.get(PROFILE, CLIENTS)) {
            return;
        }
        double days = Math.max(1, (fact.time() - service.since) / NANOS_OF_DAY);
        double attemptsADay = Math.max(1, service.attempts() / days);
        double evidence = -service.failing() * Math.log(service.failureShare()) - Math.log(attemptsADay);
        double threshold = tuning.get(PROFILE, THRESHOLD);
        if (evidence >= threshold) {
            service.tell();
            findings.report(finding(fact, service, attemptsADay, evidence, tuning));
        }
    }

    private static Finding finding(
            FlowFact fact, OutageService service, double attemptsADay, double evidence, Tuning tuning) {
        String port = (fact.protocol() == FlowFact.TCP ? "tcp/" : "udp/") + fact.destinationPort();
        String sentence = String.format(
                Locale.ROOT,
                "%d clients that had used %s of %s failed within %.1f s and nobody had an answer; %.2f %% of the attempts"
                        + " fail usually.",
                service.failing(),
                port,
                fact.hostName(),
                (fact.time() - service.firstFailure()) / NANOS_OF_SECOND,
                PERCENT * service.failureShare());
        Map<String, Double> baseline = new TreeMap<>();
        baseline.put("attempts_per_day", attemptsADay);
        baseline.put("failure_share", service.failureShare());
        return new Finding(
                port,
                fact.realm(),
                fact.hostName(),
                "",
                "",
                service.firstFailure(),
                fact.time(),
                service.failing(),
                tuning.get(PROFILE, CLIENTS),
                evidence,
                service.failing() >= MANY ? Severity.HIGH : Severity.MEDIUM,
                baseline,
                List.of(fact.flowId()),
                sentence);
    }

    @Override
    public void elapse(String subject, long time, OutageMemory memory, Tuning tuning, Findings findings) {
        // nothing falls due: an outage shows by those who try
    }
}
