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

class ServiceDetectorTest {

    private static final String HOST = "10.0.0.5";
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final ServiceDetector DETECTOR = new ServiceDetector();

    private final List<FlowFact> facts = new ArrayList<>();

    @Test
    void aNewDependencyOfASettledHostIsListed() {
        settle(10);
        use(10 * DAY, "10.0.1.9", 443);
        assertThat(signals()).singleElement().satisfies(signal -> {
            assertThat(signal.finding().key()).isEqualTo("dependency 10.0.1.9 tcp/443");
            assertThat(signal.finding().severity()).isEqualTo(Severity.INFORMATIONAL);
            assertThat(signal.finding().technique()).isEmpty();
            assertThat(signal.finding().sentence())
                    .isEqualTo(
                            "10.0.0.5 used tcp/443 of 10.0.1.9, which it never did in 10.0 days; it uses 3 services of"
                                    + " this kind, and 0.0077 new ones a day are usual.");
        });
    }

    @Test
    void aNewListenerIsToldOnceItIsRareEnoughAndOneOfAdministrationIsWorse() {
        settle(40);
        serve(40 * DAY, "10.0.3.1", 8_080);
        serve(40 * DAY, "10.0.3.1", 22);
        assertThat(listeners()).containsExactlyInAnyOrder("listener tcp/8080 LOW", "listener tcp/22 MEDIUM");
    }

    @Test
    void inItsFirstWeeksANewListenerIsListed() {
        settle(30);
        serve(30 * DAY, "10.0.3.1", 8_080);
        serve(30 * DAY, "10.0.3.1", 22);
        assertThat(listeners())
                .containsExactlyInAnyOrder("listener tcp/8080 INFORMATIONAL", "listener tcp/22 INFORMATIONAL");
    }

    private List<String> listeners() {
        return signals().stream()
                .map(signal -> signal.finding().key() + " " + signal.finding().severity())
                .toList();
    }

    @Test
    void aHostOutsideIsNotJudged() {
        for (int day = 0; day < 40; day++) {
            facts.add(Steps.tcp(Kind.ESTABLISHED, day * DAY, "198.51.1.1", "10.0.1.1", 443));
        }
        facts.add(Steps.tcp(Kind.ESTABLISHED, 40 * DAY, "198.51.1.1", "10.0.1.2", 443));
        assertThat(signals()).isEmpty();
    }

    @Test
    void nothingIsToldWhileItLearns() {
        settle(6);
        use(6 * DAY, "10.0.1.9", 22);
        serve(6 * DAY, "10.0.1.9", 22);
        assertThat(signals()).isEmpty();
    }

    @Test
    void afterANewOneTheNextIsNoSurpriseUntilItHasSettled() {
        settle(10);
        for (int i = 0; i < 20; i++) {
            use(10 * DAY + i, "10.0.9." + i, 443);
        }
        assertThat(signals()).hasSize(1);
    }

    @Test
    void aHostThatMeetsNewOnesAllDayIsNotTold() {
        for (int minute = 0; minute < 20 * DAY / MINUTE; minute += 20) {
            use(minute * MINUTE, "10.0." + minute % 250 + "." + minute / 250 % 250, 443);
        }
        assertThat(signals()).isEmpty();
    }

    @Test
    void aJobOfTheWeekIsNotNewTheNextWeek() {
        settle(15);
        use(DAY, "10.0.1.9", 443);
        use(8 * DAY, "10.0.1.9", 443);
        use(15 * DAY, "10.0.1.9", 443);
        assertThat(signals()).isEmpty();
    }

    @Test
    void dataPortsOfOneServerAreOneService() {
        settle(10);
        for (int i = 0; i < 50; i++) {
            use(i * HOUR, "10.0.1.3", 40_000 + i);
            serve(i * HOUR, "10.0.1.3", 50_000 + i);
        }
        use(10 * DAY, "10.0.1.3", 60_123);
        serve(10 * DAY, "10.0.1.3", 60_124);
        assertThat(signals()).isEmpty();
    }

    @Test
    void whatAScannerFindsIsNotTold() {
        settle(10);
        serve(10 * DAY, "10.0.7.7", 8_080);
        Tuning scanner = new Tuning(Map.of(), Map.of("10.0.7.7", Set.of(Tuning.SCANNER)));
        assertThat(Signals.of(DETECTOR, scanner, facts)).isEmpty();
        assertThat(signals()).hasSize(1);
    }

    @Test
    void aConnectionFromBeforeAnybodyLookedIsKnownByItsVolume() {
        settle(10);
        FlowFact began = Steps.step(Kind.VOLUME, true, DAY, HOST, "10.0.1.9", FlowFact.TCP, 5_432);
        for (int hour = 1; hour < 48; hour++) {
            facts.add(volume(began, hour * HOUR));
        }
        use(10 * DAY, "10.0.1.9", 5_432);
        assertThat(signals()).isEmpty();
    }

    @Test
    void anAddressThatAnotherMachineHoldsIsLearntAnew() {
        settle(10);
        facts.replaceAll(fact -> named(fact, "old"));
        for (int i = 0; i < 5; i++) {
            FlowFact fact = Steps.tcp(Kind.ESTABLISHED, 10 * DAY + i * HOUR, HOST, "10.0.4." + i, 22);
            facts.add(named(fact, "new"));
        }
        assertThat(signals()).isEmpty();
    }

    /** Peers by Zipf's law; numbers of peers, contacts a day and the law's exponent differ by host. */
    @Test
    void hostsThatMeetPeersAtRandomRaiseAtMostOneSignalIn100Days() {
        Random random = new Random(20_261_124);
        int hosts = 500;
        int days = 28;
        int signals = 0;
        for (int host = 0; host < hosts; host++) {
            signals += zipf(random, days);
        }
        double per100Days = 100.0 * signals / (hosts * (days - 7));
        System.out.printf("service: %d signals, %.2f per 100 host-days%n", signals, per100Days);
        assertThat(per100Days).isLessThanOrEqualTo(1);
    }

    private static int zipf(Random random, int days) {
        int peers = (int) (3 * Math.pow(100, random.nextDouble()));
        double exponent = 0.8 + 0.8 * random.nextDouble();
        double[] upTo = new double[peers];
        String[] names = new String[peers];
        double sum = 0;
        for (int i = 0; i < peers; i++) {
            sum += Math.pow(i + 1, -exponent);
            upTo[i] = sum;
            names[i] = "10.1." + i / 250 + "." + i % 250;
        }
        double contactsADay = 5 * Math.pow(100, random.nextDouble());
        ServiceMemory memory = DETECTOR.begin();
        int[] count = new int[1];
        for (double day = 0; day < days; day -= Math.log(1 - random.nextDouble()) / contactsADay) {
            int peer = 0;
            double drawn = random.nextDouble() * sum;
            while (upTo[peer] < drawn) {
                peer++;
            }
            FlowFact fact = Steps.tcp(Kind.ESTABLISHED, (long) (day * DAY), HOST, names[peer], 443);
            DETECTOR.observe(fact, memory, Tuning.DEFAULT, finding -> count[0]++);
        }
        return count[0];
    }

    @Test
    void memoryStaysWithinItsBoundAndIsForgotten() {
        ServiceMemory memory = DETECTOR.begin();
        Random random = new Random(3);
        int[] signals = new int[1];
        for (int i = 0; i < 50_000; i++) {
            boolean isOut = random.nextBoolean();
            int port = random.nextInt(4) == 0
                    ? new int[] {22, 23, 135, 139, 445, 513, 514, 3_389, 5_900}[i % 9]
                    : i % 9_999;
            String peer = "10." + random.nextInt(200) + "." + random.nextInt(200) + ".1";
            FlowFact fact = Steps.step(
                    Kind.ESTABLISHED, isOut, i * MINUTE, isOut ? HOST : peer, isOut ? peer : HOST, FlowFact.TCP, port);
            DETECTOR.observe(fact, memory, Tuning.DEFAULT, finding -> signals[0]++);
        }
        assertThat(Signals.octets(memory)).isBetween(700, DETECTOR.profile().mostOctets());
        assertThat(memory.expires()).isLessThan(Memory.NEVER);
        assertThat(signals[0]).as("new ones by the thousand").isLessThan(5);
    }

    @Test
    void memoryThatWasWrittenAndReadInTheMidstGoesOnAlike() {
        settle(10);
        use(10 * DAY, "10.0.1.9", 443);
        serve(10 * DAY, "10.0.3.1", 22);
        assertThat(Signals.restored(DETECTOR, facts).stream().map(Signals::text).sorted())
                .isEqualTo(signals().stream().map(Signals::text).sorted().toList())
                .isNotEmpty();
    }

    /** Three services used and two offered every hour. */
    private void settle(int days) {
        for (int hour = 0; hour < days * 24; hour++) {
            for (int i = 1; i <= 3; i++) {
                use(hour * HOUR, "10.0.1." + i, 443);
            }
            serve(hour * HOUR, "10.0.2.1", 80);
            serve(hour * HOUR, "10.0.2.2", 443);
        }
    }

    private void use(long millis, String server, int port) {
        facts.add(Steps.tcp(Kind.ESTABLISHED, millis, HOST, server, port));
    }

    private void serve(long millis, String client, int port) {
        facts.add(Steps.step(Kind.ESTABLISHED, false, millis, client, HOST, FlowFact.TCP, port));
    }

    private static FlowFact volume(FlowFact of, long age) {
        long time = of.time() + age * 1_000_000;
        return new FlowFact(
                of.kind(),
                true,
                time,
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
                1,
                100,
                1,
                100,
                0,
                0);
    }

    private static FlowFact named(FlowFact of, String name) {
        return new FlowFact(
                of.kind(),
                of.isOut(),
                of.time(),
                of.realm(),
                of.source(),
                of.destination(),
                of.isOut() ? name : of.sourceName(),
                of.isOut() ? of.destinationName() : name,
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

    private List<Raised> signals() {
        return Signals.of(DETECTOR, facts).stream()
                .filter(signal -> signal.state() == Raised.State.OPEN)
                .toList();
    }
}
