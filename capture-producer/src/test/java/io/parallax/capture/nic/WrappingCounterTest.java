package io.parallax.capture.nic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class WrappingCounterTest {

    @Test
    void goesOnWhereThirtyTwoBitsEnd() {
        WrappingCounter counter = new WrappingCounter();

        assertThat(counter.extend(0xffff_fffeL)).isEqualTo(0xffff_fffeL);
        assertThat(counter.extend(3)).isEqualTo(0x1_0000_0003L);
        assertThat(counter.extend(3)).isEqualTo(0x1_0000_0003L);
    }

    @Property
    void isTheSumOfAllStepsBelowTwoToTheThirtyTwo(@ForAll List<@LongRange(min = 0, max = 0xffff_ffffL) Long> steps) {
        WrappingCounter counter = new WrappingCounter();
        long total = 0;
        for (long step : steps) {
            total += step;
            assertThat(counter.extend(total & 0xffff_ffffL)).isEqualTo(total);
        }
    }
}
