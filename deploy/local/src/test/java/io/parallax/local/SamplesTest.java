package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void theSamplesAreSmallEnoughToBeCommitted() throws Exception {
        assertThat(Samples.octets(Samples.COMMITTED)).isLessThan(2_000_000);
    }

    @Test
    void theTruthHasAllKindsOfTrafficThatTheDemoIsToShow() throws Exception {
        Truth truth = Truth.ofAllSensors(Samples.truth(Samples.COMMITTED));
        assertThat(truth.expected().keySet())
                .extracting(Truth.Direction::protocol)
                .contains(1, 6, 17);
        assertThat(truth.expected()).hasSizeGreaterThan(1_000);
    }
}
