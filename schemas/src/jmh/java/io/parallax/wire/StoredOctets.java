package io.parallax.wire;

/** Prints stored octets per packet, ours and one record per packet, for docs/benchmarks/wire.md. */
public final class StoredOctets {

    private static final int[] BATCH_SIZES = {1_000, 8_000, 32_000};

    private StoredOctets() {}

    public static void main(String[] arguments) {
        System.out.println("| packets per batch | batch, as is | batch, zstd-1 | record per packet, zstd-1 | ratio |");
        System.out.println("|---|---|---|---|---|");
        for (int packets : BATCH_SIZES) {
            WireBenchmark benchmark = new WireBenchmark();
            benchmark.packets = packets;
            benchmark.generate();
            double plain = perPacket(benchmark.encodeBatch().length, packets);
            double ours = perPacket(benchmark.storedBatchOctets(), packets);
            double theirs = perPacket(benchmark.storedRecordOctets(), packets);
            System.out.printf("| %,d | %.1f | %.1f | %.1f | %.1f |%n", packets, plain, ours, theirs, theirs / ours);
        }
    }

    private static double perPacket(int octets, int packets) {
        return (double) octets / packets;
    }
}
