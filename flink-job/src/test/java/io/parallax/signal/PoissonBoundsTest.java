package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Against the table of Garwood, Biometrika 28 (1936). */
class PoissonBoundsTest {

    @Test
    void boundsAreThoseOfTheTable() {
        assertThat(PoissonBounds.lower(0)).isZero();
        assertThat(PoissonBounds.upper(0)).isEqualTo(3.689, within(0.001));
        assertThat(PoissonBounds.lower(1)).isEqualTo(0.0253, within(0.0001));
        assertThat(PoissonBounds.upper(1)).isEqualTo(5.572, within(0.001));
        assertThat(PoissonBounds.lower(10)).isEqualTo(4.795, within(0.001));
        assertThat(PoissonBounds.upper(10)).isEqualTo(18.39, within(0.01));
    }
}
