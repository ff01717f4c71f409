package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class RegularityTest {

    private static final double ALL = -1_000;

    private final Random random = new Random(11);

    @Test
    void everyIntervalFromASecondOnHasABin() {
        for (int bin = 0; bin < GapBins.COUNT; bin++) {
            assertThat(GapBins.of((long) Math.ceil(GapBins.lower(bin) * 1_000))).isEqualTo(bin);
        }
        assertThat(GapBins.of(GapBins.LEAST_GAP_MILLIS)).isZero();
        assertThat(GapBins.of(3_999)).isZero();
        assertThat(GapBins.of(Long.MAX_VALUE)).isEqualTo(GapBins.COUNT - 1);
    }

    @Test
    void thePeriodAndTheJitterAreThoseOfTheBeacon() {
        Regularity found = Regularity.of(intervals(200, () -> 60 * (0.5 + random.nextDouble())), 9);
        assertThat(found.evidence()).isGreaterThan(50);
        assertThat(found.periodSeconds()).isBetween(50.0, 72.0);
        assertThat(found.jitter()).isEqualTo(0.5);
        assertThat(found.missed()).isLessThan(0.1);
    }

    @Test
    void missedCheckInsAreJoinedIntervals() {
        Regularity found = Regularity.of(intervals(400, this::withMisses), 9);
        assertThat(found.evidence()).isGreaterThan(50);
        assertThat(found.periodSeconds()).isBetween(50.0, 72.0);
        assertThat(found.missed()).isGreaterThan(0.2);
    }

    private double withMisses() {
        double interval = 0;
        do {
            interval += 60 * (0.5 + random.nextDouble());
        } while (random.nextDouble() < 0.3);
        return interval;
    }

    /** The expectation of the ratio is at most one under each usual process: so is its mean, but for a few large values. */
    @Test
    void atRandomTheRatioIsAtMostOneInTheMean() {
        int samples = 300;
        for (int number : new int[] {10, 30, 100}) {
            double sum = 0;
            for (int i = 0; i < samples; i++) {
                double mean = 10 * Math.pow(60, random.nextDouble());
                sum += Math.exp(Regularity.of(intervals(number, () -> 1 - mean * Math.log(random.nextDouble())), ALL)
                        .evidence());
            }
            assertThat(sum / samples).as("%d intervals", number).isLessThan(1);
        }
    }

    @Test
    void theSearchForTheUsualProcessMissesLittle() {
        for (int number : new int[] {10, 100, 1_000}) {
            double deviation = 1 + random.nextDouble();
            int[] counts = intervals(number, () -> 1 + 40 * Math.exp(deviation * random.nextGaussian()));
            double reached = UsualShapes.reached(counts, UsualShapes.STEPS);
            double greatest = UsualShapes.reached(counts, 10_000);
            assertThat(greatest - reached).isBetween(0.0, UsualShapes.SLACK * number);
        }
    }

    private static int[] intervals(int number, DoubleSupplier seconds) {
        int[] counts = new int[GapBins.COUNT];
        for (int i = 0; i < number; i++) {
            counts[GapBins.of((long) (1_000 * Math.max(1, seconds.getAsDouble())))]++;
        }
        return counts;
    }
}
