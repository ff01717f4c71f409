package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SweepDetectorTest {

    private static final int SWEEPER = 200;

    private final Utterances link = new Utterances();

    @Test
    void aSweepOfASlash27ThatAFewAnswerIsASignalWithinASecondOfItsFirstQuestion() {
        sweep(10_000, 10, 1, 30, Set.of(1, 5, 9));
        List<Raised> raised = link.run();
        Raised open = raised.get(0);
        assertThat(open.detector().name()).isEqualTo("neighbour-sweep");
        assertThat(open.finding().entity()).isEqualTo(Utterances.host(SWEEPER));
        assertThat(open.finding().technique()).isEqualTo("T1018");
        assertThat(Utterances.seconds(open.since())).isBetween(10.0, 10.1);
        assertThat(Utterances.seconds(open.detectedAt())).isBetween(10.2, 11.0);
        assertThat(raised).extracting(Raised::id).containsOnly(open.id());
    }

    @Test
    void whereNoAnswerIsEverSeenARetryIsWaitedFor() {
        sweep(10_000, 10, 1, 30, Set.of());
        assertThat(link.run()).as("others may see the answers").isEmpty();
        sweep(11_100, 10, 1, 30, Set.of());
        assertThat(link.run()).isNotEmpty();
        assertThat(Utterances.seconds(link.run().get(0).detectedAt())).isBetween(11.1, 11.5);
    }

    @Test
    void aSlowSweepWhoseRetriesNobodyAnswersIsFound() {
        for (int target = 1; target <= 30; target++) {
            link.ask(target * 10_000L, SWEEPER, target).ask(target * 10_000L + 1_000, SWEEPER, target);
        }
        List<Raised> raised = link.run();
        assertThat(raised).isNotEmpty();
        assertThat(Utterances.seconds(raised.get(0).detectedAt())).isBetween(90.0, 120.0);
        assertThat(raised.get(0).finding().sentence()).contains(Utterances.host(SWEEPER) + " asked all");
    }

    @Test
    void aHostThatReachesItsNeighboursIsSilentHoweverMany() {
        for (int target = 1; target <= 190; target++) {
            link.ask(target * 5L, SWEEPER, target).answer(target * 5L + 2, target, SWEEPER);
        }
        assertThat(link.run()).isEmpty();
    }

    @Test
    void anOutageOfKnownNeighboursIsNoSweep() {
        for (int target = 1; target <= 40; target++) {
            link.ask(target, SWEEPER, target).answer(target + 1, target, SWEEPER);
        }
        for (int retry = 0; retry < 3; retry++) {
            sweep(60_000 + retry * 1_000, 5, 1, 40, Set.of());
        }
        assertThat(link.run()).isEmpty();
    }

    @Test
    void aRouterAsksForWhomOthersScan() {
        for (int target = 1; target <= 60; target++) {
            link.askAsRouter(target, 254, target).askAsRouter(target + 1_000, 254, target);
        }
        assertThat(link.run()).isEmpty();
    }

    @Test
    void aDhcpServerLooksWhetherAnAddressIsFree() {
        link.dhcp(0, SWEEPER);
        sweep(1_000, 100, 1, 60, Set.of());
        sweep(2_000, 100, 1, 60, Set.of());
        assertThat(link.run()).isEmpty();
    }

    @Test
    void whoMayAskIsLeftAlone() {
        sweep(0, 10, 1, 30, Set.of(3));
        assertThat(link.run()).isNotEmpty();
        for (String role : List.of(Tuning.SCANNER, Tuning.MONITORING, Tuning.ROUTER, Tuning.DHCP)) {
            assertThat(link.run(new Tuning(Map.of(), Map.of(Utterances.host(SWEEPER), Set.of(role)))))
                    .as(role)
                    .isEmpty();
        }
    }

    @Test
    void aBootStormInWhichEachHostMissesAFewIsNoSweep() {
        for (int host = 1; host <= 100; host++) {
            for (int target = 150; target < 156; target++) {
                link.ask(host * 3L, host, target).ask(host * 3L + 1_000, host, target);
            }
            link.ask(host * 3L, host, 254).answer(host * 3L + 1, 254, host);
        }
        assertThat(link.run()).isEmpty();
    }

    @Test
    void copiesOfAQuestionAtSeveralSensorsAreOneQuestion() {
        for (int target = 1; target <= 12; target++) {
            for (int sensor = 0; sensor < 4; sensor++) {
                link.ask(target + sensor * 60L, SWEEPER, target);
            }
        }
        assertThat(link.run()).isEmpty();
    }

    /** Seeds 0 to 999; by Wald at most 1 in 10^6 of them, whatever their length. */
    @Test
    void usualHostsWhoseContactsFailOneTimeInFiveAreNoSweepers() {
        int signals = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            Utterances usual = new Utterances();
            for (int contact = 0; contact < 200; contact++) {
                long millis = contact * (500L + random.nextInt(3_000));
                int target = 1 + contact;
                usual.ask(millis, SWEEPER, target);
                if (random.nextDouble() < 0.8) {
                    usual.answer(millis + 1, target, SWEEPER);
                } else {
                    usual.ask(millis + 1_000, SWEEPER, target);
                }
            }
            signals += usual.run().size();
        }
        assertThat(signals).isZero();
    }

    @Test
    void aRestoredWatchRaisesTheSameSignals() throws IOException {
        sweep(10_000, 10, 1, 30, Set.of(1, 5, 9));
        sweep(11_200, 10, 1, 30, Set.of(1, 5, 9));
        List<String> expected = link.run().stream().map(SweepDetectorTest::text).toList();
        assertThat(link.runRestoring(130, 20_000).stream().map(SweepDetectorTest::text))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void whatIsRememberedIsBoundedUnderAFlood() throws IOException {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            link.ask(i, SWEEPER, random.nextInt(65_000));
        }
        SweepDetector detector = new SweepDetector();
        assertThat(Utterances.octets(detector, link.facts))
                .isBetween(800, detector.profile().mostOctets());
    }

    private static String text(Raised raised) {
        return raised.state() + " " + raised.id() + " " + raised.revision() + " "
                + raised.finding().sentence();
    }

    private void sweep(long millis, int gapMillis, int first, int last, Set<Integer> alive) {
        for (int target = first; target <= last; target++) {
            long at = millis + (long) (target - first) * gapMillis;
            link.ask(at, SWEEPER, target);
            if (alive.contains(target)) {
                link.answer(at + 1, target, SWEEPER);
            }
        }
    }
}
