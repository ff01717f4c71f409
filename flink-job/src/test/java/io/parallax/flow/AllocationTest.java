package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.parallax.flow.BenchmarkTraffic.Spread;
import io.parallax.label.RealmRule;
import io.parallax.model.HeaderBlock;
import io.parallax.model.StreamName;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.WireFormatException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The job runs these for every packet: garbage here is what limits its rate. */
final class AllocationTest {

    private static final int BUCKETS = 4;
    private static final long OCTETS_PER_BATCH = 512;
    private static final int FLOWS = 500;
    private static final int PACKETS = 3 * BenchmarkTraffic.BATCH;
    private static final int WARM_UP = 3;
    private static final int WINDOW_SECONDS = 10;

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final BenchmarkTraffic traffic = new BenchmarkTraffic(Spread.EVEN, FLOWS, BenchmarkTraffic.TCP, 2);
    private final HeaderBatchReader reader = new HeaderBatchReader();
    private final BlockSplitter splitter = new BlockSplitter(BUCKETS, 1);
    private final FlowTable table = new FlowTable(new MeterSettings(Traffic.nanos(WINDOW_SECONDS), 0));
    private long packets;

    @Test
    void splittingABatchAllocatesNothingPerPacket() throws WireFormatException {
        List<HeaderBatch> batches = new ArrayList<>();
        traffic.continueFor(PACKETS, 0, batches::add);
        StreamName stream = BenchmarkTraffic.stream(batches.get(0));
        Consumer<HeaderBlock> count = block -> packets += block.packetCount();
        long allocated = 0;
        for (int round = 0; round <= WARM_UP; round++) {
            allocated = 0;
            for (int i = 0; i < batches.size(); i++) {
                reader.open(batches.get(i));
                long before = thread.getCurrentThreadAllocatedBytes();
                splitter.add(reader, stream, RealmRule.only(BenchmarkTraffic.REALM), 0);
                splitter.flush(count);
                allocated += thread.getCurrentThreadAllocatedBytes() - before;
            }
        }
        assertThat(allocated)
                .as("nothing per packet; the account of a batch's window is a record")
                .isLessThanOrEqualTo(batches.size() * OCTETS_PER_BATCH);
        assertThat(packets).isEqualTo((WARM_UP + 1L) * 2 * PACKETS);
    }

    /** Seen twice, in windows that begin: records of closed ones are taken again, so no array grows. */
    @Test
    void countingThePacketsOfKnownFlowsAllocatesNothing() {
        BenchmarkBlocks blocks = BenchmarkBlocks.ofOneBucket(traffic);
        blocks.opening().forEach(table::fold);
        long[] allocated = {0};
        for (int window = 1; window <= WARM_UP; window++) {
            long start = Traffic.nanos(window * WINDOW_SECONDS);
            table.advance(start, start, row -> {});
            allocated[0] = 0;
            blocks.second(PACKETS, start).forEach(block -> {
                long before = thread.getCurrentThreadAllocatedBytes();
                table.fold(block);
                allocated[0] += thread.getCurrentThreadAllocatedBytes() - before;
            });
        }
        assertThat(allocated[0]).isZero();
        assertThat(table.size()).isEqualTo(FLOWS);
    }
}
