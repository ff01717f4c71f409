package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Finds hosts that check in somewhere at regular intervals. */
public final class BeaconDetector implements Detector<FlowFact, BeaconEdges> {

    static final String TECHNIQUE = "T1071";

    /** What is periodic on work days, or day after day but for a holiday, is one signal. */
    private static final long QUIET_NANOS = TimeUnit.DAYS.toNanos(8);

    static final Parameter FALSE_ALARMS = new Parameter(
            "false_alarms_per_edge_day",
            1e-4,
            1e-12,
            0.1,
            "The design bound; the threshold is ln of its inverse, 9.2 nats.");

    static final Parameter LEAST_INTERVALS = new Parameter(
            "least_intervals",
            10,
            4,
            10_000,
            "From fewer the bound can hardly be reached: ten intervals of 10 % jitter are just enough (measured).");

    static final Parameter LEAST_DURATION = new Parameter(
            "least_duration_seconds",
            240,
            0,
            86_400,
            "Who tries again for less may still wait for an answer: a connection is given up after 3 min or more (RFC 1122,"
                    + " 4.2.3.5). RITA and Elastic look at hours.");

    static final Parameter LEAST_COVERAGE = new Parameter(
            "least_coverage",
            0.5,
            0,
            1,
            "Share of the time that intervals of at most eight periods make up: a beacon goes on, retries come in bursts.");

    static final Parameter ALIKE = new Parameter(
            "health_check_destinations",
            3,
            2,
            30,
            "stated: one host that looks at several ones at one period is a monitor.");

    static final Parameter INFRASTRUCTURE = new Parameter(
            "trust_infrastructure_ports",
            1,
            0,
            1,
            "1: UDP to DNS, DHCP, NTP, NetBIOS, SNMP, syslog, SSDP, mDNS, LLMNR (IANA) is a dependency, not a beacon.");

    static final Parameter LIST = new Parameter(
            "list_dependencies", 1, 0, 1, "1: periodic dependencies are told as informational signals; 0: not at all.");

    private static final Profile PROFILE = new Profile(
            "beacon",
            "a host that checks in at regular intervals",
            List.of(TECHNIQUE),
            "Intervals between the connections of an edge (destination, port, protocol) are counted by their length. The"
                    + " likelihood of the counts under beacons (period 5 s to 1 h, uniform jitter 10 to 80 %, 3 or 30 %"
                    + " missed; weighted beforehand) is divided by that under the best of all usual processes: mixtures"
                    + " of exponentials, wide log-normals, Pareto (universal inference: Wasserman, Ramdas,"
                    + " Balakrishnan 2020). One to a host inside is held for half an hour, and not told if five hosts do so"
                    + " within five weeks. Baselines: RITA v5, Elastic's beaconing package, Sentinel's query.",
            "Check-ins are separate connections, and answered: how long a retry waits after a failure is not counted, so a"
                    + " capture of one direction only shows nothing. A lone periodic client of an unknown service is not told from a beacon: a"
                    + " host sees only itself, so that others do the same is known by port, role of the host"
                    + " (monitoring), or by its own fan-out. Several servers polled by one implant at one period look"
                    + " like monitoring. A persistent connection has no intervals.",
            "At most false_alarms_per_edge_day on edges whose intervals follow one of the usual processes: the ratio is an"
                    + " e-process, which exceeds 1/a with a probability of at most a however often it is looked at"
                    + " (Ville's inequality), and starts anew each day. If the rate changes with time the bound holds at"
                    + " each look, and over a day by measurement (docs/benchmarks/beacons.md). No bound where benign"
                    + " programs are periodic: each such edge is told once, while the network is learnt or when the program"
                    + " is new, and again only after eight days without it.",
            QUIET_NANOS,
            BeaconEdges.MOST_OCTETS,
            List.of(FALSE_ALARMS, LEAST_INTERVALS, LEAST_DURATION, LEAST_COVERAGE, ALIKE, INFRASTRUCTURE, LIST));

    /** DNS, DHCP, NTP, NetBIOS, SNMP, syslog, DHCPv6, SSDP, mDNS, LLMNR. */
    private static final Set<Integer> INFRASTRUCTURE_PORTS =
            Set.of(53, 67, 68, 123, 137, 138, 161, 162, 514, 546, 547, 1900, 5353, 5355);

    /** Every interval is looked at up to here, then eight times an octave, then four times. */
    private static final int ALWAYS_LOOKED_AT = 24;

    private static final int OFTEN_LOOKED_AT = 64;
    private static final int LOOKS_PER_OCTAVE = 4;

    /** Four missed check-ins in a row with the greatest jitter. */
    private static final double MOST_PERIODS = 8;

    private static final String HEALTH_CHECKS = "health checks";

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(FlowFact fact) {
        boolean isContact = fact.kind() == FlowFact.Kind.OPENED || fact.kind() == FlowFact.Kind.CONTINUED;
        boolean hasPorts = fact.protocol() == FlowFact.TCP || fact.protocol() == FlowFact.UDP;
        return fact.isOut() && hasPorts && (isContact || fact.isFailure());
    }

    @Override
    public BeaconEdges begin() {
        return new BeaconEdges();
    }

    @Override
    public BeaconEdges read(DataInput in) throws IOException {
        return BeaconEdges.readFrom(in);
    }

    @Override
    public void observe(FlowFact fact, BeaconEdges edges, Tuning tuning, Findings findings) {
        int service = fact.protocol() << Short.SIZE | fact.destinationPort();
        int destination = hash(fact.destination());
        long millis = TimeUnit.NANOSECONDS.toMillis(fact.flowStart());
        if (fact.isFailure()) {
            edges.fail(destination, service, millis);
            return;
        }
        boolean isContinued = fact.kind() == FlowFact.Kind.CONTINUED;
        int edge = edges.add(
                destination,
                service,
                isContinued ? TimeUnit.NANOSECONDS.toMillis(fact.time()) : millis,
                fact.sourcePort(),
                isContinued);
        if (edge < 0) {
            return;
        }
        int intervals = edges.intervalCount(edge);
        if (intervals >= tuning.get(PROFILE, LEAST_INTERVALS) && isLookedAt(intervals)) {
            look(fact, edges, edge, tuning, findings);
        }
    }

    /** Of the text; 32 bits of a polynomial whose base is prime and larger than any character of an address. */
    private static int hash(String address) {
        int hash = 0;
        for (int i = 0; i < address.length(); i++) {
            hash = hash * 16_777_619 + address.charAt(i);
        }
        return hash;
    }

    private static boolean isLookedAt(int intervals) {
        int looks = intervals < OFTEN_LOOKED_AT ? 2 * LOOKS_PER_OCTAVE : LOOKS_PER_OCTAVE;
        return intervals <= ALWAYS_LOOKED_AT || intervals % (Integer.highestOneBit(intervals) / looks) == 0;
    }

    private static void look(FlowFact fact, BeaconEdges edges, int edge, Tuning tuning, Findings findings) {
        int[] intervals = edges.intervals(edge);
        double threshold = -StrictMath.log(tuning.get(PROFILE, FALSE_ALARMS));
        Regularity regularity = Regularity.of(intervals, threshold);
        if (regularity.evidence() < threshold || !goesOn(intervals, regularity, tuning)) {
            return;
        }
        int alike = edges.alike(edge);
        Why why = why(fact, alike, tuning);
        if (why == Why.BEACON || tuning.get(PROFILE, LIST) > 0) {
            findings.report(finding(fact, edges, edge, regularity, threshold, why, alike));
        }
    }

    private static boolean goesOn(int[] intervals, Regularity regularity, Tuning tuning) {
        double all = 0;
        double covered = 0;
        for (int bin = 0; bin < intervals.length; bin++) {
            double seconds = intervals[bin] * GapBins.middle(bin);
            all += seconds;
            covered += GapBins.middle(bin) <= MOST_PERIODS * regularity.periodSeconds() ? seconds : 0;
        }
        return all >= tuning.get(PROFILE, LEAST_DURATION) && covered >= tuning.get(PROFILE, LEAST_COVERAGE) * all;
    }

    /** What a periodic edge is taken for. */
    private enum Why {
        BEACON,
        INFRASTRUCTURE,
        MONITORING,
        HEALTH_CHECK
    }

    private static Why why(FlowFact fact, int alike, Tuning tuning) {
        if (fact.protocol() == FlowFact.UDP
                && INFRASTRUCTURE_PORTS.contains(fact.destinationPort())
                && tuning.get(PROFILE, INFRASTRUCTURE) > 0) {
            return Why.INFRASTRUCTURE;
        }
        if (tuning.is(fact.hostName(), Tuning.MONITORING)) {
            return Why.MONITORING;
        }
        return alike >= tuning.get(PROFILE, ALIKE) ? Why.HEALTH_CHECK : Why.BEACON;
    }

    private static Finding finding(
            FlowFact fact, BeaconEdges edges, int edge, Regularity regularity, double threshold, Why why, int alike) {
        boolean isBeacon = why == Why.BEACON;
        boolean isAboutMany = why == Why.HEALTH_CHECK || why == Why.MONITORING;
        String service = (fact.protocol() == FlowFact.TCP ? "TCP " : "UDP ") + fact.destinationPort();
        return new Finding(
                isAboutMany
                        ? HEALTH_CHECKS
                        : (isBeacon ? "beacon " : "dependency ") + fact.destination() + ' ' + service,
                fact.realm(),
                fact.hostName(),
                isAboutMany ? "" : fact.destinationName(),
                isBeacon ? TECHNIQUE : "",
                TimeUnit.MILLISECONDS.toNanos(edges.first(edge)),
                fact.time(),
                regularity.evidence(),
                threshold,
                regularity.evidence(),
                isBeacon ? Severity.MEDIUM : Severity.INFORMATIONAL,
                Map.of(
                        "destinations_alike", (double) alike,
                        "intervals", (double) edges.intervalCount(edge),
                        "jitter", regularity.jitter(),
                        "missed", regularity.missed(),
                        "period_seconds", regularity.periodSeconds()),
                List.of(fact.flowId()),
                sentence(fact, service, edges.intervalCount(edge), regularity, why, alike));
    }

    private static String sentence(
            FlowFact fact, String service, int intervals, Regularity regularity, Why why, int alike) {
        String contacts =
                "%s contacts %s (%s) about every %.0f s with at most %.0f %% jitter: %d intervals that are e^%.0f"
                        + " times likelier from a program that checks in than at random";
        String contact = contacts.formatted(
                fact.hostName(),
                fact.destinationName(),
                service,
                regularity.periodSeconds(),
                100 * regularity.jitter(),
                intervals,
                regularity.evidence());
        return switch (why) {
            case BEACON -> contact + ".";
            case INFRASTRUCTURE -> contact + "; the port is that of an infrastructure service: a periodic dependency.";
            case MONITORING -> contact + "; the host has the role monitoring: a periodic dependency.";
            case HEALTH_CHECK ->
                contact + "; %d destinations alike: health checks, a periodic dependency.".formatted(alike);
        };
    }

    @Override
    public void elapse(String subject, long time, BeaconEdges memory, Tuning tuning, Findings findings) {
        // Regularity shows in contacts; that there are none says nothing.
    }
}
