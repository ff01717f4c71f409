package io.parallax.flow;

import io.parallax.model.Disposition;
import io.parallax.model.FlowRow;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.WireFormatException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A flood of SYNs from spoofed addresses, one packet per flow: what the tables hold at most, and whether every packet is in a
 * row. Each second of event time the watermark follows. Not a JMH benchmark: one run tells.
 *
 * <p>Arguments: flows, seconds that they come in, flows that are kept in all tables; without any 100,000,000 in 600 and
 * 4,000,000 (which needs {@code -Xmx6g}).
 */
public final class SpoofedFlood {

    private static final long STEP = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_PER_BATCH = 8_000;
    private static final int SYN = 2;
    private static final double MEBI = 1 << 20;

    private final BenchmarkTables tables;
    private final PacketHeader header = new PacketHeader();
    private final SplittableRandom random = new SplittableRandom(1);
    private final HeaderBatchWriter stream =
            new HeaderBatchWriter("capvm1", "eth0", 0, 1, 0, 1.0, HeaderBatchWriter.SAMPLING_NONE);
    private final SingleObjectCodec<HeaderBatch> codec = SingleObjectCodec.of(HeaderBatch.getClassSchema());
    private long packets;
    private long uncounted;
    private long aggregates;
    private long rows;
    private int most;
    private double mostMebioctets;

    private SpoofedFlood(int mostFlows) {
        tables = new BenchmarkTables(BenchmarkTables.SETTINGS.withMostFlows(mostFlows / BenchmarkTables.BUCKETS));
        header.clear();
        header.family = PacketHeader.FAMILY_IPV4;
        header.etherType = 0x0800;
        header.sourceMac = 0x0200_0000_0001L;
        header.destinationMac = 0x0200_0000_0002L;
        header.ttl = 64;
        header.protocol = 6;
        header.destinationLow = 0x0A00_0105L;
        header.destinationPort = 80;
        header.octetsIp = 40;
        header.octetsHeader = 40;
        header.tcpControlBits = SYN;
    }

    public static void main(String[] arguments) throws Exception {
        long flows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 100_000_000;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 600;
        int mostFlows = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4_000_000;
        new SpoofedFlood(mostFlows).run(flows, seconds);
    }

    private void run(long flows, int seconds) throws Exception {
        ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
        long before = cpu.getCurrentThreadCpuTime();
        for (int second = 1; second <= seconds; second++) {
            send(flows * second / seconds - flows * (second - 1) / seconds, second * STEP);
            tables.passTo(second * STEP, this::count);
            if (tables.flows() > most) {
                most = tables.flows();
                mostMebioctets = StateSize.octetsInMemory(tables) * most / MEBI;
            }
        }
        tables.passTo((seconds + 200) * STEP, this::count);
        double cpuSeconds = (cpu.getCurrentThreadCpuTime() - before) / 1e9;
        System.out.printf(
                "%,d flows of one packet in %d s: %,d packets in %,d rows, %,d of them aggregates, %,d uncounted, %,d left%n"
                        + "at most %,d flows in the tables, %.0f MiB of arrays; %.0f s of CPU, %.0f ns a packet%n",
                flows,
                seconds,
                packets,
                rows,
                aggregates,
                uncounted,
                tables.flows(),
                most,
                mostMebioctets,
                cpuSeconds,
                cpuSeconds * 1e9 / flows);
        if (packets != flows || uncounted != 0) {
            throw new IllegalStateException("packets are missing or counted twice");
        }
    }

    /** Within the second that ends then. */
    private void send(long count, long end) throws WireFormatException {
        for (long i = 0; i < count; i++) {
            header.timeNanos = end - STEP + i * (STEP / count);
            header.sourceLow = random.nextInt() & 0xFFFF_FFFFL;
            header.sourcePort = random.nextInt(1 << 16);
            stream.add(header);
            if (stream.count() == MOST_PER_BATCH) {
                sendBatch();
            }
        }
        sendBatch();
        tables.flush();
        for (FlowTable table : tables.all()) {
            table.drainShares(share -> uncounted += share.packets());
        }
    }

    private void sendBatch() throws WireFormatException {
        tables.take(codec.decode(stream.finish(0, false)));
    }

    private void count(FlowRow row) {
        rows += row.previousRevision == 0 ? 1 : 0;
        aggregates += row.prefixLength != FlowRow.NO_AGGREGATE && row.previousRevision == 0 ? 1 : 0;
        packets += row.packets - row.previousPackets + row.reversePackets - row.previousReversePackets;
        uncounted += row.observations[Disposition.FOLDED.code()];
    }
}
