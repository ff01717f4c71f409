package io.parallax.local.scenario;

import io.parallax.flow.BlockSplitter;
import io.parallax.flow.EventTime;
import io.parallax.flow.FlowTable;
import io.parallax.flow.LowWatermarks;
import io.parallax.flow.MeterSettings;
import io.parallax.label.RealmRule;
import io.parallax.model.Facts;
import io.parallax.model.FlowFact;
import io.parallax.model.HeaderBlock;
import io.parallax.signal.FlowFacts;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchReader;
import io.parallax.wire.SentAt;
import io.parallax.wire.WireFormatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One way in which the batches of several streams can reach the job: each stream in its own order, between streams any.
 *
 * <p>Splitter, tables, watermark and timers stand to each other as in split-blocks and meter-flows, in one thread and
 * without Flink. What a seed decides: which stream goes on and for how long, when blocks and watermarks pass, and when the
 * tables are written and read back. Nothing is ever late, but for a stream that {@link #late} names.
 */
public final class Interleaving {

    private static final String REALM = "default";
    private static final int BUCKETS = 16;
    private static final int PACKETS_PER_BLOCK = 512;

    /** Batches that a stream is ahead of its turn at most: runs of one stream, as partitions are read in reality. */
    private static final int LONGEST_RUN = 24;

    /** A late stream takes one in so many of its turns, so that the watermark does leave it behind. */
    private static final int TURNS_OF_A_LATE_STREAM = 10;

    private final MeterSettings settings;
    private final Random random;
    private final FlowFacts facts;
    private double snapshotsPerBatch;
    private double passesPerBatch;
    private Consumer<Facts<FlowFact>> told = none -> {};
    private @Nullable String lateStream;

    private final BlockSplitter splitter = new BlockSplitter(BUCKETS, PACKETS_PER_BLOCK);
    private final HeaderBatchReader reader = new HeaderBatchReader();
    private final LowWatermarks watermarks = new LowWatermarks(Long.MAX_VALUE, Long.MAX_VALUE, false);
    private final FlowTable[] tables = new FlowTable[BUCKETS];
    private final MeteredRows rows;
    private final Map<String, Long> asserted = new HashMap<>();
    private long watermarkMillis = Long.MIN_VALUE;
    private long formerWatermarkMillis = Long.MIN_VALUE;
    private long heardUntilNanos = Long.MIN_VALUE;

    public Interleaving(MeterSettings settings, long seed) {
        this.settings = settings;
        this.random = new Random(seed);
        this.passesPerBatch = 0.02 + 0.5 * random.nextDouble();
        this.facts = new FlowFacts(settings.windowNanos());
        this.rows = new MeteredRows((int) TimeUnit.NANOSECONDS.toSeconds(settings.windowNanos()));
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            tables[bucket] = new FlowTable(settings);
        }
    }

    /** Has the tables written and read back at random moments: a savepoint and a start from it. */
    public Interleaving restoring(double timesPerBatch) {
        snapshotsPerBatch = timesPerBatch;
        return this;
    }

    /** Has watermarks pass so often: seldom, and event time comes on in leaps. */
    public Interleaving passing(double timesPerBatch) {
        passesPerBatch = timesPerBatch;
        return this;
    }

    /** Does not wait for this stream, but hears it within the lateness all the same. */
    public Interleaving late(String streamId) {
        lateStream = streamId;
        return this;
    }

    /** Has facts told as meter-flows tells them: before each watermark, those that it has passed. */
    public Interleaving tellingTo(Consumer<Facts<FlowFact>> consumer) {
        told = consumer;
        return this;
    }

    /** Feeds {@code streams} to their end; call once. */
    public MeteredRows run(List<EncodedStream> streams) throws WireFormatException, IOException {
        int[] next = new int[streams.size()];
        for (EncodedStream stream : streams) {
            feed(stream, next, streams.indexOf(stream));
        }
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            open.add(i);
        }
        while (!open.isEmpty()) {
            int chosen = open.get(random.nextInt(open.size()));
            EncodedStream stream = streams.get(chosen);
            if (stream.streamId().equals(lateStream) && open.size() > 1 && random.nextInt(TURNS_OF_A_LATE_STREAM) > 0) {
                continue;
            }
            for (int run = 1 + random.nextInt(LONGEST_RUN);
                    run > 0 && next[chosen] < stream.batches().size();
                    run--) {
                feed(stream, next, chosen);
                if (random.nextDouble() < passesPerBatch) {
                    pass(watermarkNow());
                }
                if (random.nextDouble() < snapshotsPerBatch) {
                    restore();
                }
            }
            open.removeIf(i -> next[i] == streams.get(i).batches().size());
        }
        end();
        return rows;
    }

    private void feed(EncodedStream stream, int[] next, int chosen) throws WireFormatException {
        HeaderBatch batch = reader.open(stream.batches().get(next[chosen]++));
        splitter.add(reader, stream.name(), RealmRule.only(REALM), 0);
        splitter.flushFull(this::fold);
        asserted.put(stream.streamId(), batch.getLowWatermarkNanoseconds());
        if (!stream.streamId().equals(lateStream)) {
            watermarks.hear(
                    stream.streamId(),
                    0,
                    SentAt.UNKNOWN,
                    batch.getLowWatermarkNanoseconds(),
                    batch.getLastTimeNanoseconds(),
                    batch.getEndOfStream(),
                    0);
        } else if (batch.getEndOfStream()) {
            lateStream = null;
        }
    }

    /** A moment that the streams allow: where they stand, or as far as the lateness lets them leave one behind. */
    private long watermarkNow() {
        long passed = watermarks.passedNanos(0);
        Long late = lateStream == null ? null : asserted.get(lateStream);
        long allowed = late == null ? passed : Math.min(passed, late + settings.latenessNanos());
        return EventTime.watermarkMillis(allowed);
    }

    private void fold(HeaderBlock block) {
        FlowTable table = tables[block.bucket()];
        table.passed(EventTime.passedNanos(watermarkMillis));
        table.fold(block);
        if (table.tooLatePackets() > 0) {
            throw new AssertionError("too late for " + settings + ", though no stream was left behind by more");
        }
    }

    private void pass(long toMillis) {
        splitter.flush(this::fold);
        if (toMillis <= watermarkMillis) {
            return;
        }
        if (toMillis != Long.MAX_VALUE) {
            heardUntilNanos = EventTime.passedNanos(toMillis);
        }
        formerWatermarkMillis = watermarkMillis;
        watermarkMillis = toMillis;
        for (FlowTable table : tables) {
            table.tell(toldUntil(), Long.MIN_VALUE, facts::add);
            fireTimers(table);
        }
        facts.flush(told);
    }

    /** What is told now is late where it was before this, ns: the watermark ahead of the current one has passed it. */
    public long passedBeforeNanos() {
        return EventTime.passedNanos(formerWatermarkMillis);
    }

    private long toldUntil() {
        return Math.min(EventTime.passedNanos(watermarkMillis), heardUntilNanos);
    }

    /** As meter-flows does it: one timer per table, for when it is due, set anew each time it fires. */
    private void fireTimers(FlowTable table) {
        while (!table.isEmpty() && EventTime.watermarkMillis(table.due()) <= watermarkMillis) {
            long timer = EventTime.watermarkMillis(table.due());
            if (EventTime.passedNanos(timer) == Long.MAX_VALUE) {
                throw new AssertionError("flows are left that are never due");
            }
            long time = EventTime.passedNanos(timer);
            table.advance(time, heardUntilNanos, row -> {
                rows.add(row);
                facts.add(row);
            });
            table.tell(toldUntil(), time, facts::add);
        }
    }

    private void end() {
        long latest =
                asserted.values().stream().mapToLong(Long::longValue).max().orElse(0);
        pass(EventTime.watermarkMillis(latest));
        pass(Long.MAX_VALUE);
        for (FlowTable table : tables) {
            if (!table.isEmpty()) {
                throw new AssertionError(table.size() + " flows are left at the end");
            }
        }
    }

    private void restore() throws IOException {
        splitter.flush(this::fold);
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            tables[bucket].writeTo(new DataOutputStream(written));
            tables[bucket] = FlowTable.readFrom(new DataInputStream(new ByteArrayInputStream(written.toByteArray())));
        }
    }
}
