package io.parallax.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parallax.model.MatrixDelta;
import io.parallax.wire.Addresses;
import io.parallax.wire.PacketHeader;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SubnetRuleTest {

    @Test
    void anIpv4AddressBelongsToItsSlash24() {
        MatrixDelta delta = delta(PacketHeader.FAMILY_IPV4, 0, 0x0A01_02FEL);
        SubnetRule.COMMON.widen(delta);
        assertThat(delta.sourceLow).isEqualTo(0x0A01_0200L);
        assertThat(delta.destinationLow).isEqualTo(0x0A01_0200L);
    }

    @Test
    void anIpv6AddressBelongsToItsSlash64() {
        MatrixDelta delta = delta(PacketHeader.FAMILY_IPV6, 0x2001_0DB8_0000_0001L, 0xFFFFL);
        SubnetRule.COMMON.widen(delta);
        assertThat(delta.sourceHigh).isEqualTo(0x2001_0DB8_0000_0001L);
        assertThat(delta.sourceLow).isZero();
    }

    @Property
    void networksAreThoseThatTheAddressTextNames(
            @ForAll @IntRange(max = 32) int lengthIpv4,
            @ForAll @IntRange(max = 128) int lengthIpv6,
            @ForAll boolean isWide,
            @ForAll long high,
            @ForAll long low) {
        SubnetRule rule = new SubnetRule(lengthIpv4, lengthIpv6);
        int family = isWide ? PacketHeader.FAMILY_IPV6 : PacketHeader.FAMILY_IPV4;
        MatrixDelta delta = delta(family, isWide ? high : 0, isWide ? low : low & 0xFFFF_FFFFL);
        String expected = Addresses.subnet(family, delta.sourceHigh, delta.sourceLow, rule.prefixLength(family));
        rule.widen(delta);
        assertThat(Addresses.ip(family, delta.sourceHigh, delta.sourceLow) + "/" + rule.prefixLength(family))
                .isEqualTo(expected);
    }

    @Test
    void prefixLengthsBeyondTheAddressAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SubnetRule(33, 64))
                .withMessageContaining("IPv4 prefix length is 33; allowed are 0 to 32");
        assertThatIllegalArgumentException().isThrownBy(() -> new SubnetRule(24, 129));
        assertThatIllegalArgumentException().isThrownBy(() -> new SubnetRule(-1, 64));
    }

    private static MatrixDelta delta(int family, long high, long low) {
        MatrixDelta delta = new MatrixDelta();
        delta.family = family;
        delta.sourceHigh = high;
        delta.sourceLow = low;
        delta.destinationHigh = high;
        delta.destinationLow = low;
        return delta;
    }
}
