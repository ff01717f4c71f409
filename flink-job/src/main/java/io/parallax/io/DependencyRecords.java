package io.parallax.io;

import io.parallax.dependency.Change;
import io.parallax.dependency.DependencySchedule;
import io.parallax.dependency.KnownDependency;
import io.parallax.dependency.Uses;
import io.parallax.model.DependencyCounts;
import io.parallax.model.DependencyDelta;
import io.parallax.model.DependencyEnds;
import io.parallax.wire.Completeness;
import io.parallax.wire.Dependency;
import io.parallax.wire.DependencyChange;
import io.parallax.wire.Topics;
import java.io.Serializable;
import java.util.function.Consumer;

/** Turns what is known of a dependency into the records that leave the job, and accounts of interfaces into marks. */
public final class DependencyRecords implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final String HEARD = "heard";

    private final DependencySchedule schedule;

    public DependencyRecords(DependencySchedule schedule) {
        this.schedule = schedule;
    }

    /** @param bucket of the dependency; tells the {@code (other)} of one from that of another */
    public Dependency of(KnownDependency known, int bucket, long atNanos) {
        Dependency record = new Dependency();
        record.setRealm(known.key().realm());
        record.setClientEntity(known.key().client());
        record.setServerEntity(known.key().server());
        record.setProtocolIdentifier(known.key().protocol());
        record.setServerTransportPort(known.key().port());
        record.setPart(known.key().isOther() ? bucket : 0);
        record.setRevision(known.revision());
        record.setWindowEnd(Times.instant(atNanos));
        record.setState(known.isMissed() ? "disappeared" : known.uses().last() == Uses.NEVER ? "retracted" : "active");
        if (known.uses().last() != Uses.NEVER) {
            record.setFirstSeen(Times.instant(known.uses().first()));
            record.setLastSeen(Times.instant(schedule.endNanos(known.uses().last())));
        }
        setEnds(record, known.uses().ends());
        setCounts(record, known);
        return record;
    }

    private static void setEnds(Dependency record, DependencyEnds ends) {
        setKnown(record::setClientApplication, ends.clientApplication());
        setKnown(record::setClientSubnet, ends.clientSubnet());
        setKnown(record::setClientHost, ends.clientHost());
        setKnown(record::setServerApplication, ends.serverApplication());
        setKnown(record::setServerSubnet, ends.serverSubnet());
        setKnown(record::setServerHost, ends.serverHost());
        setKnown(record::setLocality, ends.locality());
    }

    /** What is not known stays null. */
    private static void setKnown(Consumer<String> setter, String text) {
        if (!text.isEmpty()) {
            setter.accept(text);
        }
    }

    private static void setCounts(Dependency record, KnownDependency known) {
        record.setConnections(known.count(DependencyCounts.CONNECTIONS));
        record.setRefused(known.count(DependencyCounts.REFUSED));
        record.setUnanswered(known.count(DependencyCounts.UNANSWERED));
        record.setReset(known.count(DependencyCounts.RESET));
        record.setProbes(known.count(DependencyCounts.PROBES));
        record.setPacketTotalCount(known.count(DependencyCounts.PACKETS));
        record.setOctetTotalCount(known.count(DependencyCounts.OCTETS));
        record.setReversePacketTotalCount(known.count(DependencyCounts.REVERSE_PACKETS));
        record.setReverseOctetTotalCount(known.count(DependencyCounts.REVERSE_OCTETS));
        record.setClientAddresses(known.clients());
        record.setRttCount(known.handshakes());
        if (known.handshakes() > 0) {
            record.setRttP50Microseconds(known.handshakeMicros(0.5));
            record.setRttP95Microseconds(known.handshakeMicros(0.95));
            record.setRttP99Microseconds(known.handshakeMicros(0.99));
        }
        double coverage = known.coverage();
        if (!Double.isNaN(coverage)) {
            record.setCoverage(coverage);
        }
    }

    /** What is told of a change of it. */
    public DependencyChange of(KnownDependency known, Change change, long atNanos) {
        DependencyChange record = new DependencyChange();
        record.setChangedAt(Times.instant(atNanos));
        record.setChange(change.name());
        record.setReason(change.reason());
        record.setRealm(known.key().realm());
        record.setClientEntity(known.key().client());
        record.setServerEntity(known.key().server());
        record.setProtocolIdentifier(known.key().protocol());
        record.setServerTransportPort(known.key().port());
        record.setDependencyRevision(known.revision());
        record.setConnections(known.count(DependencyCounts.CONNECTIONS));
        if (known.uses().last() != Uses.NEVER) {
            record.setFirstSeen(Times.instant(known.uses().first()));
            record.setLastSeen(Times.instant(schedule.endNanos(known.uses().last())));
        }
        return record;
    }

    /** Whether all that passed the interface in the window of the account was heard, read and counted. */
    public static DependencyDelta mark(Completeness row, int bucket) {
        boolean isComplete = HEARD.equals(row.getState())
                && (row.getCoverage() == null || row.getCoverage() >= 1)
                && row.getTooLate() == 0
                && row.getResidual() == 0;
        return DependencyDelta.mark(
                bucket,
                Topics.streamId(row.getSensorId(), row.getInterfaceName(), 0),
                Times.nanos(row.getWindowStart()),
                isComplete);
    }
}
