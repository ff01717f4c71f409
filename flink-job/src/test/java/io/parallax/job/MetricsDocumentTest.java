package io.parallax.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.operator.RegisteredMetrics;
import io.parallax.operator.TwoInputHarness;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.typeutils.TypeExtractor;
import org.apache.flink.metrics.Metric;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** Opens every operator of ours that is in the graph and takes down what it registers. */
final class MetricsDocumentTest {

    private static final Map<String, String> MEANINGS = new LinkedHashMap<>();

    static {
        MEANINGS.put("split-blocks.batches", "Batches that were decoded, repeats included.");
        MEANINGS.put("split-blocks.headers", "Headers in them that had not been read before.");
        MEANINGS.put(
                "split-blocks.headers_repeated",
                "Headers that were read before and came again (same epoch and sequence); ignored. Since the start.");
        MEANINGS.put(
                "split-blocks.headers_missing",
                "Headers that never came although later ones of their stream did: loss on the way. Since the start.");
        MEANINGS.put("split-blocks.headers_non_ip", "Headers without an IP packet (ARP): in no flow. Since the start.");
        MEANINGS.put(
                "split-blocks.neighbour_messages_left_out",
                "Messages of ARP, neighbour discovery and DHCP servers that detectors were not told of: beyond 512 a second and stream. Since the start.");
        MEANINGS.put("split-blocks.records_refused", "Records that can't be decoded; each is a dead letter.");
        MEANINGS.put(
                "split-blocks.streams_silent",
                "Streams read here that were not heard for `--silence`; unbounded input only.");
        MEANINGS.put(
                "split-blocks.streams_skewed",
                "Streams read here whose sensor's clock is wrong by more than `--clock-tolerance`; their times are corrected.");
        MEANINGS.put(
                "split-blocks.clock_offset_max_millis",
                "Error of the worst clock among the sensors of the streams read here, against the broker's. Unit: ms.");
        MEANINGS.put("meter-flows.packets", "Packets that came in, all sightings of a packet included.");
        MEANINGS.put(
                "meter-flows.packets_too_late",
                "Packets that came after the allowed lateness of their window; in no flow.");
        MEANINGS.put(
                "meter-flows.packets_aggregated",
                "Packets in rows of networks instead of flows, for which there was no room (`--max-flows`).");
        MEANINGS.put(
                "meter-flows.claims_refused",
                "Claims of addresses (ARP, neighbour discovery) for which there was no room: each task keeps 262,144.");
        MEANINGS.put("meter-flows.rows", "Flow rows that were stated, revisions included.");
        MEANINGS.put(
                "accumulate-matrix.deltas_too_late",
                "Changes that came for a window that was forgotten. Anything but 0 means that matrix and flows differ.");
        for (String step : List.of("accumulate-matrix", "accumulate-matrix-hourly")) {
            MEANINGS.put(
                    step + ".cells_folded",
                    "Cells that the cap (`--max-cells`) took from matrices; their sums are kept.");
            MEANINGS.put(step + ".entities_folded", "Entities that became `(other)` in a matrix, by the cap.");
        }
        MEANINGS.put(
                "accumulate-matrix-hourly.deltas_too_late",
                "Changes that came for an hour that was forgotten. Anything but 0 means that hours and windows differ.");
        MEANINGS.put(
                "reconcile-ledger.rows", "Accounts of an interface's window that were stated, revisions included.");
        MEANINGS.put(
                "reconcile-ledger.rows_unbalanced",
                "Of these, with a residual other than 0. Anything but 0 in a last revision is an error of the job.");
        MEANINGS.put(
                "reconcile-ledger.entries_too_late",
                "Counts and ledger rows that came for a window that was forgotten; in no account.");
        MEANINGS.put("detect-flows.signals", "Records of signals: opened, updated, closed. Since the start.");
        MEANINGS.put(
                "detect-flows.facts_late",
                "Facts that came after event time had passed them: detectors heard them out of order. Since the start.");
        MEANINGS.put(
                "detect-flows.subjects_forgotten",
                "Hosts that a bucket had no room for: those first of which little was heard. Since the start.");
        MEANINGS.put("detect-neighbours.signals", "Records of signals: opened, updated, closed. Since the start.");
        MEANINGS.put(
                "detect-neighbours.facts_late",
                "Facts that came after event time had passed them: detectors heard them out of order. Since the start.");
        MEANINGS.put(
                "detect-neighbours.subjects_forgotten",
                "Addresses that a bucket had no room for: those first of which little was heard. Since the start.");
        MEANINGS.put(
                "detect-dependencies.signals",
                "Records of signals of dependencies: opened, closed, retracted. Since the start.");
        MEANINGS.put("detect-sensors.signals", "Records of signals: opened, updated, closed. Since the start.");
        MEANINGS.put(
                "detect-sensors.facts_late",
                "Accounts stated long after their window: detectors heard them out of order, or not at all. Since the start.");
        MEANINGS.put(
                "detect-sensors.subjects_forgotten",
                "Interfaces and mirror sessions that a bucket had no room for: those first of which little was heard. Since the start.");
        MEANINGS.put("detect-segments.signals", "Records of signals: opened, updated, closed. Since the start.");
        MEANINGS.put(
                "detect-segments.facts_late",
                "Segments that came after event time had passed them: detectors heard them out of order. Since the start.");
        MEANINGS.put(
                "detect-segments.subjects_forgotten",
                "Interface pairs that a bucket had no room for: those first of which little was heard. Since the start.");
        MEANINGS.put("raise-signals.signals_raised", "Signals that were raised. Since the start.");
        MEANINGS.put(
                "raise-signals.signals_beyond_budget",
                "Of these, how many are beyond the alert budget: published, and marked. Since the start.");
        MEANINGS.put(
                "raise-signals.signals_common",
                "Records of signals that were held back or taken back because many hosts do the same. Since the start.");
        MEANINGS.put(
                "estimate-segments.samples_too_late",
                "Rows first stated after their window had closed; they are in no segment. Since the start.");
        MEANINGS.put(
                "estimate-segments.samples_beyond_pairs",
                "Rows of interface pairs beyond the 128 that a bucket keeps per window; these pairs have no segment.");
        MEANINGS.put(
                "trace-dependencies.changes",
                "Changes of dependencies that were told: new, changed, disappeared, returned, retracted.");
        MEANINGS.put(
                "trace-dependencies.deltas_folded",
                "Windows of dependencies for which there was no room (`--max-dependencies`); they count in (other).");
        MEANINGS.put(
                "trace-dependencies.attempts_beyond",
                "Windows of failed attempts for which there was no room; a dependency that comes of them lacks these.");
        MEANINGS.put(
                "decode-inventory.records_refused",
                "Records of the inventory that can't be used; each is a dead letter, and what was known stays.");
        MEANINGS.put("maintain-tables.files_merged", "Small files of tables that were merged into greater ones.");
        MEANINGS.put(
                "maintain-tables.files_removed", "Files removed with the old states of tables that were forgotten.");
        MEANINGS.put(
                "maintain-tables.orphans_removed",
                "Files removed that no state of a table knew, as crashes leave them.");
        MEANINGS.put(
                "maintain-tables.rounds_failed",
                "Rounds of a table that failed; the next one tries again. Anything but 0 for long: files become many.");
        MEANINGS.put("decode-ledger.records_refused", "Ledger records that can't be decoded; each is a dead letter.");
    }

    @Test
    void thePageListsWhatTheStepsRegister() throws Exception {
        StringBuilder page = new StringBuilder("""
                # Metrics of the job

                Generated from what the operators register by `MetricsDocumentTest`; do not edit. After a change:
                `mvn -pl flink-job -am test -Dtest=MetricsDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -Dparallax.update-docs=true`.

                In scope *operator* of Flink: `<host>.taskmanager.<tm_id>.parallax.<step>.<subtask>.<metric>`; [steps](20-topology.md).
                Flink's own metrics (records in and out, watermark, checkpoints) come beside them. Counters begin at 0 when a task
                starts, after a failure too.

                | step | metric | kind | meaning |
                |---|---|---|---|
                """);
        registered().forEach((name, kind) -> {
            int dot = name.indexOf('.');
            page.append("| [%s](20-topology.md#%s) | `%s` | %s | %s |\n"
                    .formatted(
                            name.substring(0, dot),
                            name.substring(0, dot),
                            name.substring(dot + 1),
                            kind,
                            MEANINGS.get(name)));
        });
        new GeneratedPage("50-metrics.md").requireToBe(page.toString());
    }

    @Test
    void everyMetricIsExplainedAndNoOther() throws Exception {
        assertThat(registered().keySet()).isEqualTo(new TreeSet<>(MEANINGS.keySet()));
    }

    /** Step and metric, and whether it is a counter or a gauge. */
    private static Map<String, String> registered() throws Exception {
        Map<String, String> registered = new TreeMap<>();
        for (StreamNode node : Topology.of(Topology.everything()).nodes()) {
            if (node.getOperatorFactory() instanceof SimpleOperatorFactory<?> factory
                    && factory.getOperator() instanceof AbstractStreamOperator<?> operator) {
                registeredBy(node, operator)
                        .forEach((name, metric) -> registered.put(
                                Topology.step(node) + "." + name,
                                metric.getMetricType().name().toLowerCase(Locale.ROOT)));
            }
        }
        return registered;
    }

    private static Map<String, Metric> registeredBy(StreamNode node, AbstractStreamOperator<?> operator)
            throws Exception {
        RegisteredMetrics metrics = new RegisteredMetrics();
        try (var harness = harness(node, operator, metrics)) {
            harness.open();
            return metrics.all();
        }
    }

    private static AbstractStreamOperatorTestHarness<?> harness(
            StreamNode node, AbstractStreamOperator<?> operator, RegisteredMetrics metrics) throws Exception {
        if (operator instanceof OneInputStreamOperator<?, ?> step) {
            return ofOne(node, step, metrics);
        }
        return ofTwo(node, (TwoInputStreamOperator<?, ?, ?>) operator, metrics);
    }

    private static <I, O> OneInputStreamOperatorTestHarness<I, O> ofOne(
            StreamNode node, OneInputStreamOperator<I, O> operator, RegisteredMetrics metrics) throws Exception {
        if (node.getStateKeySerializer() == null) {
            return new OneInputStreamOperatorTestHarness<>(operator, metrics.environment());
        }
        return new KeyedOneInputStreamOperatorTestHarness<>(
                operator, selector(node), keyType(node), metrics.environment());
    }

    private static <I, J, O> TwoInputHarness<Object, I, J, O> ofTwo(
            StreamNode node, TwoInputStreamOperator<I, J, O> operator, RegisteredMetrics metrics) throws Exception {
        return new TwoInputHarness<>(operator, selector(node), keyType(node), metrics.environment());
    }

    @SuppressWarnings("unchecked") // the graph holds the selector of the operator's own input
    private static <I> KeySelector<I, Object> selector(StreamNode node) {
        return (KeySelector<I, Object>) node.getStatePartitioners()[0];
    }

    private static TypeInformation<Object> keyType(StreamNode node) {
        return TypeExtractor.getForObject(node.getStateKeySerializer().createInstance());
    }
}
