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
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The victim is v, its service tcp/80 where nothing else is said. Times in milliseconds. */
class FloodDetectorTest {

    private static final WatchRules<FlowFact> RULES =
            new WatchRules<>(FlowFactCodec.INSTANCE, List.of(new FloodDetector()), Tuning.DEFAULT);

    private static final long PATIENCE = 1_000;

    private final List<FlowFact> facts = new ArrayList<>();

    @Test
    void aFloodFromOneSourceNamesIt() {
        flood(5_000, 2_000, 200, 1);
        Raised signal = signals().get(0);
        assertThat(signal.finding().technique()).isEqualTo("T1499");
        assertThat(signal.finding().entity()).isEqualTo("v");
        assertThat(signal.finding().peer()).isEqualTo("s0");
        assertThat(signal.since()).isEqualTo(Steps.at(5_000));
        assertThat(signal.finding().sentence())
                .isEqualTo(
                        "v got 35 attempts at tcp/80 in 1.2 s that came to nothing, beside 0 that were completed, 35 of"
                                + " them from s0; usual are 0.0 attempts a second.");
    }

    @Test
    void aSpoofedFloodNamesNobody() {
        flood(5_000, 2_000, 500, 1_000);
        assertThat(signals().get(0).finding().peer()).isEmpty();
    }

    @Test
    void floodsOfFiftyToTenThousandASecondAreFoundWithinTwoSeconds() {
        for (int seed = 1_000; seed < 1_030; seed++) {
            Random random = new Random(seed);
            facts.clear();
            int rate = (int) (50 * Math.pow(200, random.nextDouble()));
            int begin = 60_000 + random.nextInt(120_000);
            crowd(random, 0, begin + 5_000, 4);
            flood(begin, Math.min(2_000, 30_000_000 / rate), rate, random.nextBoolean() ? 1 : 2_000);
            List<Raised> signals = signals();
            assertThat(signals).as("seed %d", seed).isNotEmpty();
            assertThat(signals.get(0).detectedAt())
                    .as("seed %d, rate %d", seed, rate)
                    .isBetween(Steps.at(begin), Steps.at(begin + 2_000));
        }
    }

    @Test
    void aFlashCrowdIsNoFlood() {
        for (int seed = 2_000; seed < 2_100; seed++) {
            Random random = new Random(seed);
            facts.clear();
            crowd(random, 0, 20_000, 5);
            crowd(random, 10_000, 15_000, 50);
            assertThat(signals()).as("seed %d", seed).isEmpty();
        }
        facts.clear();
        crowd(new Random(1), 0, 10_000, 500);
        assertThat(signals()).as("a hundred times as many").isEmpty();
    }

    @Test
    void aServiceInUseThatGoesDownIsAnOutage() {
        crowd(new Random(3), 0, 300_000, 30);
        for (int i = 0; i < 60 * 40; i++) {
            attempt(Kind.UNANSWERED, 300_000 + i * 25L, "c" + i % 50, 80);
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void aPoolThatTriesAgainEverMoreSeldomIsAnOutage() {
        long time = 0;
        for (int wait = 1_000; wait < 64_000; wait *= 2) {
            for (int i = 0; i < 200; i++) {
                attempt(Kind.UNANSWERED, time, "app" + i % 4, 80);
            }
            time += wait;
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void aRestartThatRefusesItsClientsIsNoFlood() {
        for (int i = 0; i < 2_000; i++) {
            add(Kind.OPENED, i, i, "c" + i % 100, FlowFact.TCP, 80);
            add(Kind.REFUSED, i, i, "c" + i % 100, FlowFact.TCP, 80);
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void aScanOfManyPortsIsNoFloodOfOne() {
        for (int i = 0; i < 5_000; i++) {
            attempt(i % 2 == 0 ? Kind.UNANSWERED : Kind.HALF_OPEN, i, "scanner", 1 + i);
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void aScanOfManyPortsHidesNoFlood() {
        for (int i = 0; i < 3_000; i++) {
            attempt(Kind.UNANSWERED, i, "scanner", 1_000 + i);
        }
        flood(1_000, 2_000, 300, 1);
        assertThat(signals()).isNotEmpty();
    }

    @Test
    void answersOutOfSightAreNoFlood() {
        for (int i = 0; i < 3_000; i++) {
            attempt(Kind.UNANSWERED, 60_001 + i * 20L, "c" + i, 80);
        }
        for (int i = 0; i < 10; i++) {
            facts.add(volume(i, 60_000, 500));
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void aFloodThatTheInputEndsInIsSeenInItsWindow() {
        for (int i = 0; i < 200; i++) {
            add(Kind.OPENED, i, i, "s", FlowFact.TCP, 443);
            facts.add(volume(i, 60_000, 0));
        }
        assertThat(signals()).isNotEmpty();
    }

    @Test
    void datagramsWithoutAnswersAreAFloodWhenThereAreMany() {
        for (int i = 0; i < 4_000; i++) {
            add(Kind.OPENED, i / 2, i / 2, "s" + i, FlowFact.UDP, 53);
            add(Kind.UNANSWERED, i / 2 + PATIENCE, i / 2, "s" + i, FlowFact.UDP, 53);
        }
        List<Raised> signals = signals();
        assertThat(signals.get(0).finding().technique()).isEqualTo("T1498");
        assertThat(signals.get(0).detectedAt()).isLessThan(Steps.at(2_000));
        facts.clear();
        for (int i = 0; i < 4_000; i++) {
            add(Kind.OPENED, i * 12L, i * 12L, "s" + i, FlowFact.UDP, 514);
            add(Kind.UNANSWERED, i * 12L + PATIENCE, i * 12L, "s" + i, FlowFact.UDP, 514);
        }
        assertThat(signals()).as("logs").isEmpty();
    }

    /** Failures by chance at half of what is allowed: ten days of one service. */
    @Test
    void chanceAloneRaisesNothing() {
        FloodService service = new FloodService(FlowFact.TCP, 80, 0);
        Random random = new Random(77);
        double greatest = 0;
        double seconds = 0;
        for (int i = 0; i < 4_320_000; i++) {
            seconds += -Math.log(1 - random.nextDouble()) / 5;
            long time = (long) (seconds * 1e9);
            service.pass(time, 10);
            service.fail("s", "f", time, time, 1, 3, 100);
            greatest = Math.max(greatest, service.walk);
        }
        assertThat(greatest).isLessThan(25);
    }

    @Test
    void whatWasWrittenAndReadGoesOnAlikeAndIsSmall() throws IOException {
        for (int port = 0; port < 20; port++) {
            for (int i = 0; i < 3_000; i++) {
                attempt(Kind.HALF_OPEN, 1_000 + i, "fd00:1111:2222:3333:4444:5555:6666:" + i % 7, 60_000 + port % 6);
            }
        }
        List<String> whole = signals().stream().map(Raised::toString).toList();
        FloodDetector detector = new FloodDetector();
        FloodMemory memory = detector.begin();
        List<Finding> findings = new ArrayList<>();
        int most = 0;
        for (FlowFact fact : ordered()) {
            detector.observe(fact, memory, Tuning.DEFAULT, findings::add);
            if (fact.time() % 1_000_003 == 0 || findings.size() % 5 == 1) {
                byte[] octets = written(memory);
                most = Math.max(most, octets.length);
                memory = detector.read(new DataInputStream(new ByteArrayInputStream(octets)));
                assertThat(written(memory)).isEqualTo(octets);
            }
        }
        assertThat(most).isBetween(1, FloodDetector.PROFILE.mostOctets());
        assertThat(whole).isNotEmpty();
        assertThat(findings).isEqualTo(straight(detector));
    }

    private List<Finding> straight(FloodDetector detector) {
        List<Finding> findings = new ArrayList<>();
        FloodMemory memory = detector.begin();
        ordered().forEach(fact -> detector.observe(fact, memory, Tuning.DEFAULT, findings::add));
        return findings;
    }

    private List<FlowFact> ordered() {
        return facts.stream()
                .filter(fact -> new FloodDetector().isConcernedBy(fact))
                .sorted(FlowFact.order())
                .toList();
    }

    private static byte[] written(FloodMemory memory) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        memory.writeTo(new DataOutputStream(octets));
        return octets.toByteArray();
    }

    private List<Raised> signals() {
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(RULES);
        facts.forEach(watch::add);
        List<Raised> out = new ArrayList<>();
        watch.advance(Steps.at(1_000_000), out::add);
        return out;
    }

    private void flood(long begin, int millis, int rate, int sources) {
        for (long i = 0; i < (long) rate * millis / 1_000; i++) {
            attempt(i % 3 == 0 ? Kind.UNANSWERED : Kind.HALF_OPEN, begin + i * 1_000 / rate, "s" + i % sources, 80);
        }
    }

    /** Clients that complete their handshakes, but for one of a hundred. */
    private void crowd(Random random, long begin, long end, int perSecond) {
        double time = begin;
        while (time < end) {
            time += -Math.log(1 - random.nextDouble()) * 1_000 / perSecond;
            Kind outcome = random.nextInt(100) == 0 ? Kind.UNANSWERED : Kind.ESTABLISHED;
            attempt(outcome, (long) time, "c" + random.nextInt(1_000), 80);
        }
    }

    private void attempt(Kind outcome, long millis, String source, int port) {
        add(Kind.OPENED, millis, millis, source, FlowFact.TCP, port);
        add(outcome, millis + PATIENCE, millis, source, FlowFact.TCP, port);
    }

    private void add(Kind kind, long millis, long start, String source, int protocol, int port) {
        FlowFact step = Steps.step(kind, false, millis, source, "v", protocol, port);
        facts.add(new FlowFact(
                kind,
                false,
                step.time(),
                step.realm(),
                source,
                "v",
                source,
                "v",
                protocol,
                40_000,
                port,
                Integer.toHexString(facts.size() / 2),
                Steps.at(start),
                0,
                0,
                0,
                0,
                0,
                0));
    }

    private static FlowFact volume(long start, long end, long payload) {
        return new FlowFact(
                Kind.VOLUME,
                false,
                Steps.at(end),
                Steps.REALM,
                "s",
                "v",
                "s",
                "v",
                FlowFact.TCP,
                40_000,
                443,
                "f" + start,
                Steps.at(start),
                1,
                40 + payload,
                0,
                0,
                payload,
                0);
    }
}
