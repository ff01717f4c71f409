package io.parallax.capture.nic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterfacesTest {

    @Test
    void everyMachineHasALoopback() throws IOException {
        assertThat(Interfaces.counters()).containsKey("lo");
        assertThat(Interfaces.index("lo")).isPresent();
        assertThat(Interfaces.index("nosuch0")).isEmpty();
        assertThat(Interfaces.isUp("nosuch0")).isFalse();
        assertThat(Interfaces.isUp("a-name-that-is-too-long-for-linux")).isFalse();
    }

    @Test
    void aPatternMeansThePresentInterfacesOnly() throws IOException {
        assertThat(Interfaces.matching(List.of("l?", "nosuch*"))).contains("lo");
        assertThat(Interfaces.matching(List.of("nosuch0"))).isEmpty();
        assertThat(Interfaces.indexes(List.of("lo")))
                .containsEntry("lo", Interfaces.index("lo").orElseThrow());
    }

    @Test
    void aPatternIsTakenByTheLetterButForStarAndQuestionMark() {
        assertThat(new NamePattern("eth*").matches("eth0")).isTrue();
        assertThat(new NamePattern("eth*").matches("eth")).isTrue();
        assertThat(new NamePattern("eth?").matches("eth10")).isFalse();
        assertThat(new NamePattern("eth0.1").matches("eth0x1")).isFalse();
        assertThat(new NamePattern("eth0.1").isName()).isTrue();
        assertThat(new NamePattern("eth?").isName()).isFalse();
        assertThatThrownBy(() -> new NamePattern(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stateAndAddressesAreShown() throws IOException {
        Root.orSkip();
        try (VethPair pair = VethPair.create()) {
            assertThat(Interfaces.state(pair.name()))
                    .isEqualTo(new InterfaceState(
                            pair.name(), Interfaces.index(pair.name()).orElseThrow(), true, false, "up", 1_500, 0));
            assertThat(Interfaces.isUp(pair.name())).isTrue();
            try (Nic nic = Nic.open(pair.name(), NicOptions.DEFAULT, "")) {
                assertThat(Interfaces.state(nic.name()).promiscuous()).isTrue();
            }
            pair.down();
            assertThat(Interfaces.isUp(pair.name())).isFalse();
            assertThat(Interfaces.state(pair.name()).up()).isFalse();
        }
        assertThat(Interfaces.localAddresses()).contains(InetAddress.getLoopbackAddress());
    }
}
