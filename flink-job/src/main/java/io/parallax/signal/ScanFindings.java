package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says which scan it is, once a walk is beyond the threshold. */
final class ScanFindings {

    private static final String SERVICES = "T1046";
    private static final String HOSTS = "T1018";
    private static final double NANOS_OF_SECOND = 1e9;

    private ScanFindings() {}

    static void report(FlowFact fact, @Nullable ScanWalk focus, ScanMemory memory, Tuning tuning, Findings findings) {
        double threshold = tuning.get(ScanDetector.PROFILE, ScanDetector.THRESHOLD);
        if (focus != null && focus.evidence >= threshold) {
            if (!focus.isRaised) {
                memory.tellApart(focus);
            }
            if (focus.isWorthReporting(fact.time())) {
                focus.reported(fact.time());
                findings.report(vertical(fact, focus, memory, threshold));
            }
            return;
        }
        ScanWalk wide = memory.wide;
        boolean isWide = evidenceBeside(wide) >= threshold
                && memory.hosts.count() >= tuning.get(ScanDetector.PROFILE, ScanDetector.LEAST_HOSTS);
        if (isWide && wide.isWorthReporting(fact.time())) {
            wide.reported(fact.time());
            findings.report(horizontal(fact, memory, tuning, threshold));
        }
    }

    /**
     * Evidence of what detector lateral does not tell: administration ports of hosts that are there are its own, and the first
     * port of a scan that comes after them does not make them a search for hosts.
     */
    private static double evidenceBeside(ScanWalk wide) {
        boolean isLateral = 2 * (wide.silent + wide.halfOpen) < wide.failures;
        return isLateral ? wide.evidence * (wide.failures - wide.administration) / wide.failures : wide.evidence;
    }

    private static Finding vertical(FlowFact fact, ScanWalk walk, ScanMemory memory, double threshold) {
        String sentence = String.format(
                Locale.ROOT,
                "%s tried %d ports of %s within %.1f s that it had not used before: %s.",
                fact.hostName(),
                walk.failures,
                fact.destinationName(),
                seconds(fact, walk),
                outcomes(walk));
        return finding(fact, walk, fact.destination(), fact.destinationName(), SERVICES, memory, threshold, sentence);
    }

    private static Finding horizontal(FlowFact fact, ScanMemory memory, Tuning tuning, double threshold) {
        ScanWalk walk = memory.wide;
        boolean isOfFewPorts = memory.ports.count() <= tuning.get(ScanDetector.PROFILE, ScanDetector.FEW_PORTS);
        boolean isSearchForHosts = isOfFewPorts || 2 * walk.icmp >= walk.failures;
        String sentence = String.format(
                Locale.ROOT,
                "%s tried about %d hosts on about %d ports within %.1f s that it had not used before: %s.",
                fact.hostName(),
                memory.hosts.count(),
                memory.ports.count(),
                seconds(fact, walk),
                outcomes(walk));
        return finding(fact, walk, "", "", isSearchForHosts ? HOSTS : SERVICES, memory, threshold, sentence);
    }

    private static double seconds(FlowFact fact, ScanWalk walk) {
        return (fact.time() - walk.since) / NANOS_OF_SECOND;
    }

    private static String outcomes(ScanWalk walk) {
        return "%d refused, %d without an answer, %d left half open"
                .formatted(walk.failures - walk.silent - walk.halfOpen, walk.silent, walk.halfOpen);
    }

    private static Finding finding(
            FlowFact fact,
            ScanWalk walk,
            String key,
            String peer,
            String technique,
            ScanMemory memory,
            double threshold,
            String sentence) {
        return new Finding(
                key,
                fact.realm(),
                fact.hostName(),
                peer,
                technique,
                walk.since,
                fact.time(),
                walk.evidence,
                threshold,
                walk.evidence,
                Severity.MEDIUM,
                Map.of("known_endpoints", (double) memory.good.count()),
                List.of(fact.flowId()),
                sentence);
    }
}
