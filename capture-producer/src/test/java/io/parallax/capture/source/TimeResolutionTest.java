package io.parallax.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TimeResolutionTest {

    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    @Property
    void ticksOfAnyUnitAreExactNanosecondsOrSaturate(@ForAll long ticks, @ForAll @IntRange(max = 255) int option) {
        BigInteger base = BigInteger.valueOf(option < 0x80 ? 10 : 2);
        BigInteger exact = new BigInteger(Long.toUnsignedString(ticks))
                .multiply(NANOS_PER_SECOND)
                .divide(base.pow(option & 0x7f));

        assertThat(new TimeResolution(option).nanos(ticks))
                .isEqualTo(exact.min(MAX).longValueExact());
    }
}
