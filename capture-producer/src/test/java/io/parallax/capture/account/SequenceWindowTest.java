package io.parallax.capture.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SequenceWindowTest {

    private static final int SIZE = 4_096;

    private final SequenceWindow window = new SequenceWindow(SIZE);

    private record Arrival(int number, long time) {}

    /** Whatever is deleted, but for the very first and last, and however late frames and copies of them come, within bounds. */
    @Property(tries = 300)
    void lossIsExactlyWhatWasDeleted(
            @ForAll int first,
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 20_000) int count,
            @ForAll @IntRange(max = SIZE - 1) int latest) {
        Random random = new Random(seed);
        List<Arrival> arrivals = new ArrayList<>();
        long deleted = 0;
        long copies = 0;
        int burst = 0;
        for (int i = 0; i < count; i++) {
            burst = burst > 0 ? burst - 1 : random.nextInt(500) == 0 ? random.nextInt(8_000) : 0;
            boolean isEnd = i == 0 || i == count - 1;
            if (!isEnd && (burst > 0 || random.nextInt(10) == 0)) {
                deleted++;
                continue;
            }
            int times = 1 + (random.nextInt(8) == 0 ? random.nextInt(3) : 0);
            copies += times - 1;
            for (int copy = 0; copy < times; copy++) {
                arrivals.add(new Arrival(first + i, i + random.nextInt(latest + 1)));
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::time));
        long repeated = arrivals.stream()
                .filter(arrival -> !window.accept(arrival.number()))
                .count();
        window.finish();
        assertThat(window.takeLost()).isEqualTo(deleted);
        assertThat(window.restarts()).isZero();
        assertThat(repeated).isEqualTo(copies);
    }

    @Test
    void theSequenceRunsOnBeyondTwoToThePowerOf32() {
        for (int i = -10_000; i < 10_000; i++) {
            if (i != -1 && i != 0 && i != 100) {
                assertThat(window.accept(i)).isTrue();
            }
        }
        window.finish();
        assertThat(window.takeLost()).isEqualTo(3);
    }

    @Test
    void aNumberIsLostWhenItLeavesTheWindowAndNotBefore() {
        window.accept(0);
        window.accept(2);
        for (int i = 3; i < 1 + SIZE; i++) {
            window.accept(i);
        }
        assertThat(window.takeLost()).isZero();
        window.accept(1 + SIZE);
        assertThat(window.takeLost()).isEqualTo(1);
    }

    @Test
    void anOutageOfManyWindowsIsCountedWhole() {
        accept(0, 10);
        accept(500_000, 500_010);
        window.finish();
        assertThat(window.takeLost()).isEqualTo(500_000 - 10);
        assertThat(window.restarts()).isZero();
    }

    @Test
    void anOutageBeforeTheVeryLastFrameIsCountedToo() {
        accept(0, 10);
        window.accept(50_000);
        window.finish();
        assertThat(window.takeLost()).isEqualTo(50_000 - 10);
    }

    @Test
    void aSenderThatBeginsAnewHasNotLostFourBillion() {
        accept(1_000_000, 1_000_100);
        accept(0, 5);
        accept(6, 100);
        window.finish();
        assertThat(window.takeLost()).as("5").isEqualTo(1);
        assertThat(window.restarts()).isEqualTo(1);
    }

    @Test
    void aLeapBeyondTheBoundIsABeginningToo() {
        accept(0, 10);
        int far = (int) SequenceWindow.MOST_GAP + 10;
        accept(far, far + 10);
        window.finish();
        assertThat(window.takeLost()).isZero();
        assertThat(window.restarts()).isEqualTo(1);
    }

    @Test
    void oneStrayNumberIsNeitherALossNorABeginning() {
        accept(0, 100);
        window.accept(700_000);
        accept(100, 5_000);
        window.accept(-1_000_000);
        accept(5_000, 10_000);
        window.finish();
        assertThat(window.takeLost()).isZero();
        assertThat(window.restarts()).isZero();
    }

    @Test
    void whatWasMissingBeforeABeginningIsLost() {
        accept(1_000_000, 1_000_010);
        accept(1_000_013, 1_000_020);
        accept(0, 10);
        assertThat(window.takeLost()).isEqualTo(3);
    }

    @Test
    void anythingAtAllIsTakenWithoutAnException() {
        Random random = new Random(3);
        for (int i = 0; i < 1_000_000; i++) {
            window.accept(random.nextInt(3) == 0 ? random.nextInt() : i);
        }
        window.finish();
        assertThat(window.takeLost()).isNotNegative();
    }

    private void accept(int from, int to) {
        for (int i = from; i < to; i++) {
            window.accept(i);
        }
    }
}
