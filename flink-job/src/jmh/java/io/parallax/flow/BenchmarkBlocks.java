package io.parallax.flow;

import io.parallax.flow.BenchmarkTraffic.Spread;
import io.parallax.label.RealmRule;
import io.parallax.model.HeaderBlock;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.WireFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Traffic as the meter receives it: in blocks, all of a second kept, so that splitting is not measured. */
public final class BenchmarkBlocks {

    private final BenchmarkTraffic traffic;
    private final BlockSplitter splitter;
    private final HeaderBatchReader reader = new HeaderBatchReader();
    private final List<HeaderBlock> blocks = new ArrayList<>();
    private final Consumer<HeaderBlock> keep = this::keep;

    /** Over the job's buckets, packets falling on flows as they do in networks. */
    public BenchmarkBlocks(int flows) {
        this(
                new BenchmarkTraffic(Spread.ZIPF, flows),
                new BlockSplitter(BenchmarkTables.BUCKETS, BenchmarkTables.PACKETS_PER_BLOCK));
    }

    private BenchmarkBlocks(BenchmarkTraffic traffic, BlockSplitter splitter) {
        this.traffic = traffic;
        this.splitter = splitter;
    }

    /** All in one bucket, a block per batch. */
    static BenchmarkBlocks ofOneBucket(BenchmarkTraffic traffic) {
        return new BenchmarkBlocks(traffic, new BlockSplitter(1, 1));
    }

    /** The first packets of all flows, within the second from 0 on. */
    public List<HeaderBlock> opening() {
        traffic.open(0, this::split);
        return drained();
    }

    /** A further second. */
    public List<HeaderBlock> second(int packets, long startNanos) {
        traffic.continueFor(packets, startNanos, this::split);
        return drained();
    }

    private void split(HeaderBatch batch) {
        try {
            reader.open(batch);
            splitter.add(reader, BenchmarkTraffic.stream(batch), RealmRule.only(BenchmarkTraffic.REALM), 0);
        } catch (WireFormatException e) {
            throw new IllegalStateException(e);
        }
        splitter.flushFull(keep);
    }

    private void keep(HeaderBlock block) {
        HeaderBlock copy = new HeaderBlock();
        copy.copyFrom(block);
        blocks.add(copy);
    }

    private List<HeaderBlock> drained() {
        splitter.flush(keep);
        List<HeaderBlock> drained = List.copyOf(blocks);
        blocks.clear();
        return drained;
    }
}
