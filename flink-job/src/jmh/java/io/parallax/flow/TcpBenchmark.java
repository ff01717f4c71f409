package io.parallax.flow;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What TCP analysis costs a packet of clean bulk traffic: two data segments, then their acknowledgment, of flows drawn at
 * random. Guards the decision to analyse every packet at every observation point in place of the canonical one alone:
 * {@link #observe} against {@link #touch}, which counts the packet in a record that is found the same way.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@OperationsPerInvocation(TcpBenchmark.PACKETS)
public class TcpBenchmark {

    static final int PACKETS = 300_000;
    private static final int PACKETS_PER_DRAW = 3;
    private static final int OCTETS = 1_448;
    private static final int WINDOW = 1_000;

    /** Two tracks each. */
    @Param({"10000"})
    public int flows;

    private TcpTracks tracks = new TcpTracks();
    private TcpCounts counts = new TcpCounts();
    private int[] drawn = new int[0];
    private int[] next = new int[0];
    private long timeNanos;

    @Setup
    public void open() {
        tracks = new TcpTracks();
        counts = new TcpCounts();
        next = new int[flows];
        for (int flow = 0; flow < flows; flow++) {
            int client = tracks.add();
            tracks.pair(client, tracks.add());
            counts.add(0);
            counts.add(0);
        }
        SplittableRandom random = new SplittableRandom(1);
        drawn = random.ints(PACKETS / PACKETS_PER_DRAW, 0, flows).toArray();
    }

    @Benchmark
    public long observe() {
        for (int flow : drawn) {
            int client = 2 * flow;
            send(client, next[flow]);
            send(client, next[flow] + OCTETS);
            next[flow] += 2 * OCTETS;
            timeNanos += 1_000;
            tracks.observe(client + 1, counts, client + 1, timeNanos, 1, next[flow], WINDOW, 0, ControlBits.ACK);
        }
        return counts.uniqueOctets(0);
    }

    private void send(int client, int sequence) {
        timeNanos += 1_000;
        tracks.observe(client, counts, client, timeNanos, sequence, 1, WINDOW, OCTETS, ControlBits.ACK);
    }

    @Benchmark
    public long touch() {
        for (int flow : drawn) {
            int client = 2 * flow;
            counts.addUnique(client, OCTETS);
            counts.addUnique(client, OCTETS);
            next[flow] += 2 * OCTETS;
            timeNanos += 3_000;
            counts.addUnique(client + 1, next[flow] & 1);
        }
        return counts.uniqueOctets(0);
    }
}
