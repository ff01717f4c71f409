package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What {@link BruteForceDetector} has to say, in figures and words. */
final class LoginFindings {

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private LoginFindings() {}

    static Finding guessing(FlowFact fact, LoginEdge edge, double threshold) {
        LoginWalk walk = edge.walk;
        return new Finding(
                "guessing " + edge.peer + ' ' + edge.port,
                fact.realm(),
                fact.hostName(),
                edge.peer,
                "T1110",
                walk.since,
                fact.time(),
                walk.failures,
                Math.ceil(threshold / (walk.nats / walk.failures)),
                walk.nats,
                Severity.MEDIUM,
                Map.of(),
                flows(edge.firstFlow, fact.flowId()),
                String.format(
                        Locale.ROOT,
                        "%s logged in at tcp/%d of %s %d times in vain within %.0f s, the last with %d octets sent and %d"
                                + " received.",
                        fact.hostName(),
                        edge.port,
                        edge.peer,
                        walk.failures,
                        (fact.flowStart() - walk.since) / NANOS_PER_SECOND,
                        fact.transportOctets(),
                        fact.reverseTransportOctets()));
    }

    static Finding spray(FlowFact fact, LoginSpray spray, double threshold) {
        LoginWalk walk = spray.walk;
        return new Finding(
                "spray " + spray.port,
                fact.realm(),
                fact.hostName(),
                "",
                "T1110.003",
                walk.since,
                fact.time(),
                walk.failures,
                Math.ceil(threshold / (walk.nats / walk.failures)),
                walk.nats,
                Severity.MEDIUM,
                Map.of(),
                flows(spray.firstFlow, fact.flowId()),
                String.format(
                        Locale.ROOT,
                        "%s logged in at tcp/%d of about %d hosts %d times in vain within %.0f s.",
                        fact.hostName(),
                        spray.port,
                        spray.targets(),
                        walk.failures,
                        (fact.flowStart() - walk.since) / NANOS_PER_SECOND));
    }

    /** @param subject realm and address of the host */
    static Finding success(String subject, LoginEdge edge, long at) {
        int space = subject.lastIndexOf(' ');
        return new Finding(
                "success " + edge.peer + ' ' + edge.port,
                subject.substring(0, space),
                edge.entity,
                edge.peer,
                "T1078",
                edge.sessionStart,
                at,
                edge.sessionOctets,
                edge.mostOctets,
                edge.evidence,
                Severity.HIGH,
                Map.of("logins_in_vain", (double) edge.guesses),
                List.of(edge.sessionFlow),
                String.format(
                        Locale.ROOT,
                        "%s had a session at tcp/%d of %s after %d logins in vain, and stopped guessing: it received %d octets,"
                                + " where a failure has at most %d.",
                        edge.entity,
                        edge.port,
                        edge.peer,
                        edge.guesses,
                        edge.sessionOctets,
                        edge.mostOctets));
    }

    private static List<String> flows(String first, String last) {
        return first.equals(last) ? List.of(first) : List.of(first, last);
    }
}
