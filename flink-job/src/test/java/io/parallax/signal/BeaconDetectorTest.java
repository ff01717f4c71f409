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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BeaconDetectorTest {

    private static final int HOUR = 3_600_000;

    private final List<Raised> signals = new ArrayList<>();
    private final List<FlowFact> facts = new ArrayList<>();
    private final Random random = new Random(5);

    @Test
    void aLonePeriodicEdgeIsABeacon() {
        beacon("a", "c2", FlowFact.TCP, 443, 60_000, 0.5, HOUR);
        run(Tuning.DEFAULT);
        assertThat(opened()).hasSize(1);
        Finding finding = opened().get(0).finding();
        assertThat(finding.technique()).isEqualTo("T1071");
        assertThat(finding.severity()).isEqualTo(Severity.MEDIUM);
        assertThat(finding.entity()).isEqualTo("a");
        assertThat(finding.peer()).isEqualTo("c2");
        assertThat(finding.since()).isEqualTo(facts.get(0).time());
        assertThat(finding.evidence()).isGreaterThanOrEqualTo(finding.threshold());
        assertThat(finding.sentence())
                .startsWith("a contacts c2 (TCP 443) about every ")
                .endsWith(" times likelier from a program that checks in than at random.");
    }

    @Test
    void severalConnectionsOfOneCheckInAreOneVisit() {
        for (int i = 0; i < 40; i++) {
            for (int connection = 0; connection < 4; connection++) {
                facts.add(Steps.tcp(
                        Kind.OPENED, i * 60_000L + random.nextInt(20_000) / 100 + 200L * connection, "a", "c2", 443));
            }
        }
        run(Tuning.DEFAULT);
        assertThat(opened()).hasSize(1);
    }

    @Test
    void arrivalsAtRandomAreNone() {
        for (double at = 0; at < 24.0 * HOUR; at -= 60_000 * Math.log(random.nextDouble())) {
            facts.add(Steps.tcp(Kind.OPENED, (long) at, "a", "web", 443));
        }
        run(Tuning.DEFAULT);
        assertThat(signals).isEmpty();
    }

    @Test
    void aBurstOfRetriesEndsBeforeItIsOne() {
        for (int i = 0; i < 20; i++) {
            facts.add(Steps.tcp(Kind.OPENED, i * 10_000L, "a", "b", 443));
        }
        run(Tuning.DEFAULT);
        assertThat(signals).isEmpty();
    }

    @Test
    void whoTriesAgainAndAgainWithoutAnAnswerDoesNotCheckIn() {
        for (int i = 0; i < 200; i++) {
            facts.add(Steps.tcp(Kind.OPENED, i * 30_000L, "a", "gone", 443));
            facts.add(Steps.tcp(Kind.REFUSED, i * 30_000L, "a", "gone", 443));
        }
        run(Tuning.DEFAULT);
        assertThat(signals).isEmpty();
    }

    @Test
    void timeServiceIsAPeriodicDependency() {
        beacon("a", "clock", FlowFact.UDP, 123, 64_000, 0.02, HOUR);
        run(Tuning.DEFAULT);
        assertThat(opened()).hasSize(1);
        assertThat(opened().get(0).finding().technique()).isEmpty();
        assertThat(opened().get(0).finding().severity()).isEqualTo(Severity.INFORMATIONAL);
        assertThat(opened().get(0).finding().sentence()).endsWith("a periodic dependency.");
    }

    @Test
    void trustInPortsAndTheListOfDependenciesCanBeSet() {
        beacon("a", "clock", FlowFact.UDP, 123, 64_000, 0.02, HOUR);
        run(new Tuning(Map.of("beacon.list_dependencies", 0.0), Map.of()));
        assertThat(signals).isEmpty();
        run(new Tuning(Map.of("beacon.trust_infrastructure_ports", 0.0), Map.of()));
        assertThat(opened()).hasSize(1);
        assertThat(opened().get(0).finding().technique()).isEqualTo("T1071");
    }

    @Test
    void aHostThatLooksAtThreeOthersAtOnePeriodIsAMonitor() {
        for (String target : List.of("x", "y", "z")) {
            beacon("a", target, FlowFact.TCP, 22, 30_000, 0.05, HOUR);
        }
        run(Tuning.DEFAULT);
        assertThat(opened()).hasSize(1);
        assertThat(opened().get(0).finding().technique()).isEmpty();
        assertThat(opened().get(0).finding().sentence()).contains("3 destinations alike: health checks");
    }

    @Test
    void aBeaconBesideHealthChecksOfAnotherPeriodIsFound() {
        for (String target : List.of("x", "y", "z")) {
            beacon("a", target, FlowFact.TCP, 22, 30_000, 0.05, HOUR);
        }
        beacon("a", "c2", FlowFact.TCP, 443, 120_000, 0.2, HOUR);
        run(Tuning.DEFAULT);
        assertThat(opened().stream()
                        .filter(signal -> !signal.finding().technique().isEmpty()))
                .singleElement()
                .satisfies(signal -> assertThat(signal.finding().peer()).isEqualTo("c2"));
    }

    @Test
    void theRoleMonitoringMakesItADependency() {
        beacon("a", "b", FlowFact.TCP, 443, 30_000, 0.05, HOUR);
        run(new Tuning(Map.of(), Map.of("a", Set.of(Tuning.MONITORING))));
        assertThat(opened()).hasSize(1);
        assertThat(opened().get(0).finding().technique()).isEmpty();
    }

    @Test
    void aLongConnectionThatIsToldAgainIsNoContact() {
        for (int i = 0; i < 100; i++) {
            facts.add(Steps.tcp(Kind.CONTINUED, i * 60_000L, "a", "b", 443));
        }
        run(Tuning.DEFAULT);
        assertThat(signals).isEmpty();
    }

    @Test
    void aSweepOverManyHostsForgetsItselfAndNotTheBeacon() {
        beacon("a", "c2", FlowFact.TCP, 443, 60_000, 0.2, 2 * HOUR);
        for (int i = 0; i < 100_000; i++) {
            facts.add(Steps.tcp(Kind.OPENED, HOUR / 4 + i * 50L, "a", "target" + i, 445));
        }
        run(Tuning.DEFAULT);
        assertThat(opened()).hasSize(1);
        assertThat(opened().get(0).finding().peer()).isEqualTo("c2");
    }

    @Test
    void theMemoryIsBoundedAndGoesOnAlikeAfterARestore() throws IOException {
        for (int i = 0; i < 30_000; i++) {
            boolean isBeacon = i % 20 == 0;
            facts.add(Steps.tcp(Kind.OPENED, i * 3_000L, "a", isBeacon ? "c2" : "b" + random.nextInt(60), 443));
        }
        BeaconDetector detector = new BeaconDetector();
        BeaconEdges whole = detector.begin();
        BeaconEdges restored = detector.begin();
        List<Finding> expected = new ArrayList<>();
        List<Finding> found = new ArrayList<>();
        for (int i = 0; i < facts.size(); i++) {
            detector.observe(facts.get(i), whole, Tuning.DEFAULT, expected::add);
            detector.observe(facts.get(i), restored, Tuning.DEFAULT, found::add);
            if (i % 50 == 0) {
                byte[] octets = written(restored);
                assertThat(octets.length).isLessThanOrEqualTo(detector.profile().mostOctets());
                restored = detector.read(new DataInputStream(new ByteArrayInputStream(octets)));
                assertThat(written(restored)).isEqualTo(octets);
            }
        }
        assertThat(found).isEqualTo(expected).isNotEmpty();
        assertThat(detector.profile().mostOctets()).isLessThanOrEqualTo(2_048);
    }

    @Test
    void whatIsQuietForLongIsForgotten() {
        beacon("a", "c2", FlowFact.TCP, 443, 60_000, 0.2, HOUR);
        Watch<FlowFact> watch = watch(Tuning.DEFAULT);
        facts.forEach(watch::add);
        watch.advance(Steps.at((8 * 24 + 2L) * HOUR), signals::add);
        assertThat(watch.isEmpty()).isTrue();
        assertThat(signals).last().extracting(Raised::state).isEqualTo(Raised.State.CLOSE);
    }

    /** Ten hours on each of five work days, of two weeks. */
    @Test
    void whatPollsOnWorkDaysIsOneSignal() {
        for (int day = 0; day < 14; day++) {
            for (long second = 0; second < 36_000 && day % 7 < 5; second += 300) {
                facts.add(Steps.tcp(
                        FlowFact.Kind.OPENED,
                        day * 24L * HOUR + second * 1_000 + second * 7_919 % 20_000,
                        "a",
                        "c2",
                        443));
            }
        }
        Watch<FlowFact> watch = watch(Tuning.DEFAULT);
        facts.forEach(watch::add);
        watch.advance(Steps.at(14L * 24 * HOUR), signals::add);
        assertThat(signals.stream().filter(signal -> signal.state() == Raised.State.OPEN))
                .hasSize(1);
    }

    private void beacon(
            String source,
            String destination,
            int protocol,
            int port,
            int periodMillis,
            double jitter,
            int untilMillis) {
        for (double at = random.nextInt(periodMillis);
                at < untilMillis;
                at += periodMillis * (1 + jitter * (2 * random.nextDouble() - 1))) {
            facts.add(Steps.step(Kind.OPENED, true, (long) at, source, destination, protocol, port));
        }
    }

    private void run(Tuning tuning) {
        signals.clear();
        Watch<FlowFact> watch = watch(tuning);
        facts.forEach(watch::add);
        watch.advance(Long.MAX_VALUE, signals::add);
    }

    private static Watch<FlowFact> watch(Tuning tuning) {
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(new WatchRules<>(
                FlowFactCodec.INSTANCE, List.of(new BeaconDetector()), tuning, WatchRules.MOST_SUBJECTS, 64));
        return watch;
    }

    private List<Raised> opened() {
        return signals.stream()
                .filter(signal -> signal.state() == Raised.State.OPEN)
                .toList();
    }

    private static byte[] written(BeaconEdges edges) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        edges.writeTo(new DataOutputStream(octets));
        return octets.toByteArray();
    }
}
