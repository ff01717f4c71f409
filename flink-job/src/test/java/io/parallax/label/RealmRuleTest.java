package io.parallax.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.model.StreamName;
import io.parallax.wire.PacketHeader;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RealmRuleTest {

    private static final StreamName CAP0 = new StreamName("capvm1", "cap0");
    private static final StreamName CAP1 = new StreamName("capvm1", "cap1");
    private static final StreamName OTHER = new StreamName("capvm2", "cap0");

    private final RealmRule rule = RealmRule.of(
            "default",
            Map.of(
                    "capvm1",
                    "blue",
                    "capvm1/cap1",
                    "green",
                    "vlan:110",
                    "red",
                    "vlan:20",
                    "pink",
                    "overlay:5001",
                    "gold"));

    @Test
    void anInterfaceGoesBeforeItsSensorAndBothBeforeTheCommonRealm() {
        assertThat(rule.of(CAP0)).isEqualTo("blue");
        assertThat(rule.of(CAP1)).isEqualTo("green");
        assertThat(rule.of(OTHER)).isEqualTo("default");
    }

    @Test
    void theOutermostVlanGoesBeforeTheInterfaceAndTheOverlayBeforeAll() {
        assertThat(rule.of(header(PacketHeader.NO_OVERLAY), "blue")).isEqualTo("blue");
        assertThat(rule.of(header(PacketHeader.NO_OVERLAY, 110), "blue")).isEqualTo("red");
        assertThat(rule.of(header(PacketHeader.NO_OVERLAY, 20, 110), "blue")).isEqualTo("pink");
        assertThat(rule.of(header(PacketHeader.NO_OVERLAY, 30, 110), "blue")).isEqualTo("blue");
        assertThat(rule.of(header(5001, 110), "blue")).isEqualTo("gold");
        assertThat(rule.of(header(5002, 110), "blue")).isEqualTo("red");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vlan:0", "vlan:4095", "vlan:x", "overlay:16777216", "", "site:1"})
    void aPlaceThatIsNoneIsRefused(String place) {
        assertThatThrownBy(() -> RealmRule.of("default", Map.of(place, "blue"))).hasMessage(place + "=blue");
    }

    @Test
    void aRealmHasAName() {
        assertThatThrownBy(() -> RealmRule.of("default", Map.of("capvm1", ""))).hasMessage("capvm1=");
    }

    private static PacketHeader header(int overlay, int... vlans) {
        PacketHeader header = new PacketHeader();
        header.clear();
        header.overlayId = overlay;
        header.vlanCount = vlans.length;
        for (int vlan : vlans) {
            header.vlanStack = (header.vlanStack << 16) | vlan;
        }
        return header;
    }
}
