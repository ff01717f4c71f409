package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Signals: state #revision of entity, since-until seconds, statistic. */
class WatchTest {

    private static final WatchRules<FlowFact> RULES = rules(WatchRules.MOST_SUBJECTS, Tuning.DEFAULT);

    private final List<String> signals = new ArrayList<>();

    @Test
    void theThirdFlowInTenSecondsOpensASignalAtItsOwnTime() {
        Watch<FlowFact> watch = watch();
        opened(watch, 0, 4, 8, 20);
        watch.advance(Steps.at(9_000), this::take);
        assertThat(signals).containsExactly("OPEN #1 a 0-8: 3.0 at 8");
        watch.advance(Steps.at(37_999), this::take);
        assertThat(signals).hasSize(1);
        watch.advance(Steps.at(38_000), this::take);
        assertThat(signals).containsExactly("OPEN #1 a 0-8: 3.0 at 8", "CLOSE #2 a 0-8: 3.0 at 38");
        assertThat(watch.isEmpty()).as("nothing that could still matter").isTrue();
    }

    @Test
    void whatGrowsToTwiceAsMuchIsToldAgain() {
        Watch<FlowFact> watch = watch();
        opened(watch, 0, 1, 2, 3, 4, 5, 6);
        watch.advance(Steps.at(7_000), this::take);
        assertThat(signals).containsExactly("OPEN #1 a 0-2: 3.0 at 2", "UPDATE #2 a 0-5: 6.0 at 5");
        watch.advance(Long.MAX_VALUE, this::take);
        assertThat(signals)
                .as("the end of the input tells the rest")
                .hasSize(3)
                .last()
                .isEqualTo("UPDATE #3 a 0-6: 7.0 at 7");
        assertThat(watch.isEmpty()).isTrue();
    }

    @Test
    void whatWasQuietForLongIsAnotherSignal() {
        Watch<FlowFact> watch = watch();
        opened(watch, 0, 1, 2, 100, 101, 102);
        List<String> ids = new ArrayList<>();
        watch.advance(Steps.at(200_000), signal -> ids.add(signal.state() + " " + signal.id()));
        assertThat(ids).hasSize(4).doesNotHaveDuplicates();
        assertThat(ids.get(0).substring(5)).isEqualTo(ids.get(1).substring(6));
        assertThat(ids.get(0).substring(5)).isNotEqualTo(ids.get(2).substring(5));
    }

    @Test
    void theOrderOfArrivalDoesNotMatter() {
        List<FlowFact> facts = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            facts.add(Steps.tcp(Kind.OPENED, random.nextInt(200_000), "host" + random.nextInt(5), "b", i));
        }
        List<String> expected = run(facts, 200_000, RULES);
        assertThat(expected).hasSizeGreaterThan(10);
        for (int seed = 0; seed < 20; seed++) {
            Random shuffle = new Random(seed);
            Collections.shuffle(facts, shuffle);
            assertThat(run(facts, 1 + shuffle.nextInt(60_000), RULES))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    /** Facts come in the given order within each step. */
    private List<String> run(List<FlowFact> facts, int stepMillis, WatchRules<FlowFact> rules) {
        signals.clear();
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(rules);
        long before = Long.MIN_VALUE;
        for (long time = 0; time < 300_000; time += stepMillis) {
            long now = Steps.at(time);
            for (FlowFact fact : facts) {
                if (fact.time() > before && fact.time() <= now) {
                    watch.add(fact);
                }
            }
            before = now;
            watch.advance(now, this::take);
            watch.configure(rules);
        }
        watch.advance(Steps.at(400_000), this::take);
        assertThat(watch.takeLateFacts()).isZero();
        return signals.stream().sorted().toList();
    }

    @Test
    void whatWasWrittenAndReadGoesOnAlike() throws IOException {
        Watch<FlowFact> whole = watch();
        Watch<FlowFact> restored = watch();
        opened(whole, 0, 1, 2, 6, 7, 8, 9, 70);
        whole.advance(Steps.at(100_000), this::take);
        List<String> expected = List.copyOf(signals);
        signals.clear();
        opened(restored, 0, 1, 2, 6, 7, 8, 9, 70);
        for (int second = 0; second <= 100; second++) {
            restored.advance(Steps.at(second * 1_000L), this::take);
            restored = read(written(restored));
            if (second % 2 == 0) {
                restored = restored.copy();
            }
            restored.configure(RULES);
        }
        assertThat(signals).isEqualTo(expected).hasSize(3);
    }

    @Test
    void octetsThatNobodyReadAreWrittenAsTheyAre() throws IOException {
        Watch<FlowFact> watch = watch();
        opened(watch, 0, 1, 2);
        byte[] octets = written(watch);
        assertThat(written(read(octets))).isEqualTo(octets);
    }

    @Test
    void aDetectorThatIsGoneTakesItsMemoriesAndSignalsAlong() throws IOException {
        Watch<FlowFact> watch = watch();
        opened(watch, 0, 1, 2);
        watch.advance(Steps.at(3_000), this::take);
        Watch<FlowFact> later = read(written(watch));
        later.configure(new WatchRules<>(FlowFactCodec.INSTANCE, List.of(), Tuning.DEFAULT));
        signals.clear();
        later.advance(Steps.at(100_000), this::take);
        assertThat(signals).isEmpty();
    }

    @Test
    void aFloodOfStrangersForgetsItselfAndNotTheHosts() {
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(rules(100, Tuning.DEFAULT));
        for (int i = 0; i < 40; i++) {
            watch.add(Steps.tcp(Kind.OPENED, i, "host", "b", i));
        }
        for (int i = 0; i < 1_000; i++) {
            watch.add(Steps.tcp(Kind.OPENED, 100 + i, "stranger" + i, "b", i));
        }
        watch.advance(Steps.at(2_000), this::take);
        assertThat(watch.subjects()).isEqualTo(100);
        assertThat(watch.takeForgottenSubjects()).isEqualTo(901);
        signals.clear();
        watch.add(Steps.tcp(Kind.OPENED, 2_001, "host", "b", 1));
        watch.advance(Long.MAX_VALUE, this::take);
        assertThat(signals)
                .last()
                .asString()
                .startsWith("UPDATE")
                .contains(" host ")
                .contains("41.0");
    }

    @Test
    void whatConcernsNobodyIsNotKept() {
        Watch<FlowFact> watch = watch();
        watch.add(Steps.tcp(Kind.ANSWERED, 0, "a", "b", 80));
        assertThat(watch.isEmpty()).isTrue();
    }

    @Test
    void thresholdsCanBeSetWhileItRuns() {
        Watch<FlowFact> watch = watch();
        opened(watch, 0, 1, 2);
        watch.configure(RULES.with(new Tuning(Map.of("counting.most_flows", 3.0), Map.of())));
        watch.advance(Steps.at(5_000), this::take);
        assertThat(signals).isEmpty();
        opened(watch, 6);
        watch.advance(Steps.at(7_000), this::take);
        assertThat(signals).hasSize(1);
    }

    @Test
    void lateFactsAreToldAtOnceAndCounted() {
        Watch<FlowFact> watch = watch();
        opened(watch, 0, 1);
        watch.advance(Steps.at(5_000), this::take);
        opened(watch, 2);
        watch.advance(Steps.at(5_100), this::take);
        assertThat(watch.takeLateFacts()).isEqualTo(1);
        assertThat(signals).hasSize(1);
    }

    private static WatchRules<FlowFact> rules(int mostSubjects, Tuning tuning) {
        return new WatchRules<>(FlowFactCodec.INSTANCE, List.of(new CountingDetector()), tuning, mostSubjects, 4);
    }

    private static Watch<FlowFact> watch() {
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(RULES);
        return watch;
    }

    private static void opened(Watch<FlowFact> watch, int... seconds) {
        for (int second : seconds) {
            watch.add(Steps.tcp(Kind.OPENED, second * 1_000L, "a", "b", 80));
        }
    }

    private void take(Raised signal) {
        signals.add("%s #%d %s %d-%d: %s at %d"
                .formatted(
                        signal.state(),
                        signal.revision(),
                        signal.finding().entity(),
                        seconds(signal.since()),
                        seconds(signal.until()),
                        signal.finding().statistic(),
                        seconds(signal.statedAt())));
    }

    private static long seconds(long nanos) {
        return (nanos - Steps.BEGIN_NANOS) / 1_000_000_000;
    }

    private static byte[] written(Watch<FlowFact> watch) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        watch.writeTo(new DataOutputStream(octets));
        return octets.toByteArray();
    }

    private static Watch<FlowFact> read(byte[] octets) throws IOException {
        return Watch.readFrom(new DataInputStream(new ByteArrayInputStream(octets)));
    }
}
