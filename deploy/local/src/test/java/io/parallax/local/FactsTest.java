package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.source.CaptureFile;
import io.parallax.flow.MeterSettings;
import io.parallax.local.scenario.EncodedStream;
import io.parallax.local.scenario.HeaderStream;
import io.parallax.local.scenario.Interleaving;
import io.parallax.local.scenario.Recordings;
import io.parallax.model.FlowFact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What detectors hear does not depend on how streams were read, nor on when the tables were written and read back. */
class FactsTest {

    private static final MeterSettings SETTINGS = new MeterSettings(
            Duration.ofSeconds(10).toNanos(), Duration.ofMinutes(10).toNanos());
    private static final int HEADERS_PER_BATCH = 50;
    private static final int COPIES = 3;
    private static final int WAYS = 24;
    private static final double RESTORES_PER_BATCH = 0.01;

    /** Times a batch that event time comes on: step by step, or in leaps over several copies. */
    private static final double OFTEN = 0.3;

    private static final double SELDOM = 0.002;

    @TempDir
    Path folder;

    @Test
    void factsOfAttemptsThatComeAgainAreTheSameInAnyOrderOfReading() throws Exception {
        // ended by RST or FIN (5 s), and within and beyond the idle timeout of TCP (300 s)
        for (int periodSeconds : new int[] {57, 200, 300, 420}) {
            List<HeaderStream> streams = Recordings.read(repeatedSamples(periodSeconds));
            List<FlowFact> expected = facts(streams, 0, OFTEN);
            assertThat(expected).hasSizeGreaterThan(10_000);
            for (int seed = 1; seed <= WAYS; seed++) {
                double passesPerBatch = seed % 2 == 0 ? OFTEN : SELDOM;
                assertThat(differences(expected, facts(streams, seed, passesPerBatch)))
                        .as("period %d s, seed %d", periodSeconds, seed)
                        .isEmpty();
            }
        }
    }

    private static List<FlowFact> facts(List<HeaderStream> streams, int seed, double passesPerBatch) throws Exception {
        List<EncodedStream> encoded = new ArrayList<>();
        for (HeaderStream stream : streams) {
            encoded.add(stream.encoded(new Random(0), HEADERS_PER_BATCH, HEADERS_PER_BATCH));
        }
        List<FlowFact> facts = new ArrayList<>();
        Interleaving interleaving =
                new Interleaving(SETTINGS, seed).passing(passesPerBatch).restoring(RESTORES_PER_BATCH);
        interleaving
                .tellingTo(told -> {
                    assertThat(told.facts())
                            .allSatisfy(fact ->
                                    assertThat(fact.time()).isGreaterThanOrEqualTo(interleaving.passedBeforeNanos()));
                    facts.addAll(told.facts());
                })
                .run(encoded);
        facts.sort(FlowFact.order());
        return facts;
    }

    private static List<String> differences(List<FlowFact> expected, List<FlowFact> actual) {
        List<String> missing = missing(expected, actual);
        missing.addAll(
                missing(actual, expected).stream().map(fact -> "not " + fact).toList());
        return missing.stream().limit(10).toList();
    }

    private static List<String> missing(List<FlowFact> some, List<FlowFact> others) {
        List<String> rest = new ArrayList<>();
        var known = others.stream().collect(Collectors.groupingBy(fact -> fact, Collectors.counting()));
        var wanted = some.stream().collect(Collectors.groupingBy(fact -> fact, Collectors.counting()));
        wanted.forEach((fact, times) -> {
            if (known.getOrDefault(fact, 0L) < times) {
                rest.add(fact.toString());
            }
        });
        return rest;
    }

    private List<CaptureFile> repeatedSamples(int periodSeconds) throws Exception {
        List<CaptureFile> repeated = new ArrayList<>();
        for (CaptureFile sample : Samples.of(Samples.COMMITTED, Samples.SENSORS)) {
            Path file = folder.resolve(periodSeconds + "-" + sample.path().getFileName());
            RepeatedCapture.write(sample.path(), file, 0, COPIES, periodSeconds, 0);
            repeated.add(CaptureFile.named(file));
        }
        return repeated;
    }
}
