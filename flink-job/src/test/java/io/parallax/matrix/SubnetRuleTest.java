package io.parallax.matrix;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class SubnetRuleTest {

    @Test
    void prefixLengthsBeyondTheAddressAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SubnetRule(33, 64))
                .withMessageContaining("IPv4 prefix length is 33; allowed are 0 to 32");
        assertThatIllegalArgumentException().isThrownBy(() -> new SubnetRule(24, 129));
        assertThatIllegalArgumentException().isThrownBy(() -> new SubnetRule(-1, 64));
    }
}
