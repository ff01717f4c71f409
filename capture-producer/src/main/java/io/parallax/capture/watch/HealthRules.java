package io.parallax.capture.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What two successive snapshots show to be wrong. Pure: {@link HealthWatch} remembers between looks.
 *
 * @param silence how long an interface may hand over nothing although its own counters move; beyond the longest pause that is
 *     plausible at a reader, else a busy machine raises an alarm
 */
public record HealthRules(Duration silence) {

    public static final HealthRules DEFAULT = new HealthRules(Duration.ofSeconds(10));

    /** Half of the spool is left to find the cause in; from 80 % on flows are shed. */
    private static final double SPOOL_FILL = 0.5;

    /** After the kernel's filter there should be none: a share that stays is a filter that no longer fits the brokers. */
    private static final double OWN_TRAFFIC_SHARE = 0.05;

    /** Brokers that moved are learnt from metadata within a look or two; then the filter fits again. */
    private static final int OWN_TRAFFIC_LOOKS = 3;

    private static final double CUT_OFF_SHARE = 0.01;

    /** With fewer frames one odd one is more than 1 %. */
    private static final long CUT_OFF_FRAMES = 100;

    /** A sender shares its IP identifications between mirrors and its other traffic, so gaps below this mean nothing. */
    private static final double ESTIMATED_LOSS_SHARE = 0.01;

    /** Event time further ahead is clamped by the job. */
    private static final Duration CLOCK_LEAD = Duration.ofSeconds(5);

    private static final String DELIVERY = "delivery";

    List<Symptom> symptoms(Look look) {
        List<Symptom> symptoms = new ArrayList<>();
        for (LaneStatus lane : look.now().lanes()) {
            LaneTotals counted = look.counted(lane);
            Stream.of(
                            gone(lane),
                            kernelDrops(lane, counted),
                            silent(lane, counted, look),
                            ownTraffic(lane),
                            cutOff(lane, counted),
                            shedding(lane, counted),
                            residual(lane, counted),
                            clockAhead(lane, look))
                    .forEach(symptoms::addAll);
            for (MirrorSession session : lane.mirrorSessions()) {
                symptoms.addAll(mirrorLoss(lane, session, look));
            }
        }
        symptoms.addAll(spoolFilling(look.now().delivery()));
        symptoms.addAll(brokerAway(look.now().delivery()));
        symptoms.addAll(refused(look));
        return symptoms;
    }

    private static List<Symptom> gone(LaneStatus lane) {
        if (lane.state() == LaneState.OPEN) {
            return List.of();
        }
        return List.of(new Symptom(
                "interface-" + lane.state().label(),
                lane.interfaceName(),
                "nothing is captured on it: " + lane.detail(),
                lane.state() == LaneState.GONE
                        ? "bring it back (ip link set " + lane.interfaceName()
                                + " up, or plug it in): it is then opened again"
                        : "mend the cause and restart; parallax capture doctor tells more"));
    }

    private static List<Symptom> kernelDrops(LaneStatus lane, LaneTotals counted) {
        if (counted.kernelDropped() == 0) {
            return List.of();
        }
        return List.of(new Symptom(
                "kernel-drops",
                lane.interfaceName(),
                "the kernel dropped %d of %d frames since the last look: the reader was too slow for its buffer"
                        .formatted(counted.kernelDropped(), counted.kernelReceived()),
                "raise --kernel-buffer, give the VM a faster or a further CPU, or lower --sampling-flows"));
    }

    private List<Symptom> silent(LaneStatus lane, LaneTotals counted, Look look) {
        if (lane.state() != LaneState.OPEN || counted.interfaceFrames() == 0 || counted.kernelReceived() > 0) {
            return List.of();
        }
        long last = Math.max(lane.lastFrameNanos(), nanos(look.now().started()));
        long pause = nanos(look.at()) - last;
        if (pause <= silence.toNanos()) {
            return List.of();
        }
        return List.of(new Symptom(
                "nothing-captured",
                lane.interfaceName(),
                "no frame was captured for %d s although the interface counted %d since the last look"
                        .formatted(TimeUnit.NANOSECONDS.toSeconds(pause), counted.interfaceFrames()),
                "look at --filter: it may exclude everything; parallax capture doctor tells more"));
    }

    private static List<Symptom> ownTraffic(LaneStatus lane) {
        if (lane.ownTrafficShare() <= OWN_TRAFFIC_SHARE) {
            return List.of();
        }
        return List.of(new Symptom(
                "own-traffic",
                lane.interfaceName(),
                percent(lane.ownTrafficShare()) + " of what passes the kernel's filter is our own way to Kafka",
                "send to Kafka through an interface that is not captured, or add the brokers to --filter as 'not host ...'",
                OWN_TRAFFIC_LOOKS));
    }

    private static List<Symptom> cutOff(LaneStatus lane, LaneTotals counted) {
        long frames = counted.frames();
        if (frames < CUT_OFF_FRAMES || counted.cutOff() <= CUT_OFF_SHARE * frames) {
            return List.of();
        }
        return List.of(
                new Symptom(
                        "headers-cut-off",
                        lane.interfaceName(),
                        "of %s of the frames a header was cut off"
                                .formatted(percent((double) counted.cutOff() / frames)),
                        "raise --snap-length (tunnels and IPv6 need more than 128), and the mirror's packet length if it is a mirror"));
    }

    private static List<Symptom> shedding(LaneStatus lane, LaneTotals counted) {
        if (counted.shed() == 0) {
            return List.of();
        }
        return List.of(new Symptom(
                "shedding",
                lane.interfaceName(),
                "%d headers were given up since the last look: %s".formatted(counted.shed(), causes(counted)),
                "bring the broker back or make it faster; raise --spool-cap; sample on purpose with --sampling-flows"));
    }

    private static String causes(LaneTotals counted) {
        return String.join(
                ", ",
                counted.shedByCause().entrySet().stream()
                        .filter(each -> each.getValue() > 0)
                        .map(each -> each.getKey() + " " + each.getValue())
                        .sorted()
                        .toList());
    }

    /** Only at rest: while frames pass, some are between two counters. */
    private static List<Symptom> residual(LaneStatus lane, LaneTotals counted) {
        LaneTotals totals = lane.totals();
        boolean atRest = counted.interfaceFrames() == 0
                && counted.kernelReceived() == 0
                && counted.frames() == 0
                && counted.published() == 0;
        if (!atRest || (totals.frameResidual() == 0 && totals.headerResidual() == 0)) {
            return List.of();
        }
        return List.of(new Symptom(
                "ledger-residual",
                lane.interfaceName(),
                "%d frames and %d headers are in no column of the ledger"
                        .formatted(totals.frameResidual(), totals.headerResidual()),
                "the interface may count frames that it never shows (its driver's statistics tell); else this is a fault of"
                        + " ours: report it with the ledger file"));
    }

    private static List<Symptom> clockAhead(LaneStatus lane, Look look) {
        long lead = lane.lastFrameNanos() - nanos(look.at());
        if (lead <= CLOCK_LEAD.toNanos()) {
            return List.of();
        }
        return List.of(
                new Symptom(
                        "clock-stepped",
                        lane.interfaceName(),
                        "the last frame's time is %.1f s ahead of the wall clock".formatted(lead / 1e9),
                        "the clock was stepped back: let chrony or timesyncd slew it, and look at the VM's time synchronization"));
    }

    private static List<Symptom> mirrorLoss(LaneStatus lane, MirrorSession session, Look look) {
        MirrorSession before = look.earlier(lane, session).orElse(null);
        long frames = session.frames() - (before == null ? 0 : before.frames());
        long lost = lost(session) - (before == null ? 0 : lost(before));
        long harmless = session.isEstimate() ? (long) (ESTIMATED_LOSS_SHARE * (frames + lost)) : 0;
        if (lost <= harmless) {
            return List.of();
        }
        return List.of(new Symptom(
                "mirror-loss",
                lane.interfaceName() + " " + session.name(),
                "%s%d mirrored frames got lost on the way since the last look, %d arrived"
                        .formatted(session.isEstimate() ? "about " : "", lost, frames),
                "look for drops at the mirroring switch and on the way here; mirror fewer ports a session"));
    }

    private static long lost(MirrorSession session) {
        Long lost = session.lost();
        return lost == null ? 0 : lost;
    }

    private static List<Symptom> spoolFilling(DeliveryView delivery) {
        if (delivery.fill() <= SPOOL_FILL) {
            return List.of();
        }
        return List.of(new Symptom(
                "spool-filling",
                DELIVERY,
                "the spool is " + percent(delivery.fill()) + " full" + error(delivery),
                "bring the broker back or make it faster, or raise --spool-cap; from 80 % on whole flows are shed"));
    }

    private static List<Symptom> brokerAway(DeliveryView delivery) {
        if (delivery.connected()) {
            return List.of();
        }
        return List.of(new Symptom(
                "broker-away",
                DELIVERY,
                "no broker answers; the oldest record waits for %d s"
                                .formatted(TimeUnit.MILLISECONDS.toSeconds(delivery.oldestUnacknowledgedMillis()))
                        + error(delivery),
                "look at the brokers and the way there; nothing is lost while the spool has room"));
    }

    private static List<Symptom> refused(Look look) {
        DeliveryView now = look.now().delivery();
        long refused = now.refusedRecords() - look.earlier().delivery().refusedRecords();
        if (refused <= 0) {
            return List.of();
        }
        return List.of(new Symptom(
                "records-refused",
                DELIVERY,
                "Kafka will never take " + refused + " records" + error(now),
                "look at the topics' max.message.bytes and at the rights of this producer"));
    }

    private static String error(DeliveryView delivery) {
        return delivery.lastError().isEmpty() ? "" : "; last error: " + delivery.lastError();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }
}
