package io.parallax.capture.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.parallax.wire.PacketHeader;
import org.junit.jupiter.api.Test;

class SheddingTest {

    private final Shedding shedding = new Shedding();

    private double shareShed(double fill) {
        shedding.fill(fill);
        PacketHeader header = new PacketHeader();
        header.family = PacketHeader.FAMILY_IPV4;
        header.protocol = 17;
        int shed = 0;
        for (int i = 0; i < 10_000; i++) {
            header.sourceLow = i;
            shed += shedding.sheds(header) ? 1 : 0;
        }
        return shed / 10_000.0;
    }

    @Test
    void nothingIsGivenUpWhileThereIsRoom() {
        assertThat(shareShed(0)).isZero();
        assertThat(shareShed(0.79)).isZero();
        assertThat(shedding.isActive()).isFalse();
    }

    @Test
    void moreFlowsAreGivenUpTheFullerItGets() {
        assertThat(shareShed(0.9)).isCloseTo(0.5, within(0.03));
        assertThat(shareShed(0.95)).isCloseTo(0.75, within(0.03));
        assertThat(shareShed(1)).isEqualTo(1);
        assertThat(shareShed(1.2)).isEqualTo(1);
    }

    @Test
    void whatWasGivenUpStaysGivenUpWhileItGetsFuller() {
        PacketHeader header = new PacketHeader();
        header.family = PacketHeader.FAMILY_IPV4;
        for (int i = 0; i < 1_000; i++) {
            header.sourceLow = i;
            shedding.fill(0.85);
            boolean early = shedding.sheds(header);
            shedding.fill(0.95);
            assertThat(!early || shedding.sheds(header)).isTrue();
        }
    }
}
