package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MirrorLabelsTest {

    private static final long SOURCE = 0x0A00_0001L;

    @Test
    void aSessionIsNamedByEncapsulationSourceNumberAndDirection() {
        assertThat(MirrorLabels.name(PacketHeader.MIRROR_GRE, 0, SOURCE, 0x0200_0000, PacketHeader.DIRECTION_SENT))
                .isEqualTo("gre 10.0.0.1 key 33554432 sent");
        assertThat(MirrorLabels.name(PacketHeader.MIRROR_ERSPAN_3, 0, SOURCE, 5, PacketHeader.DIRECTION_DELIVERED))
                .isEqualTo("erspan_3 10.0.0.1 session 5 delivered");
        assertThat(MirrorLabels.name(PacketHeader.MIRROR_ERSPAN_1, 1L << 48, SOURCE, 0, 0))
                .isEqualTo("erspan_1 1::a00:1 session 0");
        assertThat(MirrorLabels.name(PacketHeader.MIRROR_ERSPAN_2, 0, SOURCE, -1, 0))
                .isEqualTo("erspan_2 10.0.0.1 session 4294967295");
    }

    /** A first-version batch tells the session and no kind. */
    @Test
    void whatIsNotKnownSaysSo() {
        assertThat(MirrorLabels.name(PacketHeader.MIRROR_NONE, 0, SOURCE, 7, 0)).isEqualTo("mirror 10.0.0.1 session 7");
        assertThat(MirrorLabels.direction(PacketHeader.DIRECTION_UNKNOWN)).isEqualTo("unknown");
    }
}
