package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutageDetectorTest {

    private static final String SERVER = "10.0.0.9";
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final OutageDetector DETECTOR = new OutageDetector();

    private final List<FlowFact> facts = new ArrayList<>();

    @Test
    void threeClientsFailingOneAfterTheOtherAreAnOutage() {
        beUp(5, 0, 20);
        fail(Kind.REFUSED, 21 * MINUTE, 1);
        fail(Kind.UNANSWERED, 21 * MINUTE + 2_000, 2);
        fail(Kind.UNREACHABLE, 21 * MINUTE + 4_000, 3);
        assertThat(signals()).singleElement().satisfies(signal -> {
            assertThat(signal.finding().entity()).isEqualTo(SERVER);
            assertThat(signal.finding().key()).isEqualTo("tcp/443");
            assertThat(signal.finding().technique()).isEmpty();
            assertThat(signal.since()).isEqualTo(Steps.at(21 * MINUTE));
            assertThat(Signals.firstMillis(List.of(signal))).isEqualTo(21 * MINUTE + 4_000);
            assertThat(signal.finding().sentence())
                    .isEqualTo(
                            "3 clients that had used tcp/443 of 10.0.0.9 failed within 4.0 s and nobody had an answer;"
                                    + " 0.50 % of the attempts fail usually.");
        });
    }

    @Test
    void itIsOverTenMinutesAfterTheLastFailure() {
        beUp(5, 0, 20);
        for (int i = 1; i <= 5; i++) {
            fail(Kind.REFUSED, 21 * MINUTE + i * SECOND, i);
        }
        beUp(5, 22, 60);
        List<Raised> signals = new ArrayList<>();
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(new WatchRules<>(FlowFactCodec.INSTANCE, List.of(DETECTOR), Tuning.DEFAULT));
        facts.forEach(watch::add);
        watch.advance(Steps.at(60 * MINUTE), signals::add);
        assertThat(signals).extracting(Raised::state).containsExactly(Raised.State.OPEN, Raised.State.CLOSE);
        assertThat(signals.get(1).finding().statistic()).isEqualTo(5);
        assertThat(signals.get(1).statedAt()).isEqualTo(Steps.at(31 * MINUTE + 5 * SECOND));
    }

    @Test
    void twoClientsOrOneThatTriesForLongAreNone() {
        beUp(5, 0, 20);
        for (int i = 0; i < 500; i++) {
            fail(Kind.REFUSED, 21 * MINUTE + i * SECOND, 1 + i % 2);
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void anAnswerToAnybodyInBetweenSaysThatItIsUp() {
        beUp(5, 0, 20);
        for (int i = 1; i <= 5; i++) {
            fail(Kind.REFUSED, 21 * MINUTE + i * SECOND, i);
            if (i % 2 == 0) {
                step(Kind.ANSWERED, 21 * MINUTE + i * SECOND + 500, 9, 443);
            }
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void strangersThatFailAreNoOutageButPerhapsAScan() {
        beUp(5, 0, 20);
        for (int i = 0; i < 12; i++) {
            fail(Kind.REFUSED, 21 * MINUTE + i * SECOND, 100 + i);
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void aServiceThatWasNeverUpHasNoOutage() {
        beUp(5, 0, 20);
        for (int i = 1; i <= 5; i++) {
            step(Kind.REFUSED, 21 * MINUTE + i * SECOND, i, 8_443);
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void aServiceThatFailsOftenNeedsMoreClients() {
        for (int minute = 0; minute < 300; minute++) {
            step(minute % 3 == 0 ? Kind.REFUSED : Kind.ANSWERED, minute * MINUTE, 1 + minute % 7, 443);
            step(Kind.ESTABLISHED, minute * MINUTE, 1 + minute % 7, 443);
        }
        for (int i = 1; i <= 3; i++) {
            fail(Kind.REFUSED, 301 * MINUTE + i * SECOND, i);
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void failuresThatTookLongToShowDoNotCountWhereAnAnswerCameMeanwhile() {
        beUp(5, 0, 20);
        step(Kind.ANSWERED, 21 * MINUTE + 600, 9, 443);
        for (int i = 1; i <= 4; i++) {
            FlowFact fact = Steps.step(Kind.UNANSWERED, false, 21 * MINUTE + 500, client(i), SERVER, FlowFact.TCP, 443);
            facts.add(later(fact, 1_000));
        }
        assertThat(signals()).isEmpty();
    }

    /** Clients that fail at random, one time in 1,000 to one in 10, at a hundred services for a week. */
    @Test
    void independentFailuresRaiseAtMostOneSignalIn100Days() {
        Random random = new Random(20_261_125);
        int hosts = 100;
        int days = 7;
        int[] signals = new int[1];
        for (int host = 0; host < hosts; host++) {
            double share = Math.pow(10, -1 - 2 * random.nextDouble());
            int clients = 3 + random.nextInt(40);
            double attemptsADay = 20 * Math.pow(100, random.nextDouble());
            OutageMemory memory = DETECTOR.begin();
            for (double day = 0; day < days; day -= Math.log(1 - random.nextDouble()) / attemptsADay) {
                long millis = (long) (day * 1_440 * MINUTE);
                String client = client(random.nextInt(clients));
                boolean isFailed = random.nextDouble() < share;
                for (Kind kind : isFailed ? List.of(Kind.REFUSED) : List.of(Kind.ANSWERED, Kind.ESTABLISHED)) {
                    FlowFact fact = Steps.step(kind, false, millis, client, SERVER, FlowFact.TCP, 443);
                    DETECTOR.observe(fact, memory, Tuning.DEFAULT, finding -> signals[0]++);
                }
            }
        }
        double per100Days = 100.0 * signals[0] / (hosts * days);
        System.out.printf("outage: %d signals, %.2f per 100 host-days%n", signals[0], per100Days);
        assertThat(per100Days).isLessThanOrEqualTo(1);
    }

    @Test
    void memoryStaysWithinItsBoundAndIsForgotten() {
        OutageMemory memory = DETECTOR.begin();
        for (int i = 0; i < 40_000; i++) {
            Kind kind = i % 40 < 20 ? Kind.ESTABLISHED : Kind.REFUSED;
            FlowFact fact = Steps.step(kind, false, i * 10L, client(i % 20), SERVER, FlowFact.TCP, 80 + i / 400 % 20);
            DETECTOR.observe(fact, memory, Tuning.DEFAULT, finding -> {});
        }
        assertThat(Signals.octets(memory)).isBetween(500, DETECTOR.profile().mostOctets());
        assertThat(memory.expires()).isLessThan(Memory.NEVER);
    }

    @Test
    void memoryThatWasWrittenAndReadInTheMidstGoesOnAlike() {
        beUp(5, 0, 20);
        for (int i = 1; i <= 5; i++) {
            fail(Kind.REFUSED, 21 * MINUTE + i * SECOND, i);
        }
        List<String> whole =
                Signals.of(DETECTOR, facts).stream().map(Signals::text).toList();
        assertThat(Signals.restored(DETECTOR, facts).stream().map(Signals::text))
                .isEqualTo(whole)
                .isNotEmpty();
    }

    /** Told so much later than the attempt began. */
    private static FlowFact later(FlowFact of, long millis) {
        return new FlowFact(
                of.kind(),
                of.isOut(),
                of.time() + millis * 1_000_000,
                of.realm(),
                of.source(),
                of.destination(),
                of.sourceName(),
                of.destinationName(),
                of.protocol(),
                of.sourcePort(),
                of.destinationPort(),
                of.flowId(),
                of.flowStart(),
                0,
                0,
                0,
                0,
                0,
                0);
    }

    private static String client(int number) {
        return "10.0.1." + number;
    }

    /** Each client has an answer every minute. */
    private void beUp(int clients, int firstMinute, int endMinute) {
        for (int minute = firstMinute; minute < endMinute; minute++) {
            for (int i = 1; i <= clients; i++) {
                step(Kind.ANSWERED, minute * MINUTE, i, 443);
                step(Kind.ESTABLISHED, minute * MINUTE, i, 443);
            }
        }
    }

    private void fail(Kind kind, long millis, int client) {
        step(kind, millis, client, 443);
    }

    private void step(Kind kind, long millis, int client, int port) {
        facts.add(Steps.step(kind, false, millis, client(client), SERVER, FlowFact.TCP, port));
    }

    private List<Raised> signals() {
        return Signals.of(DETECTOR, facts).stream()
                .filter(signal -> signal.state() == Raised.State.OPEN)
                .toList();
    }
}
