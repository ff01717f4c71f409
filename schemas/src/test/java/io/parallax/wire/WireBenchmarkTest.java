package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the benchmark honest: both sides carry the same headers, and what docs/benchmarks/wire.md claims stays so. */
final class WireBenchmarkTest {

    @Test
    void bothSidesReadTheSameHeaders() throws Exception {
        WireBenchmark benchmark = benchmark(1_000);
        assertThat(benchmark.decodeBatchCompressed())
                .isEqualTo(benchmark.decodeRecordsCompressed())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 32_000})
    void aBatchIsStoredInHalfTheOctetsOfARecordPerPacket(int packets) {
        WireBenchmark benchmark = benchmark(packets);
        assertThat(benchmark.storedBatchOctets() * 2).isLessThan(benchmark.storedRecordOctets());
    }

    private static WireBenchmark benchmark(int packets) {
        WireBenchmark benchmark = new WireBenchmark();
        benchmark.packets = packets;
        benchmark.generate();
        return benchmark;
    }
}
