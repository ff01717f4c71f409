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

/** Logins in seconds. A failed one at SSH has 1179 octets of payload from the client and 1801 from the server. */
class BruteForceDetectorTest {

    private static final int SSH = 22;
    private static final long WINDOW = 60;
    private static final long DAY = 86_400;

    private final List<FlowFact> facts = new ArrayList<>();

    @Test
    void fiveGuessesInAMinuteAreFoundWhenTheWindowCloses() {
        for (int i = 0; i < 5; i++) {
            failure(65 + i * 7, "a", "b");
        }
        Raised signal = signals().get(0);
        assertThat(signal.finding().technique()).isEqualTo("T1110");
        assertThat(signal.finding().entity()).isEqualTo("a");
        assertThat(signal.finding().peer()).isEqualTo("b");
        assertThat(signal.since()).isEqualTo(Steps.at(65_000));
        assertThat(signal.detectedAt()).isEqualTo(Steps.at(120_000));
        assertThat(signal.finding().sentence())
                .isEqualTo(
                        "a logged in at tcp/22 of b 5 times in vain within 28 s, the last with 1179 octets sent and 1801"
                                + " received.");
    }

    @Test
    void guessesOnceAMinuteAddUp() {
        for (int i = 0; i < 15; i++) {
            failure(i * 60L, "a", "b");
        }
        assertThat(techniques()).containsExactly("T1110");
    }

    @Test
    void aScriptThatFailsEveryFiveMinutesIsNoGuessing() {
        for (int i = 0; i < 500; i++) {
            failure(i * 300L, "a", "b");
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void aBuildServerOpensMoreSessionsThanAnyGuesser() {
        for (int i = 0; i < 2_000; i++) {
            session(i / 4, "ci", "b", 3_500);
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void probesOfThePortAreNoGuesses() {
        for (int i = 0; i < 500; i++) {
            login(i * 5L, "monitoring", "b", SSH, 0, 41);
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void poolsAndChecksOfDatabasesAreNoGuesses() {
        for (int i = 0; i < 500; i++) {
            login(i, "app", "db", 5432, 103, 838);
            login(i, "proxy", "db", 5432, 41, 24);
            login(i, "app", "db", 3306, 120, 170);
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void passwordsOfADatabaseAreGuessed() {
        for (int i = 0; i < 30; i++) {
            login(i, "a", "db", 5432, 150, 190);
        }
        assertThat(techniques()).containsExactly("T1110");
    }

    @Test
    void oneOrTwoTriesAtEachOfManyHostsAreASpray() {
        for (int i = 0; i < 12; i++) {
            failure(i * 120L, "a", "host" + i % 10);
        }
        List<Raised> signals = signals();
        assertThat(signals.get(0).finding().technique()).isEqualTo("T1110.003");
        assertThat(signals.get(0).finding().entity()).isEqualTo("a");
        assertThat(signals.get(0).finding().peer()).isEmpty();
    }

    @Test
    void aPasswordThatExpiredAtFourHostsIsNoSpray() {
        for (int i = 0; i < 200; i++) {
            failure(i * 150L, "a", "host" + i % 4);
        }
        assertThat(techniques()).doesNotContain("T1110.003");
    }

    @Test
    void theSessionThatEndsTheGuessingIsAPasswordFound() {
        for (int i = 0; i < 10; i++) {
            failure(i * 5L, "a", "b");
        }
        session(70, "a", "b", 90_000);
        Raised signal = signals().stream()
                .filter(raised -> raised.finding().technique().equals("T1078"))
                .findFirst()
                .orElseThrow();
        assertThat(signal.finding().severity()).isEqualTo(Severity.HIGH);
        assertThat(signal.finding().entity()).isEqualTo("a");
        assertThat(signal.finding().peer()).isEqualTo("b");
        assertThat(signal.finding().sentence())
                .isEqualTo(
                        "a had a session at tcp/22 of b after 10 logins in vain, and stopped guessing: it received 90000"
                                + " octets, where a failure has at most 2800.");
    }

    @Test
    void aSessionAmidTheGuessesIsNone() {
        for (int i = 0; i < 10; i++) {
            failure(i * 5L, "a", "b");
        }
        session(51, "a", "b", 90_000);
        failure(55, "a", "b");
        assertThat(techniques()).containsExactly("T1110");
    }

    @Test
    void laterWindowsOfALongSessionAreNoLogins() {
        for (int flow = 0; flow < 20; flow++) {
            session(flow, "a", "b", 20_000);
        }
        List<FlowFact> begun = List.copyOf(facts);
        for (int minute = 2; minute < 50; minute += 12) {
            for (FlowFact fact : begun) {
                facts.add(later(fact, minute));
            }
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void whoLooksForWeakPointsOnBehalfOfTheOwnerMayGuess() {
        for (int i = 0; i < 50; i++) {
            failure(i, "a", "b");
        }
        Tuning tuning = new Tuning(Map.of(), Map.of("a", Set.of(Tuning.SCANNER)));
        assertThat(signals(tuning)).isEmpty();
    }

    /** Each day: 288 sessions by cron, 40 logins by hand in bursts of one to four of which a tenth fail, at three hosts. */
    @Test
    void twoHundredBenignDaysGiveAtMostTwoSignals() {
        int signals = 0;
        for (int seed = 500; seed < 700; seed++) {
            Random random = new Random(seed);
            facts.clear();
            for (int i = 0; i < 288; i++) {
                login(i * 300L, "a", "b", SSH, 3_000, 3_400);
            }
            for (int i = 0; i < 16; i++) {
                long begin = (long) (random.nextDouble() * DAY);
                for (int j = random.nextInt(4); j >= 0; j--) {
                    boolean isFailure = random.nextInt(10) == 0;
                    login(begin + j * 6L, "a", "host" + random.nextInt(3), SSH, 1_200, isFailure ? 1_900 : 9_000);
                }
            }
            signals += signals().size();
        }
        assertThat(signals).isLessThanOrEqualTo(2);
    }

    @Test
    void guessingAtManyHostsByTurnsIsFoundAtSome() {
        for (int i = 0; i < 200; i++) {
            failure(i, "a", "host" + i % 20);
        }
        assertThat(techniques()).contains("T1110", "T1110.003");
    }

    @Test
    void memoryOfTheLongestNamesIsBounded() throws IOException {
        BruteForceDetector detector = new BruteForceDetector();
        BruteForceMemory memory = detector.begin();
        String name = "n".repeat(62);
        int most = 0;
        for (int i = 0; i < 400; i++) {
            int received = i < 300 ? 1_801 : 90_000;
            login(i / 10, name + "a", name + i % 8, SSH, 1_179, received);
            detector.observe(facts.get(i), memory, Tuning.DEFAULT, finding -> {});
            most = Math.max(most, written(memory).length);
        }
        assertThat(most).isBetween(1_000, BruteForceDetector.PROFILE.mostOctets());
    }

    @Test
    void memoryIsSmallAndReadBackGoesOnAlike() throws IOException {
        for (int i = 0; i < 3_000; i++) {
            String peer = "fd00:1111:2222:3333:4444:5555:6666:" + (1_000 + i % 60);
            int port = new int[] {22, 21, 23, 3389}[i % 4];
            login(i * 2L, "a", peer, port, 700, 290 + (port == SSH ? 1_000 : 300 * (port / 3_000)));
            session(i * 2L + 1, "a", peer, 20_000);
        }
        for (int i = 0; i < 40; i++) {
            failure(6_100 + i, "a", "b" + i % 8);
            session(6_150, "a", "b" + i % 8, 10_000);
        }
        BruteForceDetector detector = new BruteForceDetector();
        List<Finding> straight = new ArrayList<>();
        List<Finding> resumed = new ArrayList<>();
        BruteForceMemory memory = detector.begin();
        BruteForceMemory restored = detector.begin();
        int most = 0;
        for (FlowFact fact : facts.stream().sorted(FlowFact.order()).toList()) {
            detector.observe(fact, memory, Tuning.DEFAULT, straight::add);
            detector.observe(fact, restored, Tuning.DEFAULT, resumed::add);
            byte[] octets = written(restored);
            most = Math.max(most, octets.length);
            restored = detector.read(new DataInputStream(new ByteArrayInputStream(octets)));
        }
        detector.elapse("default a", Steps.at(9_000_000), memory, Tuning.DEFAULT, straight::add);
        detector.elapse("default a", Steps.at(9_000_000), restored, Tuning.DEFAULT, resumed::add);
        assertThat(resumed).isEqualTo(straight).isNotEmpty();
        assertThat(most).isLessThanOrEqualTo(BruteForceDetector.PROFILE.mostOctets());
        assertThat(memory.due()).isEqualTo(Memory.NEVER);
    }

    private static byte[] written(BruteForceMemory memory) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        memory.writeTo(new DataOutputStream(octets));
        return octets.toByteArray();
    }

    private List<String> techniques() {
        return signals().stream()
                .map(signal -> signal.finding().technique())
                .distinct()
                .toList();
    }

    private List<Raised> signals() {
        return signals(Tuning.DEFAULT);
    }

    private List<Raised> signals(Tuning tuning) {
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(new WatchRules<>(FlowFactCodec.INSTANCE, List.of(new BruteForceDetector()), tuning));
        facts.forEach(watch::add);
        List<Raised> out = new ArrayList<>();
        watch.advance(Steps.at(3 * DAY * 1_000), out::add);
        assertThat(watch.isEmpty()).as("all is forgotten in the end").isTrue();
        return out;
    }

    private void failure(long second, String source, String destination) {
        login(second, source, destination, SSH, 1_179, 1_801);
    }

    private void session(long second, String source, String destination, int octets) {
        login(second, source, destination, SSH, 3_797, octets);
    }

    private void login(long second, String source, String destination, int port, int sent, int received) {
        facts.add(volume(second, (second / WINDOW + 1) * WINDOW, source, destination, port, sent, received));
    }

    private static FlowFact later(FlowFact fact, int minute) {
        return new FlowFact(
                fact.kind(),
                true,
                Steps.at(minute * WINDOW * 1_000),
                fact.realm(),
                fact.source(),
                fact.destination(),
                fact.sourceName(),
                fact.destinationName(),
                fact.protocol(),
                fact.sourcePort(),
                fact.destinationPort(),
                fact.flowId(),
                fact.flowStart(),
                12,
                1_540,
                11,
                1_780,
                900,
                1_200);
    }

    private FlowFact volume(
            long second, long end, String source, String destination, int port, int sent, int received) {
        long start = Steps.at(second * 1_000) + facts.size() * 1_000L;
        return new FlowFact(
                Kind.VOLUME,
                true,
                Steps.at(end * 1_000),
                Steps.REALM,
                source,
                destination,
                source,
                destination,
                FlowFact.TCP,
                40_000,
                port,
                Integer.toHexString(facts.size()),
                start,
                12,
                sent + 640,
                11,
                received + 580,
                sent,
                received);
    }
}
