package io.parallax.local.live;

import io.parallax.local.cluster.TopicReader;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.Topics;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What came of it on the topics, each header and each ledger row once, as the job reads them. */
final class Arrived {

    private final Map<String, CaptureLedger> rows = new LinkedHashMap<>();
    private final long headers;
    private final boolean hasGaps;

    private Arrived(TopicReader reader) {
        reader.<CaptureLedger>read(Topics.CAPTURE_LEDGER, CaptureLedger.getClassSchema())
                .forEach(row -> rows.put(Topics.ledgerKey(row), row));
        Map<String, TreeMap<Long, Integer>> streams = new HashMap<>();
        for (HeaderBatch batch : reader.<HeaderBatch>read(Topics.PACKET_HEADERS, HeaderBatch.getClassSchema())) {
            String epoch = batch.getInterfaceName() + "@" + batch.getBootEpoch();
            streams.computeIfAbsent(epoch, e -> new TreeMap<>())
                    .merge(batch.getFirstSequence(), batch.getHeaderCount(), Math::max);
        }
        long sum = 0;
        boolean gaps = false;
        for (TreeMap<Long, Integer> batches : streams.values()) {
            long next = 0;
            for (Map.Entry<Long, Integer> batch : batches.entrySet()) {
                gaps |= batch.getKey() > next;
                next = Math.max(next, batch.getKey() + batch.getValue());
            }
            sum += next;
        }
        headers = sum;
        hasGaps = gaps;
    }

    static Arrived at(String bootstrapServers) {
        return new Arrived(new TopicReader(bootstrapServers));
    }

    Collection<CaptureLedger> rows() {
        return rows.values();
    }

    /** Headers, repeats counted once. */
    long headers() {
        return headers;
    }

    /** True if a sequence number of some stream never came though a later one did. */
    boolean hasGaps() {
        return hasGaps;
    }

    long sum(ToLongFunction<CaptureLedger> column) {
        return rows.values().stream().mapToLong(column).sum();
    }

    long frames() {
        return sum(CaptureLedger::getFrames);
    }

    long published() {
        return sum(CaptureLedger::getPublished);
    }

    long kernelDropped() {
        return sum(row -> orZero(row.getKernelDropped()));
    }

    long filtered() {
        return sum(row -> orZero(row.getFiltered()));
    }

    long shed() {
        return sum(row -> orZero(row.getShed()));
    }

    long lost() {
        return sum(row -> orZero(row.getLost()));
    }

    long interfaceFrames() {
        return sum(row -> orZero(row.getInterfaceFrames()));
    }

    /** Frames that passed the interface and that no column has. */
    long residual() {
        return interfaceFrames() - kernelDropped() - filtered() - frames() - lost();
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }

    @Override
    public String toString() {
        return "interface " + interfaceFrames() + " = dropped " + kernelDropped() + " + filtered " + filtered()
                + " + read "
                + frames() + " + lost " + lost() + ", residual " + residual() + "; published " + published() + ", shed "
                + shed() + ", arrived " + headers;
    }
}
