package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Floods of one service of a host by attempts that come to nothing.
 *
 * <p>Idea: the non-parametric CUSUM of Wang, Zhang, Shin, "Detecting SYN flooding attacks" (IEEE INFOCOM 2002), of the excess
 * of SYN over what completes them. What differs: not SYN against FIN in periods of 20 s but each attempt against its own
 * outcome, a second after it (that is when it is told); by service of a host; and more is allowed where more is usual.
 *
 * <pre>
 *  walk = max(0, walk - allowed * seconds)   allowed = max(floor, multiple * usual attempts a second)
 *       + 1 for each handshake left open or never answered (a datagram without an answer: less)
 *       - a quarter for each attempt completed
 * </pre>
 *
 * <p>A crowd completes its handshakes. An outage is what is usual, failing. Of failures within 20 ms only a few count, so a
 * pool that loses its connections to a host that went down is one step and not a flood. A refusal is no failure: the service
 * is being restarted, or the port is closed. A scan of many ports fails once at each.
 */
public final class FloodDetector implements Detector<FlowFact, FloodMemory> {

    static final Parameter THRESHOLD = new Parameter(
            "threshold_attempts",
            25,
            5,
            100_000,
            "derived: 50 attempts a second are seen 0.7 s after the first outcome; see the bound of false alarms");
    static final Parameter FLOOR = new Parameter(
            "floor_attempts_per_second",
            10,
            1,
            100_000,
            "stated: five clients that retry twice a second at a service that is down");
    static final Parameter MULTIPLE = new Parameter(
            "usual_multiple",
            2,
            1,
            100,
            "stated: when a service is down, each client tries twice as often as it usually connects");
    static final Parameter COMPLETED_WORTH = new Parameter(
            "completed_worth",
            0.25,
            0,
            10,
            "derived: one attempt in five may fail without end, as in a crowd with loss");
    static final Parameter DATAGRAM_WEIGHT = new Parameter(
            "datagram_weight",
            0.1,
            0.001,
            1,
            "stated: logs and telemetry by UDP are never answered, 100 new flows a second are allowed; FastNetMon's"
                    + " default for all protocols is 3500 flows a second");
    static final Parameter MOST_AT_ONCE = new Parameter(
            "most_attempts_per_20_ms",
            3,
            1,
            100_000,
            "derived: a flood lasts a sixth of a second at least, a burst does not");

    static final Profile PROFILE = new Profile(
            "flood",
            "Floods of a service with attempts that come to nothing",
            List.of("T1499", "T1498"),
            "Non-parametric CUSUM of attempts that were not completed within a second over those that were (Wang, Zhang,"
                    + " Shin 2002), by service of a host, against its own usual rate. TCP is T1499; UDP and ICMP without"
                    + " answers T1498.",
            "Both directions are seen. A flood is at least 50 attempts a second and three times the usual rate, and more than"
                    + " a quarter of the completed attempts beside it. Not seen: floods of complete connections, of refused"
                    + " ports, over many ports, and of packets within one flow (the volume detector counts those).",
            "If failures of a service are Poisson at no more than half of what is allowed, its walk passes the threshold in"
                    + " one excursion with p <= e^(-1.256 * 25) = 2e-14 (Lundberg 1903); a host that goes down while more than"
                    + " 10 connections a second are tried, its usual rate being unknown or far less, is raised.",
            TimeUnit.SECONDS.toNanos(10),
            1_536,
            List.of(THRESHOLD, FLOOR, MULTIPLE, COMPLETED_WORTH, DATAGRAM_WEIGHT, MOST_AT_ONCE));

    /** Root of e^x - 1 = 2 x: of Poisson failures at half the rate that is taken off. */
    private static final double LUNDBERG = 1.2564;

    /** The walk goes no further than so many thresholds, so that it is over soon when the flood is. */
    private static final double MOST_THRESHOLDS = 4;

    /** As the meter waits for an answer. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Ten windows of a minute. */
    private static final long BLIND_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(FlowFact fact) {
        return !fact.isOut()
                && switch (fact.kind()) {
                    case OPENED, ESTABLISHED, HALF_OPEN, UNANSWERED, REFUSED, UNREACHABLE -> true;
                    case ANSWERED -> fact.protocol() != FlowFact.TCP;
                    case VOLUME -> fact.protocol() == FlowFact.TCP && fact.reversePackets() == 0 && fact.packets() > 0;
                    case CONTINUED -> false;
                };
    }

    @Override
    public FloodMemory begin() {
        return new FloodMemory();
    }

    @Override
    public FloodMemory read(DataInput in) throws IOException {
        return FloodMemory.read(in);
    }

    @Override
    public void observe(FlowFact fact, FloodMemory memory, Tuning tuning, Findings findings) {
        int port = isIcmp(fact) ? 0 : fact.destinationPort();
        FloodService service = memory.take(fact.protocol(), port, fact.time());
        switch (fact.kind()) {
            case OPENED -> service.open(fact.time());
            case VOLUME -> hearOneSided(fact, service, memory, tuning, findings);
            case ESTABLISHED, ANSWERED -> {
                memory.seeAnswers();
                service.settle();
                service.pass(fact.time(), allowed(fact, service, tuning));
                service.complete(tuning.get(PROFILE, COMPLETED_WORTH) * weight(fact, tuning));
            }
            case HALF_OPEN, UNANSWERED -> {
                service.settle();
                hearFailure(fact, fact.time(), service, memory, tuning, findings);
            }
            default -> service.settle();
        }
    }

    /** Tells what the steps can't: that answers pass out of sight, and attempts in the last second before the input ended. */
    private static void hearOneSided(
            FlowFact fact, FloodService service, FloodMemory memory, Tuning tuning, Findings findings) {
        long end = fact.flowStart() + PATIENCE_NANOS;
        if (fact.transportOctets() > 0) {
            memory.missAnswers(fact.time() + BLIND_NANOS);
        } else if (fact.time() >= end && service.isCutOff(fact.time(), PATIENCE_NANOS)) {
            service.settle();
            hearFailure(fact, end, service, memory, tuning, findings);
        }
    }

    private static void hearFailure(
            FlowFact fact, long end, FloodService service, FloodMemory memory, Tuning tuning, Findings findings) {
        if (fact.kind() != Kind.HALF_OPEN && memory.isBlind(fact.time())) {
            return;
        }
        double threshold = tuning.get(PROFILE, THRESHOLD);
        service.pass(end, allowed(fact, service, tuning));
        service.fail(
                fact.sourceName(),
                fact.flowId(),
                fact.flowStart(),
                end,
                weight(fact, tuning),
                tuning.get(PROFILE, MOST_AT_ONCE),
                MOST_THRESHOLDS * threshold);
        if (service.walk >= threshold && isWorthTelling(service, end)) {
            findings.report(finding(fact, service, threshold));
        }
    }

    private static double allowed(FlowFact fact, FloodService service, Tuning tuning) {
        double usual = tuning.get(PROFILE, MULTIPLE) * weight(fact, tuning) * service.usualPerSecond;
        return Math.max(tuning.get(PROFILE, FLOOR), usual);
    }

    private static double weight(FlowFact fact, Tuning tuning) {
        return fact.protocol() == FlowFact.TCP ? 1 : tuning.get(PROFILE, DATAGRAM_WEIGHT);
    }

    private static boolean isIcmp(FlowFact fact) {
        return fact.protocol() == FlowFact.ICMP || fact.protocol() == FlowFact.ICMPV6;
    }

    /** Not each attempt of a flood: when there are twice as many, or a second has passed. */
    private static boolean isWorthTelling(FloodService service, long time) {
        boolean isWorthIt = service.failures >= 2 * service.toldFailures || time - service.toldTime >= TELL_NANOS;
        if (isWorthIt) {
            service.toldFailures = service.failures;
            service.toldTime = time;
        }
        return isWorthIt;
    }

    private static Finding finding(FlowFact fact, FloodService service, double threshold) {
        boolean isTcp = fact.protocol() == FlowFact.TCP;
        Map<String, Double> usual = new TreeMap<>();
        usual.put("usual_attempts_per_second", service.usualPerSecond);
        usual.put("completed_attempts", (double) service.completed);
        List<String> flows = new ArrayList<>();
        flows.add(service.firstFlow);
        if (!service.firstFlow.equals(fact.flowId())) {
            flows.add(fact.flowId());
        }
        return new Finding(
                service(fact),
                fact.realm(),
                fact.hostName(),
                service.mainSource(),
                isTcp ? "T1499" : "T1498",
                service.since,
                fact.time(),
                service.failures,
                threshold,
                LUNDBERG * service.walk,
                isTcp ? Severity.HIGH : Severity.MEDIUM,
                usual,
                flows,
                sentence(fact, service));
    }

    private static String service(FlowFact fact) {
        return switch (fact.protocol()) {
            case FlowFact.TCP -> "tcp/" + fact.destinationPort();
            case FlowFact.UDP -> "udp/" + fact.destinationPort();
            case FlowFact.ICMP, FlowFact.ICMPV6 -> "icmp";
            default -> "ip/" + fact.protocol();
        };
    }

    private static String sentence(FlowFact fact, FloodService service) {
        String from = service.mainSource().isEmpty()
                ? "no source making half of them"
                : service.mainSourceFailures() + " of them from " + service.mainSource();
        return String.format(
                Locale.ROOT,
                "%s got %d attempts at %s in %.1f s that came to nothing, beside %d that were completed, %s; usual are %.1f"
                        + " attempts a second.",
                fact.hostName(),
                service.failures,
                service(fact),
                (service.toldTime - service.since) / NANOS_PER_SECOND,
                service.completed,
                from,
                service.usualPerSecond);
    }

    @Override
    public void elapse(String subject, long time, FloodMemory memory, Tuning tuning, Findings findings) {
        // nothing is due: a walk is brought up to date when the next attempt is heard
    }
}
