package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SignalBudgetTest {

    private static final long DAY = 86_400_000_000_000L;
    private static final double STRONG = 60;

    @Test
    void ofDaysWithoutAnAttackAtMostAlphaHaveASignalWithinBudget() {
        Random random = new Random(20261);
        int days = 20_000;
        int falseDays = 0;
        SignalBudget budget = new SignalBudget();
        for (int day = 0; day < days; day++) {
            boolean any = false;
            for (int i = 0; i < 50; i++) {
                any |= budget.offer(day * DAY + i, -Math.log(1 - random.nextDouble()), 1_000);
            }
            falseDays += any ? 1 : 0;
        }
        assertThat((double) falseDays / days).isLessThanOrEqualTo(SignalBudget.ALPHA);
    }

    @Test
    void strongOnesAmongFalseOnesPassAndTheShareOfFalseOnesIsKept() {
        Random random = new Random(20262);
        int days = 2_000;
        double share = 0;
        int strong = 0;
        SignalBudget budget = new SignalBudget();
        for (int day = 0; day < days; day++) {
            int wrong = 0;
            int right = 0;
            for (int i = 0; i < 50; i++) {
                boolean isTrue = i % 10 == 9;
                double evidence = isTrue ? STRONG : -Math.log(1 - random.nextDouble());
                boolean isWithin = budget.offer(day * DAY + i, evidence, 1_000);
                right += isWithin && isTrue ? 1 : 0;
                wrong += isWithin && !isTrue ? 1 : 0;
            }
            strong += right;
            share += (double) wrong / Math.max(1, wrong + right);
        }
        assertThat(share / days).isLessThanOrEqualTo(SignalBudget.ALPHA);
        assertThat(strong).isEqualTo(5 * days);
    }

    @Test
    void noMoreThanFiveADayAndTheNextDayBeginsAnew() {
        SignalBudget budget = new SignalBudget();
        for (int i = 0; i < 8; i++) {
            assertThat(budget.offer(i, STRONG, 5)).isEqualTo(i < 5);
        }
        assertThat(budget.offer(DAY, STRONG, 5)).isTrue();
    }

    @Test
    void aRestoredBudgetDecidesAlike() {
        SignalBudget budget = new SignalBudget();
        for (int i = 0; i < 4; i++) {
            budget.offer(i, STRONG, 5);
        }
        SignalBudget restored = SignalBudget.of(budget.figures());
        assertThat(restored.offer(5, STRONG, 5)).isTrue();
        assertThat(restored.offer(6, STRONG, 5)).isFalse();
    }
}
