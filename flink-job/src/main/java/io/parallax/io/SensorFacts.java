package io.parallax.io;

import io.parallax.model.Facts;
import io.parallax.model.SensorFact;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.MirrorSessionCount;
import io.parallax.wire.Topics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns accounts of interfaces and rows of the capture ledger into what detectors hear of sensors. */
public final class SensorFacts {

    /** An account is restated when more of its window comes; after so long nearly all has come, without late packets. */
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private SensorFacts() {}

    /** What an account says, as of its revision. */
    public static Facts<SensorFact> of(Completeness row) {
        long start = Times.nanos(row.getWindowStart());
        long away = known(row.getKernelDropped()) + known(row.getShed()) + known(row.getLost());
        long published = Math.max(row.getPublished(), row.getReceived() + row.getMissing());
        SensorFact fact = new SensorFact(
                SensorFact.Kind.ACCOUNT,
                start + TimeUnit.SECONDS.toNanos(row.getWindowSeconds()) + SETTLED_NANOS,
                row.getSensorId(),
                row.getInterfaceName(),
                "",
                start,
                row.getWindowSeconds(),
                row.getRevision(),
                row.getState() != null,
                row.getInterfaceFrames() != null,
                published + away,
                away + row.getMissing(),
                Math.max(row.getPublishedIp(), row.getReceived() - row.getNonIp()));
        return alone(fact);
    }

    /** What a row says of mirror sessions that number their packets; of others losses are estimates at best. */
    public static void of(CaptureLedger row, Consumer<Facts<SensorFact>> out) {
        if (!row.getRowKind().equals(Topics.LEDGER_INTERVAL)) {
            return;
        }
        for (MirrorSessionCount session : row.getMirrorSessions()) {
            Long lost = session.getLost();
            if (lost != null && !session.getLostIsEstimate()) {
                out.accept(alone(mirror(row, session, lost)));
            }
        }
    }

    private static SensorFact mirror(CaptureLedger row, MirrorSessionCount session, long lost) {
        long start = Times.nanos(row.getIntervalStart());
        return new SensorFact(
                SensorFact.Kind.MIRROR,
                start + TimeUnit.SECONDS.toNanos(row.getIntervalSeconds()),
                row.getSensorId(),
                row.getInterfaceName(),
                name(row, session),
                start,
                row.getIntervalSeconds(),
                0,
                true,
                row.getInterfaceFrames() != null,
                session.getFrames() + lost,
                lost,
                session.getFrames());
    }

    /** Each lane of an interface has numbers of its own. */
    private static String name(CaptureLedger row, MirrorSessionCount session) {
        return "%s %s %d %s lane %d"
                .formatted(
                        session.getSourceAddress(),
                        session.getEncapsulation(),
                        session.getSession(),
                        session.getDirection(),
                        row.getLane());
    }

    private static long known(@Nullable Long count) {
        return count == null ? 0 : count;
    }

    private static Facts<SensorFact> alone(SensorFact fact) {
        return new Facts<>(Facts.bucketOf(fact.subject()), List.of(fact));
    }
}
