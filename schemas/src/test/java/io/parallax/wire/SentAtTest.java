package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SentAtTest {

    @Test
    void theTimeIsEightOctetsTheHighestFirst() {
        assertThat(SentAt.octets(0x0102_0304_0506_0708L)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(SentAt.nanos(new byte[] {1, 2, 3, 4, 5, 6, 7, 8})).isEqualTo(0x0102_0304_0506_0708L);
    }

    @Test
    void whatIsNoTimeIsNotKnown() {
        assertThat(SentAt.nanos(null)).isEqualTo(SentAt.UNKNOWN);
        assertThat(SentAt.nanos(new byte[7])).isEqualTo(SentAt.UNKNOWN);
        assertThat(SentAt.nanos(new byte[9])).isEqualTo(SentAt.UNKNOWN);
        assertThat(SentAt.nanos(SentAt.octets(-1))).isEqualTo(SentAt.UNKNOWN);
    }
}
