package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** A small {@link BeaconStudy}; the large one is in docs/benchmarks/beacons.md. */
class BeaconStudyTest {

    private static final long SEED = 3;

    @Test
    void aDayIsEnoughForHalfAPeriodOfJitterAndAThirdMissed() {
        Random random = new Random(SEED);
        for (double period : new double[] {60, 300}) {
            BeaconTraffic.Arrivals beacon = BeaconTraffic.beacon(period, 0.5, 0.3);
            for (int i = 0; i < 20; i++) {
                assertThat(BeaconStudy.firstFinding(beacon.day(random)))
                        .as("period %.0f s, day %d of seed %d", period, i, SEED)
                        .isNotNegative();
            }
        }
    }

    @Test
    void usualTrafficIsNoBeacon() {
        Random random = new Random(SEED);
        BeaconStudy.usual().forEach((name, process) -> {
            for (int i = 0; i < 100; i++) {
                assertThat(BeaconStudy.firstFinding(process.day(random)))
                        .as("%s, day %d of seed %d", name, i, SEED)
                        .isNegative();
            }
        });
    }

    @Test
    void theIntervalOfNoHitsIsTheRuleOfThree() {
        assertThat(BeaconStudy.upper(0, 30_000)).isBetween(3.0 / 30_000, 3.7 / 30_000);
        assertThat(BeaconStudy.share(5, 10)).isEqualTo("0.500 (0.187-0.813)");
    }
}
