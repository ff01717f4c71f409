package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class LevelShiftTest {

    private static final int WINDOWS = 400_000;
    private static final double THRESHOLD = Math.log(1_000);

    @Test
    void evidenceIsThatOfTheLastOnesBeingTheGreatestByChance() {
        assertThat(LevelShift.evidence(64, 4, 4)).isCloseTo(Math.log(814_385), within(1e-9));
        assertThat(LevelShift.evidence(28, 8, 7)).as("C(36, 7) / 8").isCloseTo(Math.log(8_347_680 / 8), within(1e-9));
        assertThat(LevelShift.evidence(0, 5, 5)).isCloseTo(0, within(1e-9));
        assertThat(LevelShift.evidence(100, 0, 0)).isZero();
    }

    /** Ends of episodes are not counted: windows beyond the threshold are, so the bound is on the safe side. */
    @Test
    void theBoundHoldsWhateverTheDistribution() {
        for (long seed = 101; seed <= 103; seed++) {
            Random random = new Random(seed);
            assertThat(beyond(random::nextDouble)).as("even, seed %d", seed).isLessThan(WINDOWS / 1_000);
            assertThat(beyond(() -> Math.exp(2 * random.nextGaussian())))
                    .as("log-normal, seed %d", seed)
                    .isLessThan(WINDOWS / 1_000);
            assertThat(beyond(() -> 1 / random.nextDouble()))
                    .as("Pareto without a mean, seed %d", seed)
                    .isLessThan(WINDOWS / 1_000);
            assertThat(beyond(() -> random.nextInt(3)))
                    .as("few values, seed %d", seed)
                    .isLessThan(WINDOWS / 1_000);
        }
    }

    private static int beyond(java.util.function.DoubleSupplier figures) {
        LevelShift shift = new LevelShift();
        int beyond = 0;
        for (int i = 0; i < WINDOWS; i++) {
            beyond += shift.offer(figures.getAsDouble(), i) && shift.evidence() >= THRESHOLD ? 1 : 0;
        }
        return beyond;
    }

    @Test
    void aRunThatLastsIsTheNewLevel() {
        LevelShift shift = new LevelShift();
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            shift.offer(random.nextDouble(), i);
        }
        int beyond = 0;
        for (int i = 300; i < 1_000; i++) {
            beyond += shift.offer(10 + random.nextDouble(), i) ? 1 : 0;
        }
        assertThat(beyond).isBetween(LevelShift.BLOCK, LevelShift.BLOCK + 20);
        assertThat(shift.mean()).isCloseTo(10.5, within(0.1));
    }

    @Test
    void oneFigureInFourMayBeAsUsualWithinARun() {
        LevelShift shift = new LevelShift();
        for (int i = 0; i < 20; i++) {
            shift.offer(i % 3, i);
        }
        for (double figure : new double[] {9, 9, 9, 1, 9}) {
            shift.offer(figure, 0);
        }
        assertThat(shift.run()).isEqualTo(5);
        assertThat(shift.above()).isEqualTo(4);
        assertThat(shift.runLeast()).isEqualTo(9);
        shift.offer(1, 0);
        assertThat(shift.run()).as("two in six").isZero();
        assertThat(shift.learnt()).isEqualTo(26);
    }

    @Test
    void aRunSaysWhereItBeganAndHowItWas() {
        LevelShift shift = new LevelShift();
        for (int i = 1; i <= LevelShift.FEWEST; i++) {
            shift.offer(i, i);
        }
        assertThat(shift.run()).as("learnt first").isZero();
        shift.offer(20, 20);
        assertThat(shift.run()).as("20 is above 16").isEqualTo(1);
        shift.offer(0, 21);
        assertThat(shift.run()).isZero();
        assertThat(shift.learnt()).as("what broke off was learnt").isEqualTo(LevelShift.FEWEST + 2);
        shift.offer(50, 22);
        shift.offer(30, 23);
        assertThat(shift.run()).isEqualTo(2);
        assertThat(shift.since()).isEqualTo(22);
        assertThat(shift.runLeast()).isEqualTo(30);
        assertThat(shift.runMean()).isEqualTo(40);
        assertThat(shift.most()).isEqualTo(20);
        assertThat(shift.mean()).isCloseTo(156.0 / 18, within(1e-9));
    }
}
