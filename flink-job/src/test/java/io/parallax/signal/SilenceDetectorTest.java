package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowFact;
import io.parallax.model.FlowFact.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class SilenceDetectorTest {

    private static final String HOST = "10.0.0.5";
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final SilenceDetector DETECTOR = new SilenceDetector();

    private final List<Raised> signals = new ArrayList<>();
    private Watch<FlowFact> watch = watch();
    private final Random random = new Random(7);

    @Test
    void aHostThatWasHeardEveryMinuteAndIsNotAnyMoreIsTold() {
        beHeard(0, 9 * DAY, MINUTE);
        watch.advance(Steps.at(9 * DAY + HOUR), signals::add);
        assertThat(signals).first().satisfies(signal -> {
            assertThat(signal.state()).isEqualTo(Raised.State.OPEN);
            assertThat(signal.finding().entity()).isEqualTo(HOST);
            assertThat(signal.finding().technique()).isEmpty();
            assertThat(signal.finding().sentence())
                    .endsWith(
                            "at a time at which it was heard yesterday and a week ago; its longest gap in two weeks was"
                                    + " 60 s.");
        });
        assertThat(Signals.firstMillis(signals) - 9 * DAY).isLessThan(10 * MINUTE);
    }

    @Test
    void theSignalIsOverWhenTheHostIsHeardAgain() {
        beHeard(0, 9 * DAY, MINUTE);
        beHeard(9 * DAY + HOUR, 9 * DAY + 4 * HOUR, MINUTE);
        assertThat(opened()).isEqualTo(1);
        assertThat(signals).last().extracting(Raised::state).isEqualTo(Raised.State.CLOSE);
    }

    @Test
    void aHostThatStaysSilentIsOneSignalAndNotKeptForever() {
        beHeard(0, 9 * DAY, MINUTE);
        watch.advance(Steps.at(20 * DAY), signals::add);
        assertThat(opened()).isEqualTo(1);
        assertThat(signals).last().extracting(Raised::state).isEqualTo(Raised.State.CLOSE);
        assertThat(watch.isEmpty()).isTrue();
    }

    @Test
    void nothingIsToldWhileItLearns() {
        beHeard(0, 6 * DAY, MINUTE);
        watch.advance(Steps.at(20 * DAY), signals::add);
        assertThat(signals).isEmpty();
    }

    @Test
    void nightsAndWeekendsAreUsual() {
        for (int day = 0; day < 28; day++) {
            if (day % 7 < 5) {
                long begin = day * DAY + 9 * HOUR + random.nextInt((int) HOUR);
                beHeard(begin, day * DAY + 17 * HOUR + random.nextInt((int) HOUR), MINUTE);
            }
        }
        watch.advance(Steps.at(28 * DAY), signals::add);
        assertThat(signals).isEmpty();
    }

    @Test
    void whoWorksByDayAndIsMissingAtNoonIsTold() {
        for (int day = 0; day < 11; day++) {
            if (day % 7 < 5) {
                beHeard(day * DAY + 8 * HOUR, day * DAY + (day == 10 ? 12 : 18) * HOUR, MINUTE);
            }
        }
        watch.advance(Steps.at(11 * DAY), signals::add);
        assertThat(opened()).isEqualTo(1);
    }

    @Test
    void whatOthersSayToTheHostIsNotHeardOfIt() {
        beHeard(0, 9 * DAY, MINUTE);
        for (long at = 9 * DAY; at < 9 * DAY + HOUR; at += MINUTE) {
            watch.add(Steps.step(Kind.OPENED, false, at, "10.0.0.6", HOST, FlowFact.TCP, 80));
            watch.add(Steps.step(Kind.UNANSWERED, false, at, "10.0.0.6", HOST, FlowFact.TCP, 80));
        }
        watch.advance(Steps.at(9 * DAY + HOUR), signals::add);
        assertThat(opened()).isEqualTo(1);
    }

    /** Hosts with independent gaps of a minute to ten, with gaps by Pareto's law, and with work by day. */
    @Test
    void hostsWithTheirUsualGapsRaiseAtMostOneSignalIn100Days() {
        Random gaps = new Random(424_242);
        int hosts = 60;
        int days = 21;
        for (int host = 0; host < hosts; host++) {
            double mean = MINUTE * Math.pow(10, gaps.nextDouble());
            double index = 1.1 + gaps.nextDouble();
            DoubleSupplier gap = host % 2 == 0
                    ? () -> -Math.log(1 - gaps.nextDouble()) * mean
                    : () -> 20 * SECOND * Math.pow(1 - gaps.nextDouble(), -1 / index);
            simulate("10.7.0." + host, days, host % 3 == 0, gap, gaps);
        }
        watch.advance(Steps.at(days * DAY), signals::add);
        double per100Days = 100.0 * opened() / (hosts * (days - 7));
        System.out.printf("silence: %d signals, %.2f per 100 host-days%n", opened(), per100Days);
        assertThat(per100Days).isLessThanOrEqualTo(1);
    }

    private void simulate(String host, int days, boolean isByDay, DoubleSupplier gap, Random times) {
        double begin = 0;
        double end = DAY;
        int day = -1;
        for (double at = 0; at < days * DAY; at += gap.getAsDouble()) {
            if ((int) (at / DAY) != day) {
                day = (int) (at / DAY);
                begin = isByDay ? (8 + times.nextDouble()) * HOUR : 0;
                end = isByDay ? (17 + times.nextDouble()) * HOUR : DAY;
            }
            double inDay = at - day * (double) DAY;
            if (inDay >= begin && inDay < end) {
                watch.add(Steps.tcp(Kind.OPENED, (long) at, host, "10.0.0.1", 443));
            }
        }
    }

    @Test
    void whoWasHeardOnceIsForgottenInAnHour() {
        watch.add(Steps.tcp(Kind.OPENED, 0, HOST, "10.0.0.1", 443));
        watch.advance(Steps.at(HOUR), signals::add);
        assertThat(watch.isEmpty()).isTrue();
    }

    @Test
    void memoryStaysWithinItsBoundAndIsForgotten() {
        SilenceMemory memory = DETECTOR.begin();
        for (int i = 0; i < 50_000; i++) {
            FlowFact fact = Steps.tcp(Kind.OPENED, i * (long) random.nextInt(60_000), HOST, "10.0.0.1", 443);
            DETECTOR.observe(fact, memory, Tuning.DEFAULT, finding -> {});
        }
        FlowFact named = Steps.tcp(Kind.OPENED, 400 * DAY, "n".repeat(64), "10.0.0.1", 443);
        DETECTOR.observe(named, memory, Tuning.DEFAULT, finding -> {});
        assertThat(Signals.octets(memory)).isBetween(150, DETECTOR.profile().mostOctets());
        assertThat(memory.expires()).isLessThan(Memory.NEVER);
    }

    @Test
    void memoryThatWasWrittenAndReadInTheMidstGoesOnAlike() {
        List<FlowFact> facts = new ArrayList<>();
        for (long at = 0; at < 10 * DAY; at += 10 * MINUTE) {
            if (at < 8 * DAY || at > 8 * DAY + 12 * HOUR) {
                facts.add(Steps.tcp(Kind.OPENED, at, HOST, "10.0.0.1", 443));
            }
        }
        List<String> whole =
                Signals.of(DETECTOR, facts).stream().map(Signals::text).toList();
        assertThat(Signals.restored(DETECTOR, facts).stream().map(Signals::text))
                .isEqualTo(whole)
                .isNotEmpty();
    }

    private static Watch<FlowFact> watch() {
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(new WatchRules<>(FlowFactCodec.INSTANCE, List.of(DETECTOR), Tuning.DEFAULT));
        return watch;
    }

    private void beHeard(long from, long until, long every) {
        for (long at = from; at < until; at += every) {
            watch.add(Steps.tcp(Kind.OPENED, at, HOST, "10.0.0.1", 443));
        }
        watch.advance(Steps.at(until - every), signals::add);
    }

    private long opened() {
        return signals.stream()
                .filter(signal -> signal.state() == Raised.State.OPEN)
                .count();
    }
}
