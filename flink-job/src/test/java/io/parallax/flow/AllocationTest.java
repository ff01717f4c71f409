package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.parallax.flow.BenchmarkTraffic.Spread;
import io.parallax.model.HeaderBlock;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.WireFormatException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The job runs these for every packet: garbage here is what limits its rate. */
final class AllocationTest {

    private static final int BUCKETS = 4;
    private static final int WARM_UP = 3;

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final List<HeaderBatch> batches = BenchmarkTraffic.batches(Spread.EVEN, 500, 3 * BenchmarkTraffic.BATCH, 0);
    private final HeaderBatchReader reader = new HeaderBatchReader();
    private final BlockSplitter splitter = new BlockSplitter(BUCKETS, 1);
    private final FlowTable table = new FlowTable(new MeterSettings(Traffic.nanos(10), 0));
    private long packets;

    @Test
    void splittingABatchAllocatesNothing() throws WireFormatException {
        Consumer<HeaderBlock> count = block -> packets += block.packetCount();
        long allocated = 0;
        for (int round = 0; round <= WARM_UP; round++) {
            allocated = 0;
            for (int i = 0; i < batches.size(); i++) {
                reader.open(batches.get(i));
                long before = thread.getCurrentThreadAllocatedBytes();
                splitter.add(reader, BenchmarkTraffic.STREAM, BenchmarkTraffic.REALM, 0);
                splitter.flush(count);
                allocated += thread.getCurrentThreadAllocatedBytes() - before;
            }
        }
        assertThat(allocated).isZero();
        assertThat(packets).isEqualTo((WARM_UP + 1L) * 3 * BenchmarkTraffic.BATCH);
    }

    @Test
    void countingThePacketsOfKnownFlowsAllocatesNothing() throws WireFormatException {
        reader.open(batches.get(0));
        splitter.add(reader, BenchmarkTraffic.STREAM, BenchmarkTraffic.REALM, 0);
        long[] allocated = {0};
        splitter.flush(block -> {
            for (int round = 0; round < WARM_UP; round++) {
                table.fold(block);
            }
            long before = thread.getCurrentThreadAllocatedBytes();
            table.fold(block);
            allocated[0] += thread.getCurrentThreadAllocatedBytes() - before;
        });
        assertThat(allocated[0]).isZero();
        assertThat(table.size()).isEqualTo(500);
    }
}
