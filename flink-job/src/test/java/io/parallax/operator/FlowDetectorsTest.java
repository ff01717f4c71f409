package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.io.AvroTypes;
import io.parallax.model.Facts;
import io.parallax.model.FlowFact;
import io.parallax.signal.BenignNetwork;
import io.parallax.signal.Detectors;
import io.parallax.signal.Steps;
import io.parallax.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** All detectors of flows in their operator, on two hours of a network in which a scan and a flood happen. */
final class FlowDetectorsTest {

    private static final int HOSTS = 40;
    private static final int HOURS = 2;
    private static final long SEED = 4;
    private static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);

    /** Longer than any detector remembers a host that is gone. */
    private static final long LONG_AFTERWARDS_MILLIS = TimeUnit.DAYS.toMillis(120);

    /** By the second in which they are told. */
    private final Map<Long, List<FlowFact>> facts =
            facts().stream().collect(Collectors.groupingBy(fact -> TimeUnit.NANOSECONDS.toSeconds(fact.time())));

    @Test
    void aRestoredOperatorRaisesTheSameSignalsAndForgetsAllInTheEnd() throws Exception {
        List<String> undisturbed;
        try (var harness = harness()) {
            harness.open();
            feed(harness, 0, HOURS * HOUR_MILLIS);
            pass(harness, LONG_AFTERWARDS_MILLIS);
            undisturbed = ids(harness.extractOutputValues());
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
        assertThat(undisturbed).anyMatch(id -> id.contains(" scan ")).anyMatch(id -> id.contains(" flood "));
        List<String> disturbed = new ArrayList<>();
        OperatorSubtaskState snapshot = null;
        for (long from = 0; from < HOURS * HOUR_MILLIS; from += HOUR_MILLIS / 4) {
            try (var harness = harness()) {
                if (snapshot != null) {
                    harness.initializeState(snapshot);
                }
                harness.open();
                feed(harness, from, from + HOUR_MILLIS / 4);
                snapshot = harness.snapshot(from, from);
                disturbed.addAll(ids(harness.extractOutputValues()));
            }
        }
        try (var harness = harness()) {
            harness.initializeState(snapshot);
            harness.open();
            pass(harness, LONG_AFTERWARDS_MILLIS);
            disturbed.addAll(ids(harness.extractOutputValues()));
        }
        assertThat(disturbed).containsExactlyInAnyOrderElementsOf(undisturbed);
    }

    private static List<FlowFact> facts() {
        List<FlowFact> facts = new ArrayList<>();
        BenignNetwork network = new BenignNetwork(HOSTS, 1, SEED);
        for (int hour = 0; hour < HOURS; hour++) {
            network.hour(hour, facts::add);
        }
        long middle = HOUR_MILLIS + HOUR_MILLIS / 8;
        for (int port = 1; port <= 100; port++) {
            facts.add(Steps.tcp(FlowFact.Kind.REFUSED, middle + port, BenignNetwork.host(3), "10.9.9.9", port));
        }
        for (int attempt = 0; attempt < 2_000; attempt++) {
            long at = middle + 60_000 + attempt;
            facts.add(Steps.step(
                    FlowFact.Kind.UNANSWERED, false, at, "203.0.113." + attempt % 250, "10.9.9.8", FlowFact.TCP, 80));
        }
        return facts;
    }

    private void feed(
            KeyedOneInputStreamOperatorTestHarness<Integer, Facts<FlowFact>, Signal> harness, long from, long until)
            throws Exception {
        for (long at = from; at < until; at += 1_000) {
            for (FlowFact fact : facts.getOrDefault(TimeUnit.NANOSECONDS.toSeconds(Steps.at(at)), List.of())) {
                harness.processElement(new Facts<>(Facts.bucketOf(fact.subject()), List.of(fact)), 0);
            }
            pass(harness, at + 1_000);
        }
    }

    private static void pass(
            KeyedOneInputStreamOperatorTestHarness<Integer, Facts<FlowFact>, Signal> harness, long millis)
            throws Exception {
        harness.processWatermark(TimeUnit.NANOSECONDS.toMillis(Steps.at(millis)) - 1);
    }

    private static List<String> ids(List<Signal> signals) {
        return signals.stream()
                .map(signal -> "%s %s %s %d"
                        .formatted(signal.getSignalId(), signal.getDetector(), signal.getState(), signal.getRevision()))
                .toList();
    }

    private static KeyedOneInputStreamOperatorTestHarness<Integer, Facts<FlowFact>, Signal> harness() throws Exception {
        KeyedOneInputStreamOperatorTestHarness<Integer, Facts<FlowFact>, Signal> made =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new DetectFunction<>(Detectors::flowRules)),
                        Facts::bucket,
                        Types.INT);
        made.setup(AvroTypes.SIGNAL.createSerializer(made.getExecutionConfig().getSerializerConfig()));
        return made;
    }
}
