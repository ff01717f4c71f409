package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScanDetectorTest {

    private static final String HOST = "10.0.0.5";
    private static final ScanDetector DETECTOR = new ScanDetector();

    private final List<FlowFact> facts = new ArrayList<>();

    /** Probes of nmap's timing templates (nmap(1)): pauses between probes of one host, and how soon they have to show. */
    @ParameterizedTest
    @CsvSource({
        "0, 300000, REFUSED, 3600000",
        "1, 15000, REFUSED, 150000",
        "1, 15000, UNANSWERED, 150000",
        "2, 400, REFUSED, 5000",
        "2, 400, UNANSWERED, 5000",
        "3, 20, REFUSED, 2000",
        "4, 5, REFUSED, 2000",
        "4, 5, UNANSWERED, 2000",
        "5, 1, UNREACHABLE, 2000"
    })
    void scansOfAHostsPortsShowInTimeAtEveryPace(int template, long pauseMillis, Kind end, long latestMillis) {
        useDns();
        for (int port = 1; port <= 30; port++) {
            facts.addAll(Attempt.tcp(end, 100 + port * pauseMillis, HOST, "10.0.0.9", port));
        }
        List<Raised> signals = signals();
        assertThat(signals).as("-T%d", template).isNotEmpty();
        Finding finding = signals.get(0).finding();
        assertThat(finding.technique()).isEqualTo("T1046");
        assertThat(finding.entity()).isEqualTo(HOST);
        assertThat(finding.peer()).isEqualTo("10.0.0.9");
        assertThat(Signals.firstMillis(signals) - 100 - pauseMillis).isLessThanOrEqualTo(latestMillis);
        assertThat(signals).extracting(Raised::id).containsOnly(signals.get(0).id());
    }

    @Test
    void theSentenceSaysWhatWasTried() {
        for (int port = 1; port <= 8; port++) {
            facts.addAll(Attempt.tcp(Kind.REFUSED, port * 100L, HOST, "10.0.0.9", port));
        }
        assertThat(signals())
                .first()
                .extracting(signal -> signal.finding().sentence())
                .isEqualTo("10.0.0.5 tried 8 ports of 10.0.0.9 within 0.7 s that it had not used before:"
                        + " 8 refused, 0 without an answer, 0 left half open.");
    }

    @Test
    void onePortOfManyHostsIsASearchForHosts() {
        for (int host = 1; host <= 20; host++) {
            facts.addAll(Attempt.tcp(Kind.REFUSED, host * 10L, HOST, "10.0.1." + host, 80));
        }
        assertTechnique("T1018");
    }

    @Test
    void aSearchForHostsAfterScansOfPortsIsStillOne() {
        useDns();
        facts.addAll(Attempt.tcp(Kind.UNANSWERED, 100, HOST, "10.0.3.1", 8_080));
        for (int port = 1; port <= 20; port++) {
            Kind end = port == 3 ? Kind.HALF_OPEN : Kind.REFUSED;
            facts.addAll(Attempt.tcp(end, 5_000 + port * 10L, HOST, "10.0.0.9", port));
            facts.addAll(Attempt.tcp(end, 9_000 + port * 10L, HOST, "10.0.0.10", 50 + port));
        }
        for (int host = 1; host <= 20; host++) {
            facts.addAll(Attempt.tcp(Kind.UNANSWERED, 60_000 + host * 10L, HOST, "10.0.1." + host, 443));
        }
        assertThat(signals())
                .filteredOn(signal -> signal.finding().peer().isEmpty())
                .isNotEmpty()
                .allSatisfy(signal -> {
                    assertThat(signal.finding().technique()).isEqualTo("T1018");
                    assertThat(signal.finding().sentence())
                            .contains(" 0 refused")
                            .contains(" 0 left half open");
                });
    }

    @Test
    void aPingSweepIsASearchForHosts() {
        useDns();
        for (int host = 1; host <= 20; host++) {
            Kind end = host % 4 == 0 ? Kind.ANSWERED : Kind.UNANSWERED;
            facts.add(Attempt.ping(end, 100 + host * 10, HOST, "10.0.1." + host));
        }
        assertTechnique("T1018");
    }

    @Test
    void manyPortsOfManyHostsAreASearchForServices() {
        for (int port = 1; port <= 40; port++) {
            for (int host = 1; host <= 16; host++) {
                facts.addAll(Attempt.tcp(Kind.REFUSED, port * 200 + host, HOST, "10.0.1." + host, 1_000 + port));
            }
        }
        List<Raised> signals = signals();
        assertThat(signals.get(signals.size() - 1).finding().technique()).isEqualTo("T1046");
        assertThat(signals.get(0).finding().evidence()).isBetween(10.0, 14.0);
    }

    @Test
    void handshakesLeftHalfOpenAreAScanOfOpenPorts() {
        for (int host = 1; host <= 5; host++) {
            facts.addAll(Attempt.tcp(Kind.HALF_OPEN, host * 10L, HOST, "10.0.1." + host, 22));
        }
        assertTechnique("T1018");
        assertThat(signals().get(0).finding().sentence()).contains("4 left half open");
    }

    @Test
    void halfOpenHandshakesWithServicesInUseCountToo() {
        for (int host = 1; host <= 5; host++) {
            facts.addAll(Attempt.tcp(Kind.ESTABLISHED, host, HOST, "10.0.1." + host, 22));
            facts.addAll(Attempt.tcp(Kind.HALF_OPEN, 5_000 + host * 10, HOST, "10.0.1." + host, 22));
        }
        assertTechnique("T1018");
    }

    @Test
    void udpPortsWithoutAnAnswerAreAScan() {
        useDns();
        for (int port : new int[] {67, 69, 111, 123, 137, 161, 500, 514, 1900, 5353}) {
            facts.add(
                    Attempt.udp(port == 500 ? Kind.UNREACHABLE : Kind.UNANSWERED, 100 + port, HOST, "10.0.0.9", port));
        }
        assertTechnique("T1046");
    }

    @Test
    void openPortsDoNotHideAScan() {
        for (int port = 1; port <= 60; port++) {
            Kind end = port % 6 == 0 ? Kind.ESTABLISHED : Kind.REFUSED;
            facts.addAll(Attempt.tcp(end, port * 10L, HOST, "10.0.0.9", port));
        }
        assertTechnique("T1046");
    }

    @Test
    void theOutageOfAHostWhoseServicesAreUsedIsNoScan() {
        for (int port = 1; port <= 20; port++) {
            facts.addAll(Attempt.tcp(Kind.ESTABLISHED, port * 10L, HOST, "10.0.0.9", port));
            for (int retry = 0; retry < 10; retry++) {
                facts.addAll(Attempt.tcp(Kind.UNANSWERED, 10_000 + retry * 1_000 + port, HOST, "10.0.0.9", port));
            }
        }
        assertThat(texts(signals())).isEmpty();
    }

    @Test
    void peersThatAreDownAndTriedOverAndOverAreNoScan() {
        useDns();
        for (int retry = 0; retry < 2_000; retry++) {
            facts.addAll(Attempt.tcp(Kind.REFUSED, 100 + retry * 500, HOST, "10.0.1." + retry % 6, 9_300));
        }
        assertThat(texts(signals())).isEmpty();
    }

    @Test
    void fanOutThatSucceedsIsNoScan() {
        for (int host = 1; host <= 250; host++) {
            facts.addAll(Attempt.tcp(Kind.ESTABLISHED, host * 3L, HOST, "10.0.1." + host, 443));
            facts.add(Attempt.ping(Kind.ANSWERED, host * 3L, HOST, "10.0.2." + host));
        }
        assertThat(texts(signals())).isEmpty();
    }

    @Test
    void aFloodIsNoScan() {
        for (int i = 0; i < 3_000; i++) {
            facts.addAll(Attempt.tcp(Kind.HALF_OPEN, i, HOST, "10.0.0.9", 80));
            facts.addAll(Attempt.tcp(Kind.UNANSWERED, i, "77." + i / 250 + ".1." + i % 250, "10.0.0.9", 80));
        }
        assertThat(texts(signals())).isEmpty();
    }

    @Test
    void backscatterIsNoScanByTheVictim() {
        for (int i = 0; i < 3_000; i++) {
            facts.add(Attempt.fact(Kind.CONTINUED, i, 0, HOST, "77.1." + i / 250 + "." + i % 250, FlowFact.TCP, i));
        }
        assertThat(texts(signals())).isEmpty();
    }

    @Test
    void traceroutesAndGroupsAreNoScan() {
        useDns();
        for (int i = 0; i < 90; i++) {
            facts.add(Attempt.udp(Kind.UNREACHABLE, 100 + i * 10, HOST, "10.0.0.9", 33_434 + i));
            facts.add(Attempt.udp(Kind.UNANSWERED, 100 + i * 10, HOST, "239.1.1." + i, 5_000 + i));
            facts.add(Attempt.udp(Kind.UNANSWERED, 100 + i * 10, HOST, "10.0.0.255", 5_000 + i));
        }
        assertThat(texts(signals())).isEmpty();
    }

    @Test
    void aSensorThatSeesOneSideMakesNobodyAScanner() {
        for (int host = 1; host <= 60; host++) {
            long millis = host * 1_700L;
            facts.addAll(Attempt.tcp(Kind.UNANSWERED, millis, HOST, "10.0.1." + host, 443));
            facts.add(Attempt.oneSided(millis, HOST, "10.0.1." + host, 443, 12, 3_000));
        }
        assertThat(texts(signals())).isEmpty();
    }

    @Test
    void whatLooksUnansweredAfterSightWasLostIsTakenBack() {
        useDns();
        for (int host = 1; host <= 40; host++) {
            long millis = 30_000 + host * 6_000L;
            facts.addAll(Attempt.tcp(Kind.UNANSWERED, millis, HOST, "10.0.1." + host, 443));
            facts.add(Attempt.oneSided(millis, HOST, "10.0.1." + host, 443, 12, 3_000));
        }
        assertThat(texts(signals())).isEmpty();
    }

    @Test
    void aScanThatNobodyEverAnsweredShowsWithTheWindow() {
        for (int host = 1; host <= 12; host++) {
            facts.addAll(Attempt.tcp(Kind.UNANSWERED, host * 1_000L, HOST, "10.0.1." + host, 445));
            facts.add(Attempt.oneSided(host * 1_000L, HOST, "10.0.1." + host, 445, 2, 0));
        }
        assertThat(Signals.firstMillis(signals())).isEqualTo(60_000);
    }

    @Test
    void aSensorThatTakesSamplesMakesNobodyAScanner() {
        Random random = new Random(17);
        Kind[] kinds = {Kind.CONTINUED, Kind.CONTINUED, Kind.HALF_OPEN, Kind.UNANSWERED, Kind.ESTABLISHED};
        for (int i = 0; i < 2_000; i++) {
            Kind end = kinds[random.nextInt(kinds.length)];
            String host = "10.0.1." + random.nextInt(40);
            List<FlowFact> attempt = Attempt.tcp(end, i * 100L, HOST, host, 22);
            facts.addAll(end == Kind.CONTINUED ? attempt.subList(1, 2) : attempt);
        }
        assertThat(texts(signals())).isEmpty();
    }

    @Test
    void administrationPortsOfHostsThatAnswerAreLeftToLateral() {
        for (int host = 1; host <= 20; host++) {
            facts.addAll(Attempt.tcp(Kind.REFUSED, host * 20L, HOST, "10.0.1." + host, 3_389));
        }
        assertThat(texts(signals())).isEmpty();
        for (int host = 21; host <= 60; host++) {
            facts.addAll(Attempt.tcp(Kind.UNANSWERED, host * 20L, HOST, "10.0.1." + host, 3_389));
        }
        assertTechnique("T1018");
    }

    @Test
    void aScanOfPortsAfterAFanOutIsNoSearchForHosts() {
        for (int host = 1; host <= 14; host++) {
            facts.addAll(Attempt.tcp(Kind.REFUSED, host * 20L, HOST, "10.0.1." + host, 3_389));
        }
        for (int port = 1; port <= 20; port++) {
            Kind end = port == 2 ? Kind.HALF_OPEN : Kind.REFUSED;
            facts.addAll(Attempt.tcp(end, 40_000 + port * 10L, HOST, "10.0.0.9", 8_000 + port));
        }
        assertTechnique("T1046");
        assertThat(signals()).extracting(signal -> signal.finding().technique()).containsOnly("T1046");
    }

    @Test
    void scannersAreSilentAndMonitoringMayFailMore() {
        for (int host = 1; host <= 20; host++) {
            facts.addAll(Attempt.tcp(Kind.REFUSED, host * 20L, HOST, "10.0.1." + host, 80));
        }
        assertThat(signals()).isNotEmpty();
        assertThat(Signals.of(DETECTOR, role(Tuning.SCANNER), facts)).isEmpty();
        assertThat(Signals.of(DETECTOR, role(Tuning.MONITORING), facts)).isEmpty();
    }

    @Test
    void twoScansOfAHostHoursApartAreTwoSignals() {
        for (int port = 1; port <= 10; port++) {
            facts.addAll(Attempt.tcp(Kind.REFUSED, port * 10L, HOST, "10.0.0.9", port));
            facts.addAll(Attempt.tcp(Kind.REFUSED, 7_200_000 + port * 10, HOST, "10.0.0.9", 100 + port));
        }
        assertThat(signals())
                .filteredOn(signal -> signal.state() == Raised.State.OPEN)
                .hasSize(2);
    }

    /** At the share of failures that is assumed: 200 hosts with 1,000 first contacts each. */
    @Test
    void benignFirstContactsRaiseNoMoreFalseAlarmsThanTheBound() {
        Random random = new Random(4711);
        int firstContacts = 0;
        for (int client = 0; client < 200; client++) {
            for (int i = 0; i < 1_000; i++) {
                Kind end = random.nextDouble() < 0.2 ? Kind.REFUSED : Kind.ESTABLISHED;
                String server = "10." + client + "." + i / 250 + "." + i % 250;
                facts.addAll(Attempt.tcp(end, i * 2_000L, "10.9.9." + client, server, 443));
                firstContacts++;
            }
        }
        long alarms = signals().stream()
                .filter(signal -> signal.state() == Raised.State.OPEN)
                .count();
        assertThat((double) alarms).isLessThanOrEqualTo(firstContacts / Math.exp(10));
    }

    @Test
    void memoryStaysWithinItsBoundWhateverIsTried() {
        Random random = new Random(3);
        ScanMemory memory = DETECTOR.begin();
        Kind[] kinds = {Kind.ANSWERED, Kind.ESTABLISHED, Kind.REFUSED, Kind.UNANSWERED, Kind.HALF_OPEN};
        int most = 0;
        for (int i = 0; i < 100_000; i++) {
            Kind kind = kinds[random.nextInt(i % 5_000 < 2_500 ? 2 : 5)];
            String destination = "10.0." + random.nextInt(8) + "." + random.nextInt(250);
            FlowFact fact = Attempt.fact(kind, i, 1, HOST, destination, FlowFact.TCP, random.nextInt(65_536));
            DETECTOR.observe(fact, memory, Tuning.DEFAULT, finding -> {});
            most = i % 100 == 0 ? Math.max(most, Signals.octets(memory)) : most;
        }
        assertThat(most).isBetween(1_000, DETECTOR.profile().mostOctets());
        assertThat(memory.expires()).isLessThan(Memory.NEVER);
    }

    @Test
    void memoryThatWasWrittenAndReadInTheMidstGoesOnAlike() {
        for (int port = 1; port <= 60; port++) {
            Kind end = port % 6 == 0 ? Kind.ESTABLISHED : Kind.REFUSED;
            facts.addAll(Attempt.tcp(end, port * 10L, HOST, "10.0.0.9", port));
            facts.addAll(Attempt.tcp(Kind.HALF_OPEN, port * 10L, HOST, "10.0.1." + port, 80));
        }
        assertThat(texts(Signals.restored(DETECTOR, facts)))
                .isEqualTo(texts(signals()))
                .hasSizeGreaterThan(3);
    }

    @Test
    void aStrangerIsForgotten() {
        facts.addAll(Attempt.tcp(Kind.REFUSED, 0, HOST, "10.0.0.9", 80));
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(new WatchRules<>(FlowFactCodec.INSTANCE, List.of(DETECTOR), Tuning.DEFAULT));
        facts.forEach(watch::add);
        watch.advance(Steps.at(3_700_000), signal -> {});
        assertThat(watch.isEmpty()).isTrue();
    }

    private void useDns() {
        facts.add(Attempt.udp(Kind.ANSWERED, 0, HOST, "10.0.0.2", 53));
    }

    private static Tuning role(String role) {
        return new Tuning(Map.of(), Map.of(HOST, Set.of(role)));
    }

    private static List<String> texts(List<Raised> signals) {
        return signals.stream().map(Signals::text).toList();
    }

    private List<Raised> signals() {
        return Signals.of(DETECTOR, facts);
    }

    private void assertTechnique(String technique) {
        assertThat(signals())
                .extracting(signal -> signal.finding().technique())
                .isNotEmpty()
                .containsOnly(technique);
    }
}
