package io.parallax.capture.watch;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * One metric; {@link #ALL} are all there are. Names after the Prometheus conventions (prometheus.io/docs/practices/naming),
 * so octets are bytes and shares are ratios.
 *
 * @param stem its name without what all have in common and without what the format adds
 * @param labels besides {@code sensor}
 * @param reader the values in a snapshot
 */
record CaptureMetric(
        String stem, Kind kind, String meaning, List<String> labels, Function<CaptureStatus, Stream<Sample>> reader) {

    static final List<CaptureMetric> ALL = List.of(
            new CaptureMetric(
                    "start_time_seconds",
                    Kind.GAUGE,
                    "Start of the process, seconds since the epoch; all totals count from then.",
                    List.of(),
                    status -> one(seconds(status.started()))),
            new CaptureMetric(
                    "lane_state",
                    Kind.GAUGE,
                    "1 for the state the interface is in (open, gone, refused), 0 for the others.",
                    List.of("interface", "state"),
                    status -> status.lanes().stream().flatMap(CaptureMetric::states)),
            new CaptureMetric(
                    "interface_frames",
                    Kind.COUNTER,
                    "Frames that passed the interface by its own counters.",
                    status -> totals(status, LaneTotals::interfaceFrames)),
            new CaptureMetric(
                    "kernel_received_frames",
                    Kind.COUNTER,
                    "Frames that passed the kernel's filter, dropped ones included.",
                    status -> totals(status, LaneTotals::kernelReceived)),
            new CaptureMetric(
                    "kernel_dropped_frames",
                    Kind.COUNTER,
                    "Frames that found the kernel's buffer full: the reader was too slow. Lost for good.",
                    status -> totals(status, LaneTotals::kernelDropped)),
            new CaptureMetric(
                    "lost_frames",
                    Kind.COUNTER,
                    "Frames that passed the interface while it was being opened. What passed without a process is in the ledger.",
                    status -> totals(status, LaneTotals::lost)),
            new CaptureMetric(
                    "filtered_frames",
                    Kind.COUNTER,
                    "Frames that were taken out on purpose, by cause.",
                    List.of("interface", "cause"),
                    status -> counts(status, LaneTotals::filteredByCause)),
            new CaptureMetric(
                    "frames",
                    Kind.COUNTER,
                    "Frames that were decoded, by what came of it. Interface frames = kernel dropped + lost + filtered + these.",
                    List.of("interface", "outcome"),
                    status -> counts(status, LaneTotals::framesByOutcome)),
            new CaptureMetric(
                    "frame_bytes",
                    Kind.COUNTER,
                    "Octets of the decoded frames on the wire, link layer included.",
                    status -> totals(status, LaneTotals::octets)),
            new CaptureMetric(
                    "shed_headers",
                    Kind.COUNTER,
                    "Decoded headers that were given up, by cause.",
                    List.of("interface", "cause"),
                    status -> counts(status, LaneTotals::shedByCause)),
            new CaptureMetric(
                    "published_headers",
                    Kind.COUNTER,
                    "Headers handed over in batches. Decoded headers = published + shed.",
                    status -> totals(status, LaneTotals::published)),
            new CaptureMetric(
                    "batches", Kind.COUNTER, "Batches handed over.", status -> totals(status, LaneTotals::batches)),
            new CaptureMetric(
                    "hand_off_max_seconds",
                    Kind.GAUGE,
                    "Longest time the capture thread took to hand a batch over, since the start.",
                    status -> lanes(status, lane -> lane.handOffMaxNanos() / 1e9)),
            new CaptureMetric(
                    "last_frame_timestamp_seconds",
                    Kind.GAUGE,
                    "Capture time of the last frame, seconds since the epoch; 0 before the first.",
                    status -> lanes(status, lane -> lane.lastFrameNanos() / 1e9)),
            new CaptureMetric(
                    "sampling_ratio",
                    Kind.GAUGE,
                    "Share of the packets that is selected on purpose.",
                    status -> lanes(status, LaneStatus::samplingProbability)),
            new CaptureMetric(
                    "own_traffic_ratio",
                    Kind.GAUGE,
                    "Of the frames that passed the kernel's filter lately, the share that is our own way to Kafka.",
                    status -> lanes(status, LaneStatus::ownTrafficShare)),
            new CaptureMetric(
                    "mirror_frames",
                    Kind.COUNTER,
                    "Mirrored frames that arrived, by mirror session.",
                    List.of("interface", "source", "encapsulation", "session", "direction"),
                    status -> mirrors(status, false)),
            new CaptureMetric(
                    "mirror_lost_frames",
                    Kind.COUNTER,
                    "Mirrored frames that were sent and did not arrive; absent where nothing tells. Estimated where there are no"
                            + " sequence numbers.",
                    List.of("interface", "source", "encapsulation", "session", "direction", "estimated"),
                    status -> mirrors(status, true)),
            new CaptureMetric(
                    "spool_bytes",
                    Kind.GAUGE,
                    "Octets on disk that Kafka has not acknowledged.",
                    List.of(),
                    status -> one((double) status.delivery().spooledOctets())),
            new CaptureMetric(
                    "spool_cap_bytes",
                    Kind.GAUGE,
                    "Octets the spool may take; whole flows are shed from 80 % on.",
                    List.of(),
                    status -> one((double) status.delivery().capOctets())),
            new CaptureMetric(
                    "journaled_records",
                    Kind.COUNTER,
                    "Records written to the spool.",
                    List.of(),
                    status -> one((double) status.delivery().recordsJournaled())),
            new CaptureMetric(
                    "acknowledged_records",
                    Kind.COUNTER,
                    "Records that Kafka acknowledged.",
                    List.of(),
                    status -> one((double) status.delivery().recordsAcknowledged())),
            new CaptureMetric(
                    "refused_records",
                    Kind.COUNTER,
                    "Records that Kafka will never take.",
                    List.of(),
                    status -> one((double) status.delivery().refusedRecords())),
            new CaptureMetric(
                    "oldest_unacknowledged_seconds",
                    Kind.GAUGE,
                    "Age of the oldest record that Kafka has not acknowledged; 0 if there is none.",
                    List.of(),
                    status -> one(status.delivery().oldestUnacknowledgedMillis() / 1e3)),
            new CaptureMetric(
                    "broker_connected",
                    Kind.GAUGE,
                    "1 while a broker answers, else 0.",
                    List.of(),
                    status -> one(status.delivery().connected() ? 1 : 0)),
            new CaptureMetric(
                    "problem",
                    Kind.GAUGE,
                    "1 for every problem of /health; absent while there is none.",
                    List.of("problem", "subject"),
                    status -> status.problems().stream()
                            .map(problem -> new Sample(List.of(problem.name(), problem.subject()), 1))));

    private static final String PREFIX = "parallax_capture_";
    private static final String TOTAL = "_total";

    private CaptureMetric(String stem, Kind kind, String meaning, Function<CaptureStatus, Stream<Sample>> reader) {
        this(stem, kind, meaning, List.of("interface"), reader);
    }

    enum Kind {
        COUNTER,
        GAUGE
    }

    /** A value and those of the metric's labels, the sensor left out: it is the same for all. */
    record Sample(List<String> labels, double value) {}

    /** As it is scraped. */
    String exposedName() {
        return kind == Kind.COUNTER ? familyName() + TOTAL : familyName();
    }

    /** Without what the format adds to counters. */
    String familyName() {
        return PREFIX + stem;
    }

    List<Sample> read(CaptureStatus status) {
        return reader.apply(status).toList();
    }

    private static Stream<Sample> one(double value) {
        return Stream.of(new Sample(List.of(), value));
    }

    private static Stream<Sample> lanes(CaptureStatus status, ToDoubleFunction<LaneStatus> value) {
        return status.lanes().stream()
                .map(lane -> new Sample(List.of(lane.interfaceName()), value.applyAsDouble(lane)));
    }

    private static Stream<Sample> totals(CaptureStatus status, ToDoubleFunction<LaneTotals> value) {
        return lanes(status, lane -> value.applyAsDouble(lane.totals()));
    }

    private static Stream<Sample> counts(CaptureStatus status, Function<LaneTotals, Map<String, Long>> counts) {
        return status.lanes().stream()
                .flatMap(lane -> counts.apply(lane.totals()).entrySet().stream()
                        .map(each -> new Sample(List.of(lane.interfaceName(), each.getKey()), each.getValue())));
    }

    private static Stream<Sample> states(LaneStatus lane) {
        return Arrays.stream(LaneState.values())
                .map(state -> new Sample(List.of(lane.interfaceName(), state.label()), state == lane.state() ? 1 : 0));
    }

    private static Stream<Sample> mirrors(CaptureStatus status, boolean isLoss) {
        return status.lanes().stream()
                .flatMap(lane -> lane.mirrorSessions().stream()
                        .filter(session -> !isLoss || session.lost() != null)
                        .map(session ->
                                isLoss ? loss(lane, session) : new Sample(labels(lane, session), session.frames())));
    }

    private static Sample loss(LaneStatus lane, MirrorSession session) {
        List<String> labels = Stream.concat(labels(lane, session).stream(), Stream.of("" + session.isEstimate()))
                .toList();
        Long lost = session.lost();
        return new Sample(labels, lost == null ? 0 : lost);
    }

    private static List<String> labels(LaneStatus lane, MirrorSession session) {
        return List.of(
                lane.interfaceName(),
                session.source(),
                session.encapsulation(),
                "" + session.session(),
                session.direction());
    }

    private static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
