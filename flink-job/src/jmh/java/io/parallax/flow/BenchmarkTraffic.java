package io.parallax.flow;

import io.parallax.model.StreamName;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.WireFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Seeded TCP traffic of one sensor: each packet is of a flow drawn at random, in either direction. */
public final class BenchmarkTraffic {

    static final StreamName STREAM = new StreamName("capvm1", "eth0");
    static final String REALM = "default";
    static final int BATCH = 8_000;

    /** How packets fall on flows. */
    public enum Spread {
        /** The flow of rank r is drawn as often as 1/r says: few large flows, many small ones, as in networks. */
        ZIPF,
        /** All flows alike: the worst case for what profits from packets of one flow. */
        EVEN
    }

    private static final long SEED = 1;
    private static final int SERVERS = 1_000;

    private BenchmarkTraffic() {}

    /** Batches with {@code packets} packets of {@code flows} flows, all within one second from {@code startNanos} on. */
    static List<HeaderBatch> batches(Spread spread, int flows, int packets, long startNanos) {
        SplittableRandom random = new SplittableRandom(SEED);
        HeaderBatchWriter writer = new HeaderBatchWriter(
                STREAM.sensorId(), STREAM.interfaceName(), 0, 1, 0, 1.0, HeaderBatchWriter.SAMPLING_NONE);
        List<HeaderBatch> batches = new ArrayList<>();
        PacketHeader header = new PacketHeader();
        for (int i = 0; i < packets; i++) {
            int flow = spread == Spread.EVEN ? random.nextInt(flows) : (int) Math.pow(flows, random.nextDouble()) - 1;
            fill(header, flow, random.nextBoolean());
            header.timeNanos = startNanos + TimeUnit.SECONDS.toNanos(1) / packets * i;
            header.octetsIp = 40 + random.nextInt(1_460);
            writer.add(header);
            if (writer.count() == BATCH || i == packets - 1) {
                batches.add(decoded(writer.finish(startNanos, false)));
            }
        }
        return batches;
    }

    private static void fill(PacketHeader header, int flow, boolean isReverse) {
        header.clear();
        header.family = PacketHeader.FAMILY_IPV4;
        header.etherType = 0x0800;
        header.protocol = 6;
        header.ttl = 64;
        header.vlanCount = 1;
        header.vlanStack = 10;
        header.octetsHeader = 40;
        header.tcpControlBits = 0x10;
        long client = 0x0A00_0000L + flow / SERVERS;
        long server = 0x0AFF_0000L + flow % SERVERS;
        int clientPort = 32_768 + flow % 28_000;
        header.sourceLow = isReverse ? server : client;
        header.destinationLow = isReverse ? client : server;
        header.sourcePort = isReverse ? 443 : clientPort;
        header.destinationPort = isReverse ? clientPort : 443;
        header.sourceMac = 0x0200_0000_0000L + header.sourceLow;
        header.destinationMac = 0x0200_0000_0000L + header.destinationLow;
    }

    private static HeaderBatch decoded(byte[] value) {
        try {
            return SingleObjectCodec.<HeaderBatch>of(HeaderBatch.getClassSchema())
                    .decode(value);
        } catch (WireFormatException e) {
            throw new IllegalStateException(e);
        }
    }
}
