package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Guessing of passwords: logins that came to nothing, one after another.
 *
 * <p>Idea: Hellemons et al., "SSHCure: a flow-based SSH intrusion detection system" (AIMS 2012) and Jonker et al., "Unveiling
 * flat traffic on the Internet: an SSH attack case study" (IM 2015): a failed login has a size of its own, and guesses have it
 * all. What differs: not so many in a minute but a sequential test (Page 1954) on each flow, so that slow guessing adds up and a
 * session that works takes back; and only services count whose failures can be told from sessions, see {@link LoginShape}.
 *
 * <p>How fast connections are opened decides nothing: a build server opens more of them than hydra. Pools, benchmarks and
 * scripts have sessions that transfer more than a refusal; probes and health checks transfer less. The price is that it waits
 * for the window's row.
 *
 * <p>A session after guessing, with none in vain after it, is a password found: tools stop there.
 */
public final class BruteForceDetector implements Detector<FlowFact, BruteForceMemory> {

    static final Parameter BENIGN_FAILURES = new Parameter(
            "benign_failure_share",
            0.1,
            0.001,
            0.5,
            "stated: one connection of ten of people and scripts ends without a login");
    static final Parameter GUESS_FAILURES = new Parameter(
            "guess_failure_share", 0.95, 0.51, 0.999, "stated: the one guess in twenty that is longer, or right");
    static final Parameter THRESHOLD = new Parameter(
            "threshold_nats",
            10,
            3,
            100,
            "e^10: 22,000 benign logins between false alarms (Lorden 1971); 5 failures in a row");
    static final Parameter WEAR = new Parameter(
            "wear_nats_per_hour", 60, 2, 1_000, "derived: a script that fails every 3 minutes for ever is no guessing");
    static final Parameter SPRAY_WEAR = new Parameter(
            "spray_wear_nats_per_hour", 2, 2, 1_000, "stated: one target an hour is kept; faster sprays add up");
    static final Parameter LEAST_TARGETS = new Parameter(
            "least_targets", 5, 2, 60, "stated: fewer hosts with an expired password are an expired password");
    static final Parameter TRIES = new Parameter(
            "tries_a_target",
            3,
            1,
            100,
            "derived: below the least lockout that is common, 5; more at one host is guessing");
    static final Parameter JUDGED_AFTER = new Parameter(
            "judged_after_seconds", 90, 1, 3_600, "derived: a window of 60 s and its wait for late sensors");

    static final Profile PROFILE = new Profile(
            "brute-force",
            "Guessing of passwords, sprays, and the session that then succeeds",
            List.of("T1110", "T1110.003", "T1078"),
            "Sequential test (Page 1954) on logins whose octets are those of a failure (SSHCure, Hellemons et al. 2012):"
                    + " one walk for each service logged in at, one over all hosts with the same service. SSH, FTP, Telnet, RDP,"
                    + " SMB, VNC, PostgreSQL, SQL Server at their usual ports.",
            "Both directions are seen, and a window holds most of a failed login. Benign logins fail independently, one in"
                    + " ten; a failed login is smaller than a session. Not seen: MySQL, Redis, LDAP, Oracle, HTTP (a failure is"
                    + " no smaller than use), TLS around databases, less than a guess in 2.3 minutes at one host.",
            "Mean benign logins between false alarms at least e^threshold = 22,026 (Lorden 1971), if failures are"
                    + " independent; a script that repeats a wrong password more often than every 2.3 minutes does raise"
                    + " it, and so does one that has it wrong at five hosts.",
            TimeUnit.MINUTES.toNanos(10),
            2_048,
            List.of(BENIGN_FAILURES, GUESS_FAILURES, THRESHOLD, WEAR, SPRAY_WEAR, LEAST_TARGETS, TRIES, JUDGED_AFTER));

    /** Walks go no further than so many thresholds. */
    private static final double MOST_THRESHOLDS = 10;

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(FlowFact fact) {
        return fact.kind() == Kind.VOLUME && fact.isOut() && LoginShape.of(fact).isKnown();
    }

    @Override
    public BruteForceMemory begin() {
        return new BruteForceMemory();
    }

    @Override
    public BruteForceMemory read(DataInput in) throws IOException {
        return BruteForceMemory.read(in);
    }

    @Override
    public void observe(FlowFact fact, BruteForceMemory memory, Tuning tuning, Findings findings) {
        LoginShape shape = LoginShape.of(fact);
        boolean isSession = shape.isSession(fact);
        if ((!isSession && !shape.isInVain(fact)) || tuning.is(fact.hostName(), Tuning.SCANNER)) {
            return;
        }
        LoginEdge edge = memory.edge(fact.destinationName(), fact.destinationPort(), fact.time());
        LoginSpray spray = memory.spray(fact.destinationPort());
        edge.walk.pass(fact.time(), tuning.get(PROFILE, WEAR));
        spray.walk.pass(fact.time(), tuning.get(PROFILE, SPRAY_WEAR));
        boolean isNew = edge.isNew(fact);
        if (isSession) {
            hearSession(fact, edge, spray, isNew, tuning);
        } else if (isNew) {
            hearFailure(fact, edge, spray, tuning, findings);
        }
        plan(memory, tuning);
    }

    private static void hearSession(FlowFact fact, LoginEdge edge, LoginSpray spray, boolean isNew, Tuning tuning) {
        boolean isAfterGuessing = edge.guessed != LoginEdge.NONE
                && fact.flowStart() >= edge.sinceGuessed
                && fact.flowStart() - edge.guessed <= BruteForceMemory.SUCCESS_NANOS;
        if (isAfterGuessing && isNew && edge.sessionStart == LoginEdge.NONE) {
            edge.sessionStart = fact.flowStart();
            edge.sessionHeard = fact.time();
            edge.sessionFlow = fact.flowId();
            edge.sessionOctets = fact.reverseTransportOctets();
        } else if (fact.flowId().equals(edge.sessionFlow)) {
            edge.sessionOctets += fact.reverseTransportOctets();
        }
        double loss = Math.log((1 - tuning.get(PROFILE, GUESS_FAILURES)) / (1 - tuning.get(PROFILE, BENIGN_FAILURES)));
        edge.walk.add(loss, Double.MAX_VALUE);
        spray.walk.add(loss, Double.MAX_VALUE);
    }

    private static void hearFailure(FlowFact fact, LoginEdge edge, LoginSpray spray, Tuning tuning, Findings findings) {
        double threshold = tuning.get(PROFILE, THRESHOLD);
        double gain = Math.log(tuning.get(PROFILE, GUESS_FAILURES) / tuning.get(PROFILE, BENIGN_FAILURES));
        if (edge.walk.failures == 0) {
            edge.firstFlow = fact.flowId();
        }
        edge.walk.fail(fact.flowStart(), gain, MOST_THRESHOLDS * threshold);
        if (fact.flowStart() > edge.sessionStart) {
            edge.forgetSession();
        }
        if (edge.walk.nats >= threshold) {
            edge.guessed = fact.flowStart();
            edge.sinceGuessed = edge.walk.since;
            edge.guesses = edge.walk.failures;
            edge.evidence = edge.walk.nats;
            edge.entity = fact.hostName();
            edge.mostOctets = LoginShape.of(fact).mostFromServer();
            findings.report(LoginFindings.guessing(fact, edge, threshold));
        }
        if (edge.tryAgain() <= tuning.get(PROFILE, TRIES)) {
            hearSpray(fact, spray, gain, tuning, findings);
        }
    }

    private static void hearSpray(FlowFact fact, LoginSpray spray, double gain, Tuning tuning, Findings findings) {
        double threshold = tuning.get(PROFILE, THRESHOLD);
        if (spray.walk.failures == 0) {
            spray.firstFlow = fact.flowId();
        }
        spray.fail(fact.destinationName());
        spray.walk.fail(fact.flowStart(), gain, MOST_THRESHOLDS * threshold);
        if (spray.walk.nats >= threshold && spray.targets() >= tuning.get(PROFILE, LEAST_TARGETS)) {
            findings.report(LoginFindings.spray(fact, spray, threshold));
        }
    }

    private static void plan(BruteForceMemory memory, Tuning tuning) {
        long wait = TimeUnit.SECONDS.toNanos((long) tuning.get(PROFILE, JUDGED_AFTER));
        long earliest = Memory.NEVER;
        for (LoginEdge edge : memory.edges) {
            if (edge.sessionStart != LoginEdge.NONE) {
                earliest = Math.min(earliest, edge.sessionHeard + wait);
            }
        }
        memory.judgedAt = earliest;
    }

    @Override
    public void elapse(String subject, long time, BruteForceMemory memory, Tuning tuning, Findings findings) {
        long wait = TimeUnit.SECONDS.toNanos((long) tuning.get(PROFILE, JUDGED_AFTER));
        for (LoginEdge edge : memory.edges) {
            if (edge.sessionStart != LoginEdge.NONE && edge.sessionHeard + wait <= time) {
                findings.report(LoginFindings.success(subject, edge, edge.sessionHeard + wait));
                edge.forgetSession();
                edge.guessed = LoginEdge.NONE;
            }
        }
        plan(memory, tuning);
    }
}
