package io.parallax.dependency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DistinctAddressesTest {

    private final DistinctAddresses addresses = new DistinctAddresses();

    @Test
    void fewAreCountedExactlyAndForgottenWhenTakenBack() {
        addresses.addAll(Map.of("10.0.0.1", 3L, "10.0.0.2", 1L));
        addresses.addAll(Map.of("10.0.0.1", 1L));
        assertThat(addresses.count()).isEqualTo(2);
        addresses.addAll(Map.of("10.0.0.2", -1L));
        assertThat(addresses.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 1_000, 10_000})
    void manyAreCountedWithinAFewPerCent(int many) {
        for (int i = 0; i < 2 * many; i++) {
            addresses.addAll(
                    Map.of("10.%d.%d.%d".formatted(i % many / 65_536, i % many / 256 % 256, i % many % 256), 1L));
        }
        assertThat(addresses.count()).isCloseTo(many, withinPercentage(many <= 64 ? 0.0 : 6));
    }
}
