package io.parallax.signal;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The rule of Zeek's package bro-simple-scan, to be compared on identical facts (ncsa/bro-simple-scan, scripts/scan.zeek at
 * 3e7802f, 2022): a host is a scanner when its failed TCP attempts (no answer, or a reset first) have gone to 25 different
 * endpoints, 250 if the host is local, or if it is remote to 20 hosts on one port; what was counted is forgotten when there
 * was no further attempt for 15 minutes, and a scanner is left alone for an hour. The options for darknets need a list of them
 * and are left out.
 *
 * <p>A host is local if its address is private (RFC 1918, RFC 4193), which is Zeek's default. Its set of endpoints is as large
 * as it gets: this is a baseline and no detector to run. Its episodes are named as ours are.
 */
public final class SimpleScanBaseline implements Detector<FlowFact, SimpleScanBaseline.Attempts> {

    private static final String SCRIPT = "scan.zeek: ";

    static final Parameter REMOTE = new Parameter("scan_threshold", 25, 1, 10_000, SCRIPT + "scan_threshold");
    static final Parameter LOCAL =
            new Parameter("local_scan_threshold", 250, 1, 10_000, SCRIPT + "local_scan_threshold");
    static final Parameter KNOCK =
            new Parameter("knockknock_threshold", 20, 1, 10_000, SCRIPT + "knockknock_threshold");

    /** {@code Scan::scan_timeout}: a host's attempts are forgotten when none was added for so long. */
    private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(15);

    /** A scanner is left alone for so long. */
    private static final long KNOWN_NANOS = TimeUnit.HOURS.toNanos(1);

    /** Up to so many ports, or hosts, are named in the notice: an address scan, or a port scan. */
    private static final int FEW = 5;

    private static final Profile PROFILE = new Profile(
            "zeek-simple-scan",
            "Failed attempts at many endpoints",
            List.of("T1046", "T1018"),
            "ncsa/bro-simple-scan: number of different endpoints with a failed TCP attempt.",
            "none",
            "none published",
            TIMEOUT_NANOS,
            Integer.MAX_VALUE,
            List.of(REMOTE, LOCAL, KNOCK));

    /** An endpoint that was tried in vain. */
    private record Endpoint(String host, int port) {}

    /** Endpoints since the first. */
    public static final class Attempts implements Memory {

        private final Set<Endpoint> endpoints = new LinkedHashSet<>();
        private long since;
        private long last = Long.MIN_VALUE;
        private long knownUntil = Long.MIN_VALUE;

        @Override
        public void writeTo(DataOutput out) throws IOException {
            out.writeLong(since);
            out.writeLong(last);
            out.writeLong(knownUntil);
            out.writeInt(endpoints.size());
            for (Endpoint endpoint : endpoints) {
                out.writeUTF(endpoint.host());
                out.writeInt(endpoint.port());
            }
        }

        @Override
        public long due() {
            return NEVER;
        }

        @Override
        public long expires() {
            return last == Long.MIN_VALUE ? last : Math.max(knownUntil, last + TIMEOUT_NANOS);
        }
    }

    @Override
    public Profile profile() {
        return PROFILE;
    }

    @Override
    public boolean isConcernedBy(FlowFact fact) {
        boolean isFailure = fact.kind() == Kind.UNANSWERED || fact.kind() == Kind.REFUSED;
        return fact.isOut() && fact.protocol() == FlowFact.TCP && isFailure;
    }

    @Override
    public Attempts begin() {
        return new Attempts();
    }

    @Override
    public Attempts read(DataInput in) throws IOException {
        Attempts attempts = new Attempts();
        attempts.since = in.readLong();
        attempts.last = in.readLong();
        attempts.knownUntil = in.readLong();
        for (int i = in.readInt(); i > 0; i--) {
            attempts.endpoints.add(new Endpoint(in.readUTF(), in.readInt()));
        }
        return attempts;
    }

    @Override
    public void observe(FlowFact fact, Attempts attempts, Tuning tuning, Findings findings) {
        if (fact.time() < attempts.knownUntil) {
            return;
        }
        if (attempts.last != Long.MIN_VALUE && fact.time() - attempts.last > TIMEOUT_NANOS) {
            attempts.endpoints.clear();
        }
        attempts.since = attempts.endpoints.isEmpty() ? fact.time() : attempts.since;
        attempts.last = fact.time();
        if (!attempts.endpoints.add(new Endpoint(fact.destination(), fact.destinationPort()))) {
            return;
        }
        boolean isLocal = isLocal(fact.source());
        double threshold = tuning.get(PROFILE, isLocal ? LOCAL : REMOTE);
        boolean isKnock = !isLocal && hostsOnPort(attempts, fact.destinationPort()) >= tuning.get(PROFILE, KNOCK);
        if (attempts.endpoints.size() >= threshold || isKnock) {
            findings.report(finding(fact, attempts, threshold));
            attempts.endpoints.clear();
            attempts.knownUntil = fact.time() + KNOWN_NANOS;
        }
    }

    private static long hostsOnPort(Attempts attempts, int port) {
        return attempts.endpoints.stream()
                .filter(endpoint -> endpoint.port() == port)
                .count();
    }

    private static boolean isLocal(String address) {
        boolean isTwenty = address.startsWith("172.")
                && address.compareTo("172.16.") >= 0
                && address.compareTo("172.32.") < 0
                && address.indexOf('.', "172.".length()) == "172.16".length();
        return isTwenty
                || address.startsWith("10.")
                || address.startsWith("192.168.")
                || address.startsWith("fc")
                || address.startsWith("fd");
    }

    private static Finding finding(FlowFact fact, Attempts attempts, double threshold) {
        long hosts = attempts.endpoints.stream().map(Endpoint::host).distinct().count();
        long ports = attempts.endpoints.stream().map(Endpoint::port).distinct().count();
        int endpoints = attempts.endpoints.size();
        return new Finding(
                "",
                fact.realm(),
                fact.hostName(),
                hosts == 1 ? fact.destinationName() : "",
                ports <= FEW && hosts > 1 ? "T1018" : "T1046",
                attempts.since,
                fact.time(),
                endpoints,
                threshold,
                endpoints,
                Severity.MEDIUM,
                new TreeMap<>(),
                List.of(fact.flowId()),
                "%s tried %d hosts on %d ports in vain.".formatted(fact.hostName(), hosts, ports));
    }

    @Override
    public void elapse(String subject, long time, Attempts memory, Tuning tuning, Findings findings) {
        // attempts are forgotten as a whole
    }
}
