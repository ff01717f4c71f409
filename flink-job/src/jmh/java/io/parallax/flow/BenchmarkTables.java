package io.parallax.flow;

import io.parallax.label.RealmRule;
import io.parallax.model.FlowRow;
import io.parallax.model.HeaderBlock;
import io.parallax.state.HeaderBlockSerializer;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.WireFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * A flow table per bucket, filled as the job fills them but without Flink's network and operators: batches are split, each
 * block is serialized and deserialized and then folded.
 */
final class BenchmarkTables {

    static final int BUCKETS = 128;
    static final int PACKETS_PER_BLOCK = 1_024;
    static final MeterSettings SETTINGS = new MeterSettings(TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(60));

    private final FlowTable[] tables = new FlowTable[BUCKETS];
    private final BlockSplitter splitter = new BlockSplitter(BUCKETS, PACKETS_PER_BLOCK);
    private final HeaderBatchReader reader = new HeaderBatchReader();
    private final HeaderBlock received = new HeaderBlock();
    private final DataOutputSerializer out = new DataOutputSerializer(1 << 20);
    private final DataInputDeserializer in = new DataInputDeserializer();
    private final Consumer<HeaderBlock> shuffle = this::shuffle;
    private long foldedPackets;

    BenchmarkTables() {
        this(SETTINGS);
    }

    BenchmarkTables(MeterSettings settings) {
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            tables[bucket] = new FlowTable(settings);
        }
    }

    /** The flows of {@code traffic}, each with its first packets. */
    static BenchmarkTables filledWith(BenchmarkTraffic traffic) {
        BenchmarkTables filled = new BenchmarkTables();
        traffic.open(0, filled::take);
        filled.flush();
        return filled;
    }

    /** Takes a batch in. What is not yet worth a block waits for {@link #flush}. */
    void take(HeaderBatch batch) {
        try {
            reader.open(batch);
            splitter.add(reader, BenchmarkTraffic.stream(batch), RealmRule.only(BenchmarkTraffic.REALM), 0);
        } catch (WireFormatException e) {
            throw new IllegalStateException(e);
        }
        splitter.flushFull(shuffle);
    }

    void flush() {
        splitter.flush(shuffle);
    }

    private void shuffle(HeaderBlock block) {
        try {
            KeyGroupRangeAssignment.assignToKeyGroup(block.bucket(), BUCKETS);
            out.clear();
            HeaderBlockSerializer.INSTANCE.serialize(block, out);
            in.setBuffer(out.getSharedBuffer(), 0, out.length());
            HeaderBlockSerializer.INSTANCE.deserialize(received, in);
            tables[received.bucket()].fold(received);
            foldedPackets += received.packetCount();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes what has ended by then; nobody reads the rows. */
    void advance(long timeNanos) {
        for (FlowTable table : tables) {
            table.advance(timeNanos, timeNanos, row -> {});
        }
    }

    /** Lets time pass as the watermark does: each table does what is due, when it is due. */
    void passTo(long timeNanos, Consumer<FlowRow> out) {
        for (FlowTable table : tables) {
            while (table.due() <= timeNanos) {
                long due = table.due();
                table.advance(due, due, out);
            }
            table.passed(timeNanos);
        }
    }

    List<FlowTable> all() {
        return List.of(tables);
    }

    int flows() {
        int sum = 0;
        for (FlowTable table : tables) {
            sum += table.size();
        }
        return sum;
    }

    /** Headers, copies included. */
    long foldedPackets() {
        return foldedPackets;
    }
}
