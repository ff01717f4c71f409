package io.parallax.flow;

import io.parallax.flow.BenchmarkTraffic.Spread;
import io.parallax.model.FlowFact;
import io.parallax.signal.BenignNetwork;
import io.parallax.signal.Detectors;
import io.parallax.signal.FlowFactCodec;
import io.parallax.signal.Steps;
import io.parallax.signal.Tuning;
import io.parallax.signal.Watch;
import io.parallax.signal.WatchRules;
import io.parallax.wire.HeaderBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What detectors cost beside the meter, and what they keep of a host: CPU time per packet of both in one run, as a ratio, and
 * octets of a checkpoint per subject. The meter's time is that of folding alone, as in {@link MeterBenchmark}; that of
 * detectors holds the queue in which facts wait, not the network between the steps. The first hour is not measured.
 *
 * <pre>SignalCost NETWORKS HOURS      (networks of 1,000 hosts)</pre>
 */
public final class SignalCost {

    private static final int HOSTS = 1_000;
    private static final int FLOWS = 100_000;
    private static final int ROUNDS = 9;

    /** Detectors cost by the flow, the meter by the packet: what share they have depends on how long flows are. */
    private static final int[] PACKETS_PER_FLOW = {10, 30, 100};

    private long facts;
    private long flows;
    private long nanos;
    private long octets;
    private long subjects;

    private SignalCost() {}

    public static void main(String[] arguments) throws Exception {
        double meter = meterNanos();
        int networks = Integer.parseInt(arguments[0]);
        int hours = Integer.parseInt(arguments[1]);
        SignalCost cost = new SignalCost();
        List<Watch<FlowFact>> watches = new ArrayList<>();
        for (int network = 0; network < networks; network++) {
            watches.add(cost.watch(network, hours));
        }
        for (Watch<FlowFact> watch : watches) {
            cost.subjects += watch.subjects();
            cost.octets += octets(watch);
        }
        System.out.printf(
                "%,d hosts, %d h: %,d facts of %,d flows, %.0f ns a fact, %.0f ns a flow%n",
                networks * HOSTS,
                hours,
                cost.facts,
                cost.flows,
                (double) cost.nanos / cost.facts,
                (double) cost.nanos / cost.flows);
        for (int packetsPerFlow : PACKETS_PER_FLOW) {
            double detectors = (double) cost.nanos / cost.flows / packetsPerFlow;
            System.out.printf(
                    "flows of %d packets: meter %.0f ns a packet, detectors %.1f: %.1f %%%n",
                    packetsPerFlow, meter, detectors, 100 * detectors / meter);
        }
        System.out.printf(
                "state: %,d subjects, %,d octets each, %,d octets a host of the network%n",
                cost.subjects, cost.octets / Math.max(1, cost.subjects), cost.octets / ((long) networks * HOSTS));
    }

    private Watch<FlowFact> watch(int network, int hours) throws IOException {
        BenignNetwork traffic = new BenignNetwork(HOSTS, 1, network, "network" + network);
        Watch<FlowFact> watch = new Watch<>();
        watch.configure(new WatchRules<>(
                FlowFactCodec.INSTANCE, Detectors.OF_FLOWS, Tuning.DEFAULT, 1 << 20, WatchRules.MOST_EPISODES));
        for (int i = 0; i < hours; i++) {
            List<FlowFact> hour = new ArrayList<>();
            traffic.hour(i, hour::add);
            if (i == 0) {
                tell(watch, hour, i); // compiles what is measured
                continue;
            }
            for (FlowFact fact : hour) {
                flows += fact.isOut() && fact.kind() == FlowFact.Kind.OPENED ? 1 : 0;
            }
            facts += hour.size();
            nanos += tell(watch, hour, i);
        }
        return watch;
    }

    /** In steps of a second, each read from its octets first, as facts reach the operator; ns of CPU. */
    private static long tell(Watch<FlowFact> watch, List<FlowFact> hour, int number) throws IOException {
        long spent = 0;
        int next = 0;
        for (int second = 1; second <= 3_600; second++) {
            long until = Steps.at((number * 3_600L + second) * 1_000) - 1;
            int first = next;
            while (next < hour.size() && hour.get(next).time() <= until) {
                next++;
            }
            List<FlowFact> arrived = sent(hour.subList(first, next));
            long begin = cpuNanos();
            arrived.forEach(watch::add);
            watch.advance(until, signal -> {});
            spent += cpuNanos() - begin;
        }
        return spent;
    }

    private static List<FlowFact> sent(List<FlowFact> facts) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        FlowFactCodec.INSTANCE.write(facts, new DataOutputStream(octets));
        return FlowFactCodec.INSTANCE.read(new DataInputStream(new ByteArrayInputStream(octets.toByteArray())));
    }

    /** Median of rounds of a second of traffic, ns a packet. */
    private static double meterNanos() {
        BenchmarkTraffic traffic = new BenchmarkTraffic(Spread.ZIPF, FLOWS);
        BenchmarkTables tables = BenchmarkTables.filledWith(traffic);
        double[] rounds = new double[ROUNDS];
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            long second = TimeUnit.SECONDS.toNanos(round + ROUNDS + 1L);
            List<HeaderBatch> batches = new ArrayList<>();
            tables.advance(second);
            traffic.continueFor(MeterBenchmark.PACKETS, second, batches::add);
            long before = tables.foldedPackets();
            long begin = cpuNanos();
            batches.forEach(tables::take);
            tables.flush();
            if (round >= 0) {
                rounds[round] = (double) (cpuNanos() - begin) / (tables.foldedPackets() - before);
            }
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private static long octets(Watch<FlowFact> watch) throws IOException {
        DataOutputStream counted = new DataOutputStream(OutputStream.nullOutputStream());
        watch.writeTo(counted);
        return counted.size();
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
