package io.parallax.capture.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.account.InterfaceReadings.Difference;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class InterfaceReadingsTest {

    private final InterfaceReadings readings = new InterfaceReadings();

    @Test
    void framesThatPassedBeforeItWasOpenWereNeverOffered() {
        readings.start(1_000);

        Difference difference = readings.read(1_105, 100, 0, 100);

        assertThat(difference).isEqualTo(new Difference(105, 0, 5, 0));
    }

    @Test
    void aFrameBetweenTheTwoReadingsIsNotTakenForOneThatIsMissing() {
        readings.start(1_000);

        Difference early = readings.read(1_100, 103, 0, 100);
        Difference later = readings.read(1_205, 203, 0, 203);

        assertThat(early.neverOffered()).isZero();
        assertThat(later.neverOffered()).isEqualTo(2);
    }

    @Test
    void whatTheKernelHoldsIsWaiting() {
        readings.start(0);

        assertThat(readings.read(100, 100, 20, 70)).isEqualTo(new Difference(100, 20, 0, 10));
    }

    @Property(tries = 300)
    void atRestEverythingThatPassedIsAccountedFor(@ForAll long seed) {
        Random random = new Random(seed);
        long passed = random.nextInt(1_000_000);
        long start = passed;
        readings.start(start);
        long offered = 0;
        long dropped = 0;
        long read = 0;
        long sumInterface = 0;
        long sumDropped = 0;
        long sumNever = 0;
        passed += random.nextInt(20);
        for (int i = 0; i < 50; i++) {
            long interfaceAtFirst = passed;
            int between = random.nextInt(5);
            int frames = random.nextInt(100);
            int lost = random.nextInt(frames + 1);
            passed += frames + between;
            offered += frames + between;
            dropped += lost;
            read += frames + between - lost;
            boolean isRest = i == 49;
            Difference difference = readings.read(isRest ? passed : interfaceAtFirst, offered, dropped, read);
            sumInterface += difference.interfaceFrames();
            sumDropped += difference.kernelDropped();
            sumNever += difference.neverOffered();
        }

        assertThat(sumInterface).isEqualTo(passed - start);
        assertThat(sumDropped + sumNever + read).isEqualTo(passed - start);
    }
}
