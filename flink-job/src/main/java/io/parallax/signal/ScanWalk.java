package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * A walk of log-likelihood ratios that never goes below zero (Page: Continuous inspection schemes, Biometrika 41, 1954), and
 * what it was made of since it last stood at zero. Failures of first contacts lead it up, successes down, and time wears it
 * off.
 */
final class ScanWalk {

    private static final double NANOS_OF_HOUR = TimeUnit.HOURS.toNanos(1);

    /** More than nmap waits between groups of hosts, at the default timing. */
    private static final long LEAST_QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** So many mean intervals without a failure: by chance once in e^20 where intervals are exponential. */
    private static final int PAUSE = 20;

    /** The walk of a single host has one, that over hosts has none. */
    int host;

    /** Natural logarithm of the likelihood ratio. */
    double evidence;

    /** Nats that answers took off whose handshake is still open: given back if it stays half open. */
    private double forgiven;

    /** First packet of the first failure, ns. */
    long since;

    long lastFailure;
    long lastReport;
    int reportedFailures;
    boolean isRaised;

    /** Different endpoints that failed, and how. */
    int failures;

    int silent;
    int halfOpen;
    int icmp;
    int administration;

    /** What a host's walk lent to that over hosts. */
    int lent;

    double lentEvidence;
    int lentSilent;
    int lentHalfOpen;
    int lentAdministration;

    private long at = Long.MIN_VALUE;

    /** Up to {@code time}, or from scratch if the scan that was raised is over: what comes then is another one. */
    void passTo(long time, double natsPerHour, long mostQuietNanos) {
        if (isRaised && time - lastFailure > Math.min(mostQuietNanos, quietNanos())) {
            begin();
        }
        if (at != Long.MIN_VALUE && time > at) {
            evidence = Math.max(0, evidence - (time - at) / NANOS_OF_HOUR * natsPerHour);
        }
        at = Math.max(at, time);
    }

    /** A scan has its own pace; it is over after a pause of many times that. */
    private long quietNanos() {
        return Math.max(LEAST_QUIET_NANOS, PAUSE * (lastFailure - since) / Math.max(1, failures));
    }

    /** Stands at zero: what was counted before is of no concern any more. */
    boolean isSpent() {
        return evidence == 0 && !isRaised;
    }

    void fail(FlowFact fact, double nats) {
        if (isSpent()) {
            begin();
        }
        since = failures == 0 ? fact.flowStart() : Math.min(since, fact.flowStart());
        evidence += nats;
        lastFailure = fact.time();
        failures++;
        silent += ScanOutcomes.isSilent(fact) ? 1 : 0;
        halfOpen += fact.kind() == FlowFact.Kind.HALF_OPEN ? 1 : 0;
        icmp += Endpoints.isIcmp(fact) ? 1 : 0;
        administration += AdministrationPorts.isOne(fact) ? 1 : 0;
    }

    void succeed(double nats, boolean isProvisional) {
        double taken = Math.min(nats, evidence);
        evidence -= taken;
        forgiven += isProvisional ? taken : 0;
    }

    /** The handshake of a provisional success was completed. */
    void confirm(double nats) {
        forgiven = Math.max(0, forgiven - nats);
    }

    /** It was not: what the answer took off counts again. */
    void takeBack(double nats) {
        double back = Math.min(nats, forgiven);
        forgiven -= back;
        evidence += back;
    }

    /** The failure was none. */
    void excuse(double nats) {
        evidence = Math.max(0, evidence - nats);
        failures = Math.max(0, failures - 1);
        silent = Math.max(0, silent - 1);
    }

    /** This failure of a host's counts over hosts too. */
    void lend(FlowFact fact, double nats) {
        lent++;
        lentEvidence += nats;
        lentSilent += ScanOutcomes.isSilent(fact) ? 1 : 0;
        lentHalfOpen += fact.kind() == FlowFact.Kind.HALF_OPEN ? 1 : 0;
        lentAdministration += AdministrationPorts.isOne(fact) ? 1 : 0;
    }

    /** What was lent to the other walk is told by this one. */
    void returnTo(ScanWalk other) {
        other.evidence = Math.max(0, other.evidence - lentEvidence);
        other.failures = Math.max(0, other.failures - lent);
        other.silent = Math.max(0, other.silent - lentSilent);
        other.halfOpen = Math.max(0, other.halfOpen - lentHalfOpen);
        other.administration = Math.max(0, other.administration - lentAdministration);
    }

    /** Grown by a twentieth, or a second older: a scan of all ports is not told 65,536 times. */
    boolean isWorthReporting(long time) {
        return failures >= reportedFailures + 1 + reportedFailures / 20
                || time - lastReport >= TimeUnit.SECONDS.toNanos(1);
    }

    void reported(long time) {
        isRaised = true;
        lastReport = time;
        reportedFailures = failures;
    }

    void begin() {
        evidence = 0;
        forgiven = 0;
        since = 0;
        lastFailure = 0;
        lastReport = 0;
        reportedFailures = 0;
        isRaised = false;
        failures = 0;
        silent = 0;
        halfOpen = 0;
        icmp = 0;
        administration = 0;
        lent = 0;
        lentEvidence = 0;
        lentSilent = 0;
        lentHalfOpen = 0;
        lentAdministration = 0;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeInt(host);
        out.writeDouble(evidence);
        out.writeDouble(forgiven);
        out.writeLong(since);
        out.writeLong(lastFailure);
        out.writeLong(lastReport);
        out.writeLong(at);
        out.writeBoolean(isRaised);
        out.writeInt(reportedFailures);
        out.writeInt(failures);
        out.writeInt(silent);
        out.writeInt(halfOpen);
        out.writeInt(icmp);
        out.writeInt(administration);
        out.writeByte(lent);
        out.writeDouble(lentEvidence);
        out.writeByte(lentSilent);
        out.writeByte(lentHalfOpen);
        out.writeByte(lentAdministration);
    }

    void readFrom(DataInput in) throws IOException {
        host = in.readInt();
        evidence = in.readDouble();
        forgiven = in.readDouble();
        since = in.readLong();
        lastFailure = in.readLong();
        lastReport = in.readLong();
        at = in.readLong();
        isRaised = in.readBoolean();
        reportedFailures = in.readInt();
        failures = in.readInt();
        silent = in.readInt();
        halfOpen = in.readInt();
        icmp = in.readInt();
        administration = in.readInt();
        lent = in.readUnsignedByte();
        lentEvidence = in.readDouble();
        lentSilent = in.readUnsignedByte();
        lentHalfOpen = in.readUnsignedByte();
        lentAdministration = in.readUnsignedByte();
    }
}
