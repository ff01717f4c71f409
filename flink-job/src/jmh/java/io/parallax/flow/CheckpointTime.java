package io.parallax.flow;

import io.parallax.flow.BenchmarkTraffic.Spread;
import io.parallax.state.FlowTableSerializer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;

/**
 * What a checkpoint of many flows costs, in milliseconds: the limit is 2 s for 1,000,000 flows without stopping the
 * stream. Guards the decision for whole tables as state values. The stream waits for one copy at a time, of the table that a
 * block is about to touch while it is being written; the writing is done in the background.
 *
 * <p>Not a JMH benchmark, since one operation takes a second: rounds of it are run one after the other, and the median and
 * the longest of the second half are printed. Arguments: flows (1000000), rounds (10), observation points (1). Needs
 * {@code -Xmx6g} for 1,000,000 flows. Where it writes to takes everything at once: a storage's own speed comes on top.
 */
public final class CheckpointTime {

    private static final int FLOWS = 1_000_000;
    private static final int ROUNDS = 10;
    /** As Flink's file system streams have it by default: execution.checkpointing.write-buffer-size. */
    private static final int BUFFER_OCTETS = 4_096;

    private final BenchmarkTables tables;
    private FlowTable copied = new FlowTable(BenchmarkTables.SETTINGS);
    private double longestCopyMillis;

    private CheckpointTime(int flows, int copies) {
        tables = BenchmarkTables.filledWith(new BenchmarkTraffic(Spread.EVEN, flows, BenchmarkTraffic.TCP, copies));
    }

    public static void main(String[] arguments) throws IOException {
        int flows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : FLOWS;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ROUNDS;
        int copies = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        new CheckpointTime(flows, copies).run(rounds);
    }

    private void run(int rounds) throws IOException {
        double[] longest = new double[rounds];
        double[] all = new double[rounds];
        double[] written = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            all[round] = copyMillis();
            longest[round] = longestCopyMillis;
            written[round] = writeMillis();
        }
        System.out.printf(
                "%,d flows in %d tables, %.0f octets a flow%n%n",
                tables.flows(), BenchmarkTables.BUCKETS, StateSize.octetsInCheckpoint(tables));
        System.out.printf(
                "| ms, the last %d of %d rounds | median | longest |%n|---|---:|---:|%n", rounds - rounds / 2, rounds);
        print("copying one table: the longest pause of the stream", longest);
        print("copying all of them: if every one is touched while it waits to be written", all);
        print("writing all of them: in the background, one thread", written);
    }

    /** One round over all tables, as if each were touched; also notes which took longest. */
    private double copyMillis() {
        longestCopyMillis = 0;
        double sum = 0;
        for (FlowTable table : tables.all()) {
            long begun = System.nanoTime();
            copied = FlowTableSerializer.INSTANCE.copy(table);
            double millis = millisSince(begun);
            longestCopyMillis = Math.max(longestCopyMillis, millis);
            sum += millis;
        }
        if (copied.isEmpty()) {
            throw new IllegalStateException("nothing was copied");
        }
        return sum;
    }

    private double writeMillis() throws IOException {
        long begun = System.nanoTime();
        try (DataOutputViewStreamWrapper out = new DataOutputViewStreamWrapper(
                new BufferedOutputStream(OutputStream.nullOutputStream(), BUFFER_OCTETS))) {
            for (FlowTable table : tables.all()) {
                FlowTableSerializer.INSTANCE.serialize(table, out);
            }
        }
        return millisSince(begun);
    }

    private static double millisSince(long begunNanos) {
        return (System.nanoTime() - begunNanos) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    private static void print(String what, double[] millis) {
        double[] warm = Arrays.copyOfRange(millis, millis.length / 2, millis.length);
        Arrays.sort(warm);
        System.out.printf("| %s | %.1f | %.1f |%n", what, warm[warm.length / 2], warm[warm.length - 1]);
    }
}
