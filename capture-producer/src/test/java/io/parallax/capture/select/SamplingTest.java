package io.parallax.capture.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.parallax.wire.PacketHeader;
import org.junit.jupiter.api.Test;

class SamplingTest {

    private static PacketHeader header(int sourcePort, boolean reverse) {
        PacketHeader header = new PacketHeader();
        header.family = PacketHeader.FAMILY_IPV4;
        header.protocol = 6;
        header.sourceLow = reverse ? 2 : 1;
        header.destinationLow = reverse ? 1 : 2;
        header.sourcePort = reverse ? 443 : sourcePort;
        header.destinationPort = reverse ? sourcePort : 443;
        return header;
    }

    @Test
    void everyTenthFrameIsSelected() {
        Sampling sampling = Sampling.count(10);
        int selected = 0;
        for (int i = 0; i < 1_000; i++) {
            selected += sampling.selectsFrame() ? 1 : 0;
        }

        assertThat(selected).isEqualTo(100);
        assertThat(sampling.probability()).isEqualTo(0.1);
        assertThat(sampling.method()).isEqualTo("count");
        assertThat(sampling.selectsFlow(header(1, false))).isTrue();
    }

    @Test
    void aFlowIsKeptWholeInBothDirectionsAndOnEverySensor() {
        Sampling here = Sampling.flows(0.25);
        Sampling there = Sampling.flows(0.25);
        int kept = 0;
        for (int port = 1; port < 40_000; port++) {
            boolean isKept = here.selectsFlow(header(port, false));
            assertThat(there.selectsFlow(header(port, true))).isEqualTo(isKept);
            kept += isKept ? 1 : 0;
        }

        assertThat(kept / 40_000.0).isCloseTo(0.25, within(0.01));
        assertThat(here.method()).isEqualTo("flow_hash");
        assertThat(here.selectsFrame()).isTrue();
    }

    @Test
    void aSmallerShareKeepsASubsetOfTheFlowsOfALargerOne() {
        for (int port = 1; port < 2_000; port++) {
            if (Sampling.flows(0.1).selectsFlow(header(port, false))) {
                assertThat(Sampling.flows(0.5).selectsFlow(header(port, false))).isTrue();
            }
        }
    }

    @Test
    void withoutSamplingEverythingIsSelected() {
        assertThat(Sampling.none().selectsFrame()).isTrue();
        assertThat(Sampling.none().method()).isEqualTo("none");
        assertThat(Sampling.none().probability()).isEqualTo(1);
    }

    @Test
    void impossibleRatesAreRefusedByName() {
        assertThatThrownBy(() -> Sampling.count(0)).hasMessage("sampling-count is 0, allowed is 1 or more");
        assertThatThrownBy(() -> Sampling.flows(0)).hasMessageContaining("sampling-flows is 0.0");
        assertThatThrownBy(() -> Sampling.flows(Double.NaN)).hasMessageContaining("sampling-flows is NaN");
    }
}
