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

/** A host called b: who logs in to it, and where it logs in. */
class PivotDetectorTest {

    private static final long HOUR_MILLIS = 3_600_000;
    private static final PivotDetector DETECTOR = new PivotDetector();

    private final List<FlowFact> facts = new ArrayList<>();

    @Test
    void anOnwardLoginThatWasNeverMadeBeforeIsToldAtTheHostInTheMiddle() {
        beKnown();
        login(100 * HOUR_MILLIS, "a", "b", 22);
        login(101 * HOUR_MILLIS, "b", "c", 3_389);
        List<Raised> signals = signals();
        assertThat(signals).hasSize(1);
        Finding finding = signals.get(0).finding();
        assertThat(finding.entity()).isEqualTo("b");
        assertThat(finding.peer()).isEqualTo("c");
        assertThat(finding.technique()).isEqualTo("T1021");
        assertThat(finding.severity()).isEqualTo(Severity.LOW);
        assertThat(finding.evidence()).as("one in a hundred").isBetween(4.0, 5.0);
        assertThat(finding.sentence())
                .isEqualTo("b logged in to c port 3389 3600 s after a had logged in to it for the first time;"
                        + " in 4.2 days it logged in to 0 new services.");
    }

    @Test
    void whereAdministratorsComeFromAnywayItIsInformationOnly() {
        beKnown();
        login(50 * HOUR_MILLIS, "a", "b", 22);
        login(100 * HOUR_MILLIS, "a", "b", 22);
        login(101 * HOUR_MILLIS, "b", "c", 22);
        assertThat(signals())
                .singleElement()
                .satisfies(signal -> assertThat(signal.finding().severity()).isEqualTo(Severity.INFORMATIONAL));
    }

    @Test
    void whoLogsInAgainWithinTwoHoursIsStillNew() {
        beKnown();
        login(100 * HOUR_MILLIS, "a", "b", 22);
        login(101 * HOUR_MILLIS, "a", "b", 22);
        login(101 * HOUR_MILLIS + 60_000, "b", "c", 22);
        assertThat(signals())
                .singleElement()
                .satisfies(signal -> assertThat(signal.finding().severity()).isEqualTo(Severity.LOW));
    }

    @Test
    void onwardLoginsThatAreKnownAreSilent() {
        login(0, "b", "c", 22);
        login(100 * HOUR_MILLIS, "a", "b", 22);
        login(101 * HOUR_MILLIS, "b", "c", 22);
        assertThat(signals()).isEmpty();
    }

    @Test
    void aBastionIsSilent() {
        for (int day = 0; day < 20; day++) {
            for (int i = 0; i < 8; i++) {
                long millis = (24 * day + i) * HOUR_MILLIS;
                login(millis, "a", "b", 22);
                login(millis + 60_000, "b", "c" + (10 * day + i), 22);
            }
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void nothingIsToldOfAHostThatIsNotKnownForADay() {
        login(0, "a", "b", 22);
        login(HOUR_MILLIS, "b", "c", 22);
        assertThat(signals()).isEmpty();
    }

    @Test
    void afterTwoHoursItIsNoChain() {
        beKnown();
        login(100 * HOUR_MILLIS, "a", "b", 22);
        login(103 * HOUR_MILLIS, "b", "c", 22);
        assertThat(signals()).isEmpty();
    }

    @Test
    void aLoginBackToWhereItCameFromIsNoChain() {
        beKnown();
        login(100 * HOUR_MILLIS, "a", "b", 22);
        login(101 * HOUR_MILLIS, "b", "a", 22);
        assertThat(signals()).isEmpty();
    }

    @Test
    void monitoringDoesNotLogIn() {
        beKnown();
        login(100 * HOUR_MILLIS, "a", "b", 22);
        login(101 * HOUR_MILLIS, "b", "c", 22);
        Tuning tuning = new Tuning(Map.of(), Map.of("a", Set.of(Tuning.MONITORING)));
        assertThat(Signals.of(DETECTOR, tuning, facts)).isEmpty();
    }

    /** Onward logins by chance, one a day on average, after logins every hour: told as often as the profile says. */
    @Test
    void hostsThatLogInElsewhereByChanceAreToldRarely() {
        Random random = new Random(5);
        int logins = 0;
        for (int client = 0; client < 60; client++) {
            String host = "b" + client;
            double next = 0;
            for (int hour = 0; hour < 30 * 24; hour++) {
                facts.add(session(hour * HOUR_MILLIS, "a", host, 22, false));
            }
            for (int i = 0; next < 30 * 24; i++) {
                next += -24 * Math.log(1 - random.nextDouble());
                facts.add(session((long) (next * HOUR_MILLIS), host, "c" + i, 22, true));
                logins++;
            }
        }
        double told = signals().stream()
                .filter(signal -> signal.state() == Raised.State.OPEN)
                .count();
        assertThat(told / logins).isLessThan(0.1);
    }

    @Test
    void memoryStaysWithinItsBoundAndIsForgotten() {
        Random random = new Random(3);
        PivotMemory memory = DETECTOR.begin();
        for (int i = 0; i < 50_000; i++) {
            boolean isOut = random.nextBoolean();
            String other = "x".repeat(90) + random.nextInt(1_000);
            FlowFact fact = session(i * 1_000L, isOut ? "b" : other, isOut ? other : "b", 22, isOut);
            DETECTOR.observe(fact, memory, Tuning.DEFAULT, finding -> {});
        }
        assertThat(Signals.octets(memory)).isBetween(700, DETECTOR.profile().mostOctets());
        assertThat(memory.expires()).isLessThan(Memory.NEVER);
    }

    @Test
    void memoryThatWasWrittenAndReadInTheMidstGoesOnAlike() {
        beKnown();
        for (int i = 0; i < 30; i++) {
            login((100 + i) * HOUR_MILLIS, "a" + i % 9, "b", 22);
            login((100 + i) * HOUR_MILLIS + 5_000, "b", "c" + i, 22);
        }
        assertThat(Signals.restored(DETECTOR, facts))
                .extracting(Signals::text)
                .isEqualTo(
                        Signals.of(DETECTOR, facts).stream().map(Signals::text).toList())
                .isNotEmpty();
    }

    private void beKnown() {
        facts.add(session(0, "b", "d", 443, true));
    }

    private void login(long millis, String source, String destination, int port) {
        facts.add(session(millis, source, destination, port, source.equals("b")));
    }

    private static FlowFact session(long millis, String source, String destination, int port, boolean isOut) {
        return Steps.step(Kind.ESTABLISHED, isOut, millis, source, destination, FlowFact.TCP, port);
    }

    private List<Raised> signals() {
        return Signals.of(DETECTOR, facts).stream()
                .filter(signal -> signal.state() != Raised.State.CLOSE)
                .toList();
    }
}
