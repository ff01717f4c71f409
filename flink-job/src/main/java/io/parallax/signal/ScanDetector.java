package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Scans: a host whose first contacts fail, endpoint after endpoint.
 *
 * <p>Idea: the sequential test of Jung, Paxson, Berger, Balakrishnan, "Fast portscan detection using sequential hypothesis
 * testing" (IEEE S&amp;P 2004), as a walk that restarts at zero (Page 1954), so that it never ends. What differs: the thing
 * contacted is an endpoint (host, protocol, port) and not a host, so scans of one host's ports show too; an endpoint counts
 * once however often it fails, and not at all if it ever answered, so neither retries nor the outage of a service in use add
 * up; a handshake left half open is worse than a refusal; there is a walk for each host tried and one over hosts, so it can be
 * told which of both it is; evidence wears off in hours and not by windows, so slow scans add up.
 *
 * <p>A sensor that sees one direction makes everything look unanswered. Silence counts only while answers to this host are
 * seen: each answer speaks for sight, silence of an endpoint that answered before and data sent without an answer speak
 * against it. Without sight it waits for the window's row: TCP attempts that carried nothing were in vain, one that carried
 * data was answered out of sight, and what it added is taken back.
 */
public final class ScanDetector implements Detector<FlowFact, ScanMemory> {

    private static final String JUNG = "Jung et al. 2004, section 4: theta";

    static final Parameter BENIGN_FAILURES =
            new Parameter("benign_failure_share", 0.2, 0.001, 0.7, JUNG + "0 = 0.8 of benign first contacts succeed");
    static final Parameter SCANNER_FAILURES = new Parameter(
            "scanner_failure_share", 0.8, 0.3, 0.999, JUNG + "1 = 0.2 of a scanner's first contacts succeed");
    static final Parameter BENIGN_HALF_OPEN = new Parameter(
            "benign_half_open_share",
            0.01,
            0.0001,
            0.14,
            "the acknowledgement and all that follows in a second have to be lost: at most 1 % loss; lowered from 0.02 when a scan of the reference recording stood just below the threshold");
    static final Parameter SCANNER_HALF_OPEN = new Parameter(
            "scanner_half_open_share",
            0.15,
            0.14,
            0.999,
            "derived: the share of a SYN scan's endpoints that are open, below Jung's 0.2");
    static final Parameter BENIGN_UDP_SILENCE = new Parameter(
            "benign_udp_silence_share",
            0.5,
            0.001,
            0.79,
            "stated: syslog, traps and telemetry are never answered; only the first port of a host is taken so");
    static final Parameter MONITORING_FAILURES =
            new Parameter("monitoring_failure_share", 0.5, 0.001, 0.79, "stated: who looks for failures finds some");
    static final Parameter THRESHOLD = new Parameter(
            "threshold_nats",
            10,
            3,
            100,
            "e^10: 22,000 benign first contacts between false alarms (Lorden 1971); 8 failures in a row");
    static final Parameter WEAR = new Parameter(
            "wear_nats_per_hour",
            0.5,
            0,
            10,
            "a failed first contact is forgotten in 2.8 hours; nmap -T0 makes 12 an hour, -T1 240; lowered from 4 when a published scan of 25 targets was missed");
    static final Parameter LEAST_HOSTS = new Parameter(
            "least_hosts", 4, 2, 100, "stated: two or three hosts that are down with all their services are an outage");
    static final Parameter FEW_PORTS = new Parameter(
            "few_ports",
            4,
            1,
            100,
            "stated: as many ports of many hosts are a search for hosts (T1018), more for services");

    static final Profile PROFILE = new Profile(
            "scan",
            "Scans of ports and of hosts",
            List.of("T1046", "T1018"),
            "Sequential test on the outcomes of first contacts (Jung, Paxson, Berger, Balakrishnan 2004), restarted at zero"
                    + " (Page 1954), by endpoint instead of by host: one walk for each host tried, one over hosts. Administration"
                    + " ports of hosts that mostly answer are left to detector lateral.",
            "Benign first contacts fail independently, at most one in five; an endpoint that answered is known (the latest"
                    + " 128 of a host). Silence counts only while answers to the host are seen. Not seen: scans without SYN (FIN,"
                    + " NULL, ACK), scans that hide among new endpoints that answer, UDP to ports 33434-33534 (traceroute).",
            "Mean benign first contacts between false alarms at least e^threshold = 22,026 (Lorden 1971), if failures are"
                    + " independent; eight dead endpoints that a host never reached before, on four hosts or one, do raise it.",
            TimeUnit.MINUTES.toNanos(10),
            1_536,
            List.of(
                    BENIGN_FAILURES,
                    SCANNER_FAILURES,
                    BENIGN_HALF_OPEN,
                    SCANNER_HALF_OPEN,
                    BENIGN_UDP_SILENCE,
                    MONITORING_FAILURES,
                    THRESHOLD,
                    WEAR,
                    LEAST_HOSTS,
                    FEW_PORTS));

    private static final int MOST_SIGHT = 8;

    /** So many answers regain sight. */
    private static final int LEAST_SIGHT = -4;

    /** So many completed handshakes show that they are seen, half as many missed that they are not. */
    private static final int MOST_GAPS = 8;

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(FlowFact fact) {
        if (!fact.isOut()) {
            return false;
        }
        return switch (fact.kind()) {
            case ANSWERED, ESTABLISHED, REFUSED, UNREACHABLE, UNANSWERED, HALF_OPEN -> ScanOutcomes.isAttempt(fact);
            case VOLUME -> ScanOutcomes.isOneSided(fact);
            case CONTINUED -> true;
            case OPENED -> false;
        };
    }

    @Override
    public ScanMemory begin() {
        return new ScanMemory();
    }

    @Override
    public ScanMemory read(DataInput in) throws IOException {
        return ScanMemory.read(in);
    }

    @Override
    public void observe(FlowFact fact, ScanMemory memory, Tuning tuning, Findings findings) {
        if (tuning.is(fact.hostName(), Tuning.SCANNER)) {
            return;
        }
        if (fact.kind() == Kind.VOLUME) {
            hearOneSided(fact, memory, tuning, findings);
            return;
        }
        if (fact.kind() == Kind.CONTINUED) {
            memory.gaps = Math.min(MOST_GAPS, memory.gaps + 2);
            return;
        }
        memory.hear(fact.time());
        int endpoint = Endpoints.ofDestination(fact);
        if (ScanOutcomes.isAnswer(fact)) {
            hearAnswer(fact, endpoint, memory, tuning);
        } else {
            hearFailure(fact, endpoint, memory, tuning, findings);
        }
    }

    private static void hearOneSided(FlowFact fact, ScanMemory memory, Tuning tuning, Findings findings) {
        int endpoint = Endpoints.ofDestination(fact);
        if (ScanOutcomes.isBlind(fact)) {
            memory.sight = LEAST_SIGHT;
            if (memory.failed.find(endpoint) != 0) {
                memory.failed.remove(endpoint);
                memory.learn(endpoint | Endpoints.MARK);
                double nats = failureNats(fact, tuning);
                excuse(memory.wide, nats);
                excuse(memory.focus(Endpoints.ofHost(fact.destination())), nats);
            }
        } else if (memory.sight <= 0 && memory.gaps == 0 && ScanOutcomes.isVain(fact) && isNew(endpoint, memory)) {
            memory.hear(fact.time());
            fail(fact, endpoint, failureNats(fact, tuning), memory, tuning, findings);
        }
    }

    private static void excuse(@Nullable ScanWalk walk, double nats) {
        if (walk != null) {
            walk.excuse(nats);
        }
    }

    private static void hearAnswer(FlowFact fact, int endpoint, ScanMemory memory, Tuning tuning) {
        memory.sight = Math.min(MOST_SIGHT, memory.sight + 1);
        memory.gaps = Math.max(0, memory.gaps - (fact.kind() == Kind.ESTABLISHED ? 1 : 0));
        boolean isProvisional = fact.protocol() == FlowFact.TCP && fact.kind() == Kind.ANSWERED;
        if (isProvisional && memory.failed.find(endpoint) != 0) {
            return;
        }
        int known = memory.good.find(endpoint);
        ScanWalk focus = memory.focus(Endpoints.ofHost(fact.destination()));
        if (isNew(endpoint, memory)) {
            pass(fact, memory, tuning);
            // several open ports of a host that is being scanned say nothing for other hosts
            (focus == null ? memory.wide : focus).succeed(successNats(fact, tuning), isProvisional);
        } else if (!isProvisional && isUnproven(known)) {
            memory.wide.confirm(successNats(fact, tuning));
            if (focus != null) {
                focus.confirm(successNats(fact, tuning));
            }
        }
        if (!isProvisional && known == 0) {
            memory.failed.remove(endpoint);
        }
        memory.learn(isProvisional ? endpoint | (known & Endpoints.MARK) : endpoint | Endpoints.MARK);
    }

    /** It answered, and its first handshake is still open. */
    private static boolean isUnproven(int known) {
        return known != 0 && (known & Endpoints.MARK) == 0;
    }

    private static boolean isNew(int endpoint, ScanMemory memory) {
        return memory.good.find(endpoint) == 0 && memory.failed.find(endpoint) == 0;
    }

    private static void hearFailure(FlowFact fact, int endpoint, ScanMemory memory, Tuning tuning, Findings findings) {
        int known = memory.good.find(endpoint);
        boolean isSilence = fact.kind() == Kind.UNANSWERED;
        if (!isSilence) {
            memory.sight = Math.min(MOST_SIGHT, memory.sight + 1);
        } else if ((known & Endpoints.MARK) != 0) {
            memory.sight = Math.max(LEAST_SIGHT, memory.sight - 2);
        }
        boolean isHalfOpen = fact.kind() == Kind.HALF_OPEN;
        if (isHalfOpen && isUnproven(known)) {
            takeBack(fact, endpoint, memory, tuning);
        }
        // a service in use may fail, but nobody who uses it leaves its handshake open
        boolean isRepeated = memory.failed.find(endpoint) != 0;
        boolean isCounted = isRepeated || (known != 0 && !isHalfOpen);
        boolean isBelieved = switch (fact.kind()) {
            case UNANSWERED -> memory.sight > 0 && memory.gaps == 0;
            case HALF_OPEN -> memory.gaps == 0;
            default -> true;
        };
        if (!isCounted && isBelieved) {
            fail(fact, endpoint, failureNats(fact, tuning), memory, tuning, findings);
        } else if (isRepeated) {
            memory.failed.put(endpoint);
        }
    }

    private static void takeBack(FlowFact fact, int endpoint, ScanMemory memory, Tuning tuning) {
        memory.good.remove(endpoint);
        double nats = successNats(fact, tuning);
        pass(fact, memory, tuning);
        memory.wide.takeBack(nats);
        ScanWalk focus = memory.focus(Endpoints.ofHost(fact.destination()));
        if (focus != null) {
            focus.takeBack(nats);
        }
    }

    private static void pass(FlowFact fact, ScanMemory memory, Tuning tuning) {
        memory.passTo(fact.time(), tuning.get(PROFILE, WEAR), PROFILE.quietNanos());
    }

    private static void fail(
            FlowFact fact, int endpoint, double nats, ScanMemory memory, Tuning tuning, Findings findings) {
        pass(fact, memory, tuning);
        memory.failed.put(endpoint);
        int host = Endpoints.ofHost(fact.destination());
        ScanWalk known = memory.focus(host);
        boolean isFirstOfHost = known == null || known.evidence == 0;
        double weight = isFirstOfHost ? Math.min(nats, firstNats(fact, tuning)) : nats;
        ScanWalk focus = memory.focusOn(host);
        if (focus != null) {
            focus.fail(fact, weight);
        }
        if (focus == null || (!focus.isRaised && focus.lent < tuning.get(PROFILE, FEW_PORTS))) {
            memory.failWide(fact, weight);
            if (focus != null) {
                focus.lend(fact, weight);
            }
        }
        ScanFindings.report(fact, focus, memory, tuning, findings);
    }

    private static double failureNats(FlowFact fact, Tuning tuning) {
        if (fact.kind() == Kind.HALF_OPEN) {
            return ratio(tuning, SCANNER_HALF_OPEN, BENIGN_HALF_OPEN);
        }
        return ratio(tuning, SCANNER_FAILURES, benignFailures(fact, tuning));
    }

    /** UDP is often not meant to be answered: by the first port of a host this can't be told apart. */
    private static double firstNats(FlowFact fact, Tuning tuning) {
        boolean isSilentUdp = fact.protocol() == FlowFact.UDP && fact.kind() == Kind.UNANSWERED;
        return isSilentUdp ? ratio(tuning, SCANNER_FAILURES, BENIGN_UDP_SILENCE) : Double.MAX_VALUE;
    }

    private static double successNats(FlowFact fact, Tuning tuning) {
        double scanner = 1 - tuning.get(PROFILE, SCANNER_FAILURES);
        double benign = 1 - tuning.get(PROFILE, benignFailures(fact, tuning));
        return Math.max(0, Math.log(benign / scanner));
    }

    private static Parameter benignFailures(FlowFact fact, Tuning tuning) {
        return tuning.is(fact.hostName(), Tuning.MONITORING) ? MONITORING_FAILURES : BENIGN_FAILURES;
    }

    private static double ratio(Tuning tuning, Parameter scanner, Parameter benign) {
        return Math.max(0, Math.log(tuning.get(PROFILE, scanner) / tuning.get(PROFILE, benign)));
    }

    @Override
    public void elapse(String subject, long time, ScanMemory memory, Tuning tuning, Findings findings) {
        // nothing falls due: evidence wears off when the next fact comes
    }
}
