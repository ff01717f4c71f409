package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class ExcessTailTest {

    private static final int WEEK = 7 * 24;
    private static final double THRESHOLD = Math.log(1_000);

    @Test
    void evidenceNeverExceedsThatOfANormalDistribution() {
        ExcessTail tail = new ExcessTail();
        for (double deviation = -3; deviation < 12; deviation += 0.25) {
            assertThat(tail.evidence(deviation)).isBetween(0.0, NormalTail.evidence(deviation));
        }
    }

    @Test
    void whatLiesFarOutIsLessSurprisingAfterItHappened() {
        ExcessTail tail = new ExcessTail();
        for (int hour = 0; hour < WEEK; hour++) {
            tail.learn(0);
        }
        double first = tail.evidence(10);
        tail.learn(10);
        assertThat(tail.evidence(10)).isLessThan(first - 3);
    }

    /** Normal, and twice as heavy: exponential beyond the threshold with a mean of 0.75. */
    @Test
    void hoursExceedTheThresholdAsOftenAsItSays() {
        Random random = new Random(41);
        assertThat(shareTold(random::nextGaussian)).isLessThan(1e-3);
        assertThat(shareTold(() -> random.nextDouble() < 0.05 ? 2 - 0.75 * Math.log(1 - random.nextDouble()) : 0))
                .isLessThan(3e-3);
    }

    /** Of 500 hosts in the three weeks after a week of learning. */
    private static double shareTold(DoubleSupplier deviations) {
        int told = 0;
        for (int host = 0; host < 500; host++) {
            ExcessTail tail = new ExcessTail();
            for (int hour = 0; hour < 4 * WEEK; hour++) {
                double deviation = deviations.getAsDouble();
                told += hour >= WEEK && tail.evidence(deviation) >= THRESHOLD ? 1 : 0;
                tail.learn(deviation);
            }
        }
        return told / (500.0 * 3 * WEEK);
    }
}
