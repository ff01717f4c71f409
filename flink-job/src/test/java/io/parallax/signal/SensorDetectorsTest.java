package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.SensorFact;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SensorDetectorsTest {

    private static final int DEAD = 40;

    @Test
    void anInterfaceThatIsNotHeardAnyMoreIsNamedWhileTimeGoesOnByAnother() {
        List<Raised> signals = HealthFacts.ofSensors(new SensorSilentDetector(), deadFrom(DEAD, true));
        assertThat(HealthFacts.opened(signals)).containsExactly("cap1/eth1");
        assertThat(signals.get(0).detectedAt())
                .as("a millisecond after the third row is due")
                .isEqualTo(HealthFacts.start(DEAD + 3) + HealthFacts.SETTLED_NANOS + 1_000_000);
        assertThat(signals.get(0).since()).isEqualTo(HealthFacts.start(DEAD));
        assertThat(signals.get(0).finding().sentence())
                .isEqualTo(
                        "Nothing was heard of cap1/eth1 for 3 windows of 60 s, neither packets nor its ledger, after 40"
                                + " windows in a row in which it was.");
    }

    @Test
    void aFileThatEndsIsNoSilence() {
        assertThat(HealthFacts.ofSensors(new SensorSilentDetector(), deadFrom(DEAD, false)))
                .isEmpty();
    }

    @Test
    void aRestartOfTwoWindowsIsNoSilence() {
        List<SensorFact> facts = new ArrayList<>();
        for (int window = 0; window < 100; window++) {
            facts.add(HealthFacts.account("eth2", window, 1, 1_000, 0, true));
            if (window < 50 || window > 51) {
                facts.add(HealthFacts.account(window, 1, 1_000, 0));
            }
        }
        assertThat(HealthFacts.ofSensors(new SensorSilentDetector(), facts)).isEmpty();
    }

    @Test
    void whoSpokeForAMomentIsNotMissed() {
        assertThat(HealthFacts.ofSensors(new SensorSilentDetector(), deadFrom(1, true)).stream()
                        .map(Raised::detectedAt)
                        .allMatch(at -> at > HealthFacts.start(100)))
                .as("one window heard: patience is long")
                .isTrue();
    }

    private static List<SensorFact> deadFrom(int window, boolean isLive) {
        List<SensorFact> facts = new ArrayList<>();
        for (int i = 0; i < DEAD + 20; i++) {
            facts.add(HealthFacts.account("eth2", i, 1, 1_000, 0, isLive));
            if (i < window) {
                facts.add(HealthFacts.account("eth1", i, 1, 1_000, 0, isLive));
            }
        }
        return facts;
    }

    @Test
    void anInterfaceThatSeesNextToNothingIsBlind() {
        List<Raised> signals = HealthFacts.ofSensors(new SensorBlindDetector(), seen(100, 100, 20, 30));
        assertThat(HealthFacts.opened(signals)).containsExactly("cap1/eth1");
        assertThat(signals.get(0).since()).isEqualTo(HealthFacts.start(100));
        assertThat(signals.get(0).finding().sentence()).contains("its producer was heard in all of them");
    }

    @Test
    void aQuietHourIsNotBlindness() {
        assertThat(HealthFacts.ofSensors(new SensorBlindDetector(), seen(100, 100, 1_000, 60)))
                .as("a twentieth of the usual")
                .isEmpty();
        assertThat(HealthFacts.ofSensors(new SensorBlindDetector(), seen(100, 100, 0, 2)))
                .as("two windows")
                .isEmpty();
    }

    @Test
    void whereLittlePassesNothingIsMissed() {
        assertThat(HealthFacts.ofSensors(new SensorBlindDetector(), seen(100, 2, 0, 60)))
                .isEmpty();
    }

    /** Windows with 100 to 300 times so many packets, then others with fewer. */
    private static List<SensorFact> seen(int windows, int scale, int then, int thenWindows) {
        Random random = new Random(11);
        List<SensorFact> facts = new ArrayList<>();
        for (int window = 0; window < windows + thenWindows; window++) {
            long packets = window < windows ? scale * (100L + random.nextInt(200)) : then;
            facts.add(HealthFacts.account(window, 1, packets, 0));
        }
        return facts;
    }

    @Test
    void dropsOfThreePercentAreToldInTheWindowInWhichTheyBegin() {
        List<SensorFact> facts = new ArrayList<>();
        for (int window = 0; window < 20; window++) {
            facts.add(HealthFacts.account(window, 1, 50_000, window < 10 ? 5 : 1_500));
        }
        List<Raised> signals = HealthFacts.ofSensors(CaptureLossDetector.OF_INTERFACES, facts);
        assertThat(HealthFacts.opened(signals)).containsExactly("cap1/eth1");
        assertThat(signals.get(0).detectedAt()).isEqualTo(HealthFacts.start(11));
        assertThat(signals.get(0).since()).isEqualTo(HealthFacts.start(10));
        assertThat(signals.get(0).finding().sentence())
                .isEqualTo(
                        "cap1/eth1 did not see 1500 of 50000 packets (3.0 %) within 60 s: they were dropped, shed or lost"
                                + " on the way.");
    }

    @Test
    void theGreatestRevisionOfAWindowHolds() {
        List<SensorFact> facts = new ArrayList<>();
        facts.add(HealthFacts.account(0, 1, 10_000, 10_000));
        facts.add(HealthFacts.account(0, 2, 50_000, 0));
        facts.add(HealthFacts.account(1, 7, 50_000, 0));
        facts.add(HealthFacts.account(1, 3, 10_000, 10_000));
        assertThat(HealthFacts.ofSensors(CaptureLossDetector.OF_INTERFACES, facts))
                .isEmpty();
    }

    /** Runs of 32 packets on average, a share of 0.1 %: the worst that is called usual. */
    @Test
    void usualDropsRaiseNoSignalInAHundredThousandWindows() {
        Random random = new Random(23);
        CaptureLossDetector detector = CaptureLossDetector.OF_INTERFACES;
        CaptureLossDetector.Lost memory = detector.begin();
        List<Finding> findings = new ArrayList<>();
        for (int window = 0; window < 100_000; window++) {
            long passed = 1_000L + random.nextInt(50_000);
            long lost = 0;
            for (double at = gap(random); at < passed; at += gap(random)) {
                lost += (long) (1 - 32 * Math.log(1 - random.nextDouble()));
            }
            detector.observe(
                    HealthFacts.account(window, 1, passed, Math.min(passed, lost)),
                    memory,
                    Tuning.DEFAULT,
                    findings::add);
        }
        assertThat(findings).isEmpty();
    }

    private static double gap(Random random) {
        return -32_000 * Math.log(1 - random.nextDouble());
    }

    @Test
    void aMirrorSessionWithGapsIsNamedAndAWholeOneIsNot() {
        List<SensorFact> facts = new ArrayList<>();
        for (int second = 0; second < 120; second++) {
            facts.add(HealthFacts.mirror(second, 2_000, second < 60 ? 0 : 100));
        }
        List<Raised> signals = HealthFacts.ofSensors(CaptureLossDetector.OF_MIRRORS, facts);
        assertThat(HealthFacts.opened(signals)).containsExactly("cap1/eth1");
        assertThat(signals.get(0).finding().peer()).isEqualTo("192.0.2.1 erspan_2 7 sent lane 0");
        assertThat(HealthFacts.ofSensors(CaptureLossDetector.OF_MIRRORS, facts.subList(0, 60)))
                .isEmpty();
    }

    @Test
    void whatWasWrittenAndReadGoesOnAlike() {
        List<SensorFact> facts = new ArrayList<>(seen(100, 100, 20, 30));
        facts.addAll(deadFrom(DEAD, true).stream()
                .filter(fact -> fact.interfaceName().equals("eth2"))
                .toList());
        facts.add(HealthFacts.account(130, 1, 50_000, 5_000));
        facts.sort(SensorFact.order());
        for (Detector<SensorFact, ?> detector : Detectors.OF_SENSORS) {
            List<String> whole = texts(HealthFacts.ofSensors(detector, facts));
            assertThat(texts(HealthFacts.restoredOfSensors(detector, facts)))
                    .as(detector.profile().name())
                    .isEqualTo(whole);
        }
        assertThat(HealthFacts.restoredOfSensors(new SensorBlindDetector(), facts))
                .isNotEmpty();
        assertThat(HealthFacts.restoredOfSensors(CaptureLossDetector.OF_INTERFACES, facts))
                .isNotEmpty();
        assertThat(HealthFacts.restoredOfSensors(new SensorSilentDetector(), deadFrom(DEAD, true)))
                .isNotEmpty();
    }

    private static List<String> texts(List<Raised> signals) {
        return signals.stream().map(Signals::text).toList();
    }

    @Test
    void memoriesAreAsSmallAsTheProfilesSay() throws IOException {
        List<SensorFact> facts = seen(300, 100, 20, 30);
        for (Detector<SensorFact, ?> detector : Detectors.OF_SENSORS) {
            assertThat(octets(detector, facts))
                    .isLessThanOrEqualTo(detector.profile().mostOctets());
        }
    }

    private static <M extends Memory> int octets(Detector<SensorFact, M> detector, List<SensorFact> facts)
            throws IOException {
        M memory = detector.begin();
        facts.forEach(fact -> detector.observe(fact, memory, Tuning.DEFAULT, finding -> {}));
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        memory.writeTo(new DataOutputStream(octets));
        return octets.size();
    }
}
