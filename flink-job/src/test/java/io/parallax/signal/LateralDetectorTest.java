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

class LateralDetectorTest {

    private static final String HOST = "10.0.0.5";
    private static final long HOUR_MILLIS = 3_600_000;
    private static final LateralDetector DETECTOR = new LateralDetector();

    private final List<FlowFact> facts = new ArrayList<>();

    @Test
    void sessionsWithManyNewHostsAreToldOnceTheHostIsKnown() {
        beKnown();
        fanOut(2 * HOUR_MILLIS, Kind.ESTABLISHED, 445, 1, 20);
        List<Raised> signals = signals();
        assertThat(signals).extracting(signal -> signal.finding().technique()).containsOnly("T1021");
        assertThat(Signals.firstMillis(signals) - 2 * HOUR_MILLIS).isLessThan(1_000);
        assertThat(signals.get(0).finding().severity()).isEqualTo(Severity.HIGH);
        assertThat(signals.get(0).finding().sentence())
                .isEqualTo("10.0.0.5 reached administration ports of 4 hosts that it had not used before within 0.3 s,"
                        + " and 0 of them refused; 0.10 new hosts are usual for it in such a span.");
    }

    @Test
    void hostsThatRefuseAreToldAtOnce() {
        fanOut(0, Kind.ESTABLISHED, 22, 1, 7);
        fanOut(1_000, Kind.REFUSED, 3_389, 1, 7);
        assertThat(Signals.firstMillis(signals())).isLessThan(2_000);
    }

    @Test
    void theFirstRoundOfAHabitIsSilentAndSoAreAllOthers() {
        for (int round = 0; round < 100; round++) {
            fanOut(round * 60_000L, Kind.ESTABLISHED, 22, 1, 30);
        }
        assertThat(texts()).isEmpty();
    }

    /** 100 targets: more than a table of the latest would know. */
    @Test
    void aJobThatLogsInToTheSameHostsEveryNightIsToldOnce() {
        beKnown();
        for (int night = 1; night <= 10; night++) {
            fanOut(night * 24L * HOUR_MILLIS, Kind.ESTABLISHED, 22, 1, 100);
        }
        assertThat(opened()).hasSize(1);
    }

    @Test
    void aJobThatLogsInToOtherHostsEachMorningIsToldOnceAndALargerFanOutAgain() {
        beKnown();
        for (int day = 1; day <= 10; day++) {
            fanOut(day * 24L * HOUR_MILLIS, Kind.ESTABLISHED, 22, 6 * day, 6 * day + 5);
        }
        assertThat(opened()).hasSize(1);
        fanOut(11 * 24 * HOUR_MILLIS, Kind.ESTABLISHED, 445, 100, 130);
        assertThat(opened()).hasSize(2);
    }

    @Test
    void aHabitFadesWithinWeeks() {
        beKnown();
        fanOut(24 * HOUR_MILLIS, Kind.ESTABLISHED, 22, 1, 8);
        for (int day = 2; day < 60; day++) {
            facts.addAll(Attempt.tcp(Kind.ESTABLISHED, day * 24L * HOUR_MILLIS, HOST, "10.0.0.2", 443));
        }
        fanOut(60 * 24 * HOUR_MILLIS, Kind.ESTABLISHED, 22, 100, 107);
        assertThat(opened()).hasSize(2);
    }

    @Test
    void afewNewHostsNowAndThenAreUsual() {
        beKnown();
        for (int hour = 2; hour < 40; hour++) {
            fanOut(hour * HOUR_MILLIS, Kind.ESTABLISHED, 22, 3 * hour, 3 * hour + 2);
        }
        assertThat(texts()).isEmpty();
    }

    @Test
    void aSearchThatMostlyFindsNobodyIsLeftToScan() {
        beKnown();
        for (int host = 1; host <= 30; host++) {
            Kind end = host % 4 == 0 ? Kind.REFUSED : Kind.UNANSWERED;
            facts.addAll(Attempt.tcp(end, 2 * HOUR_MILLIS + host * 5L, HOST, "10.0.1." + host, 445));
        }
        assertThat(texts()).isEmpty();
    }

    @Test
    void whatAnSynScanReachedIsNotCounted() {
        beKnown();
        fanOut(2 * HOUR_MILLIS, Kind.REFUSED, 445, 1, 3);
        fanOut(2 * HOUR_MILLIS + 2_000, Kind.HALF_OPEN, 22, 1, 1);
        fanOut(2 * HOUR_MILLIS + 9_000, Kind.REFUSED, 445, 4, 6);
        assertThat(texts()).isEmpty();
    }

    @Test
    void otherPortsAreOfNoConcern() {
        beKnown();
        fanOut(2 * HOUR_MILLIS, Kind.ESTABLISHED, 443, 1, 100);
        assertThat(texts()).isEmpty();
    }

    @Test
    void rolesMayDoIt() {
        beKnown();
        fanOut(2 * HOUR_MILLIS, Kind.ESTABLISHED, 22, 1, 12);
        assertThat(Signals.of(DETECTOR, role(Tuning.MONITORING), facts)).isEmpty();
        assertThat(Signals.of(DETECTOR, role(Tuning.BACKUP), facts)).isEmpty();
        assertThat(Signals.of(DETECTOR, role(Tuning.SCANNER), facts)).isEmpty();
        assertThat(signals()).isNotEmpty();
    }

    /** 300 hosts that meet new hosts independently, two an hour, for 20 hours. */
    @Test
    void independentNewHostsRaiseNoMoreFalseAlarmsThanTheBound() {
        Random random = new Random(99);
        int contacts = 0;
        for (int client = 0; client < 300; client++) {
            double millis = 0;
            for (int i = 0; millis < 20 * HOUR_MILLIS; i++) {
                millis += -Math.log(1 - random.nextDouble()) * HOUR_MILLIS / 2;
                String server = "10." + client + ".1." + i;
                facts.addAll(Attempt.tcp(Kind.ESTABLISHED, (long) millis, "10.9." + client + ".1", server, 22));
                contacts++;
            }
        }
        long alarms = signals().stream()
                .filter(signal -> signal.state() == Raised.State.OPEN)
                .count();
        assertThat((double) alarms).isLessThanOrEqualTo(Math.max(1, contacts * Math.exp(-10)));
    }

    @Test
    void memoryStaysWithinItsBoundAndIsForgotten() {
        Random random = new Random(3);
        LateralMemory memory = DETECTOR.begin();
        Kind[] kinds = {Kind.OPENED, Kind.ANSWERED, Kind.ESTABLISHED, Kind.REFUSED};
        int most = 0;
        for (int i = 0; i < 50_000; i++) {
            String destination = "10.0." + random.nextInt(4) + "." + random.nextInt(250);
            Kind kind = kinds[random.nextInt(kinds.length)];
            FlowFact fact = Attempt.fact(kind, i * 100L, 0, HOST, destination, FlowFact.TCP, 22);
            DETECTOR.observe(fact, memory, Tuning.DEFAULT, finding -> {});
            most = i % 50 == 0 ? Math.max(most, Signals.octets(memory)) : most;
        }
        assertThat(most).isBetween(500, DETECTOR.profile().mostOctets());
        assertThat(memory.expires()).isLessThan(Memory.NEVER);
    }

    @Test
    void memoryThatWasWrittenAndReadInTheMidstGoesOnAlike() {
        beKnown();
        fanOut(2 * HOUR_MILLIS, Kind.ESTABLISHED, 445, 1, 20);
        fanOut(2 * HOUR_MILLIS + 500, Kind.REFUSED, 3_389, 21, 40);
        assertThat(Signals.restored(DETECTOR, facts).stream().map(Signals::text))
                .isEqualTo(texts())
                .hasSizeGreaterThan(1);
    }

    private void beKnown() {
        facts.addAll(Attempt.tcp(Kind.ESTABLISHED, 0, HOST, "10.0.0.2", 443));
    }

    private void fanOut(long millis, Kind end, int port, int first, int last) {
        for (int host = first; host <= last; host++) {
            facts.addAll(Attempt.tcp(end, millis + (host - first) * 100L, HOST, "10.0.1." + host, port));
        }
    }

    private static Tuning role(String role) {
        return new Tuning(Map.of(), Map.of(HOST, Set.of(role)));
    }

    private List<Raised> signals() {
        return Signals.of(DETECTOR, facts);
    }

    private List<Raised> opened() {
        return signals().stream()
                .filter(signal -> signal.state() == Raised.State.OPEN)
                .toList();
    }

    private List<String> texts() {
        return signals().stream().map(Signals::text).toList();
    }
}
