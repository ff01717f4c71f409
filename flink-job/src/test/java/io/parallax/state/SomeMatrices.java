package io.parallax.state;

import io.parallax.matrix.CappedCells;
import io.parallax.matrix.MatrixDeltas;
import io.parallax.matrix.Measure;
import io.parallax.matrix.RoundTrips;
import io.parallax.matrix.SubnetRule;
import io.parallax.matrix.WindowCells;
import io.parallax.model.FlowRow;
import io.parallax.model.Label;
import io.parallax.model.Locality;
import io.parallax.model.MatrixLevel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Matrices with all that one can hold: folded, stated, revised since, with round trips, of ends with and without names. */
final class SomeMatrices {

    private static final long WINDOW_NANOS = 10_000_000_000L;
    private static final long START = 1_700_000_000_000_000_000L;
    private static final int FLOWS = 12;
    private static final int CAP = 9;

    private SomeMatrices() {}

    /** One for each level. */
    static List<WindowCells> all() {
        CappedCells cap = new CappedCells(CAP, cells -> {}, entities -> {});
        Map<MatrixLevel, WindowCells> held = new EnumMap<>(MatrixLevel.class);
        MatrixDeltas deltas = new MatrixDeltas(SubnetRule.COMMON, WINDOW_NANOS);
        List<FlowRow> rows = new ArrayList<>();
        for (int flow = 1; flow <= FLOWS; flow++) {
            rows.add(row(flow));
            deltas.add(rows.get(flow - 1));
        }
        deltas.flush(delta -> held.put(delta.level(), delta));
        held.replaceAll((level, matrix) -> cap.capped(matrix));
        held.values().forEach(WindowCells::markStated);
        revise(rows.get(0));
        deltas.add(rows.get(0));
        addTo(held, cap, deltas);
        return new ArrayList<>(held.values());
    }

    /** What matrices say after a flow between ends that they do not know: folded ones count it as (other). */
    static List<String> goneOn(List<WindowCells> matrices) {
        CappedCells cap = new CappedCells(CAP, cells -> {}, entities -> {});
        Map<MatrixLevel, WindowCells> held = new EnumMap<>(MatrixLevel.class);
        matrices.forEach(matrix -> held.put(matrix.level(), matrix));
        MatrixDeltas deltas = new MatrixDeltas(SubnetRule.COMMON, WINDOW_NANOS);
        deltas.add(row(77));
        addTo(held, cap, deltas);
        return texts(new ArrayList<>(held.values()));
    }

    private static void addTo(Map<MatrixLevel, WindowCells> held, CappedCells cap, MatrixDeltas deltas) {
        deltas.flush(delta -> {
            WindowCells matrix = Objects.requireNonNull(held.get(delta.level()));
            held.put(delta.level(), cap.add(matrix, delta, null));
        });
    }

    private static FlowRow row(int flow) {
        FlowRow row = new FlowRow();
        row.realm = "tenant-ü";
        row.family = 4;
        row.windowStart = START;
        row.flowStart = START + flow;
        row.sourceLow = 0x0A00_0000L + 1_000L * flow;
        row.destinationLow = 0x0A00_0100L + flow % 4;
        row.source = flow % 3 == 0 ? Label.unattributed("") : label(flow);
        row.destination = label(FLOWS + flow % 4);
        row.locality = Locality.ofCode(flow % 3);
        row.packets = flow;
        row.octets = 1_000L * flow;
        row.reversePackets = 2L * flow;
        row.reverseOctets = 3_000L * flow;
        row.isOpening = true;
        row.isRefused = flow % 5 == 0;
        row.isUnanswered = flow % 5 == 1;
        row.retransmittedOctets = 7L * flow;
        row.reverseRetransmittedOctets = 11L * flow;
        row.missedOctets = flow % 2 == 0 ? 13L * flow : -1;
        row.handshakeBucket = 40 + flow;
        row.revision = flow;
        return row;
    }

    private static Label label(int machine) {
        return new Label(
                "vm" + machine, "", "app" + machine % 5, "esx" + machine % 2, "", "net" + machine, Label.BY_ADDRESS);
    }

    private static void revise(FlowRow row) {
        row.isOpening = false;
        row.previousRevision = row.revision;
        row.previousPackets = row.packets;
        row.previousOctets = row.octets;
        row.previousReversePackets = row.reversePackets;
        row.previousReverseOctets = row.reverseOctets;
        row.previousSource = row.source;
        row.previousDestination = row.destination;
        row.previousLocality = row.locality;
        row.previousHandshakeBucket = row.handshakeBucket;
        row.wasUnanswered = row.isUnanswered;
        row.previousRetransmittedOctets = row.retransmittedOctets;
        row.previousReverseRetransmittedOctets = row.reverseRetransmittedOctets;
        row.revision += 5;
        row.packets += 1;
        row.source = label(99);
        row.isUnanswered = false;
    }

    /** A line per cell, in order: level, realm, start, ends, locality, sums, round trips, whether it is stated. */
    static List<String> texts(List<WindowCells> matrices) {
        TreeMap<String, String> lines = new TreeMap<>();
        for (WindowCells matrix : matrices) {
            for (int cell = 0; cell < matrix.size(); cell++) {
                StringBuilder sums = new StringBuilder();
                for (int measure = 0; measure <= Measure.REVISION; measure++) {
                    sums.append(' ').append(matrix.sum(cell, measure));
                }
                RoundTrips times = matrix.roundTrips(cell);
                String key = "%s %s %s>%s %d"
                        .formatted(
                                matrix.key(),
                                matrix.level().label(),
                                matrix.source(cell),
                                matrix.destination(cell),
                                matrix.localityCode(cell));
                lines.put(
                        key,
                        key + ":" + sums + " rtt "
                                + (times == null ? "none" : times.count() > 0 ? "" + times.quantile(0.5) : "0")
                                + (matrix.isStated(cell) ? " stated" : " unstated"));
            }
        }
        return new ArrayList<>(lines.values());
    }
}
