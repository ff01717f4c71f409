package io.parallax.io;

import io.parallax.signal.Finding;
import io.parallax.signal.Raised;
import io.parallax.signal.Severity;
import io.parallax.wire.Signal;
import java.util.Locale;

/** Turns what detectors raise into the records that leave the job. */
public final class SignalRecords {

    private static final double LN_10 = Math.log(10);

    /** A score is made of severity, in steps of so much, and of evidence up to one step. */
    private static final int POINTS_A_STEP = 100 / Severity.values().length;

    private SignalRecords() {}

    public static Signal of(Raised raised) {
        Finding finding = raised.finding();
        Signal record = new Signal();
        record.setSignalId(raised.id());
        record.setRevision(raised.revision());
        record.setState(raised.state().name().toLowerCase(Locale.ROOT));
        record.setDetector(raised.detector().name());
        if (!finding.technique().isEmpty()) {
            record.setTechnique(finding.technique());
        }
        record.setRealm(finding.realm());
        record.setEntity(finding.entity());
        if (!finding.peer().isEmpty()) {
            record.setPeerEntity(finding.peer());
        }
        record.setStart(Times.instant(raised.since()));
        record.setEnd(Times.instant(raised.until()));
        record.setDetectedAt(Times.instant(raised.detectedAt()));
        record.setStatistic(finding.statistic());
        record.setThreshold(finding.threshold());
        record.setBaseline(finding.baseline());
        record.setEvidence(finding.evidence() / LN_10);
        record.setScore(score(finding));
        record.setSeverity(finding.severity().label());
        record.setIsWithinBudget(true);
        record.setKey(finding.key());
        record.setExplanation(finding.sentence());
        record.setFlowIds(finding.flowIds());
        return record;
    }

    /** No further record of the signal follows, but for a later episode's. */
    public static boolean isEnd(Signal signal) {
        return signal.getState().equals("close") || signal.getState().equals("retracted");
    }

    /** Worth knowing, and nothing to be done about. */
    public static boolean isListing(Signal signal) {
        return signal.getSeverity().equals(Severity.INFORMATIONAL.label());
    }

    /** Natural logarithm, as in {@link Finding}. */
    public static double evidence(Signal signal) {
        return signal.getEvidence() * LN_10;
    }

    public static long detectedAtNanos(Signal signal) {
        return Times.nanos(signal.getDetectedAt());
    }

    /** 0 to 100: what is worse comes first, and within that what is surer; 20 decades of evidence are a whole step. */
    static int score(Finding finding) {
        double decades = Math.max(0, Math.min(POINTS_A_STEP, finding.evidence() / LN_10));
        return finding.severity().code() * POINTS_A_STEP + (int) Math.round(decades);
    }
}
