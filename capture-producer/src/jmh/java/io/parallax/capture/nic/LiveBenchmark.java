package io.parallax.capture.nic;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many frames a second each way of reading an interface takes without a drop, and what a frame costs it.
 *
 * <p>A veth pair, one sender in this process ({@link FrameSender}), one reader at a time, all with the same kernel buffer and
 * snap length: {@link Nic} buffered and immediate, tcpdump writing to /dev/null, and pcap4j's packet objects. Each rate is
 * held for some seconds, so that the buffer can't hide a reader that is too slow.
 *
 * <p>Arguments: seconds a measurement, runs, and the rates in frames a second (0: as fast as the sender goes).
 */
public final class LiveBenchmark {

    private static final int FRAME_OCTETS = 100;
    /** For a rate that nobody knows beforehand. */
    private static final long FLAT_OUT_PER_SECOND = 1_000_000;

    /** One reader at one rate. */
    record Result(String reader, long asked, long sent, double seconds, long read, long dropped, long cpuNanos) {

        double ratePerSecond() {
            return sent / seconds;
        }

        double cpuNanosPerFrame() {
            return read == 0 ? 0 : (double) cpuNanos / read;
        }

        long unaccounted() {
            return sent - read - dropped;
        }
    }

    private LiveBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int seconds = Integer.parseInt(arguments[0]);
        int runs = Integer.parseInt(arguments[1]);
        List<Long> rates = new ArrayList<>();
        for (int i = 2; i < arguments.length; i++) {
            rates.add(Long.parseLong(arguments[i]));
        }
        // The first round warms the compiler up and is not counted.
        run(rates, 1, new PrintStream(PrintStream.nullOutputStream(), false, "UTF-8"));
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            results.addAll(run(rates, seconds, System.out));
        }
        summarize(results, System.out);
    }

    static List<Result> run(List<Long> rates, double seconds, PrintStream out) throws IOException {
        List<Result> results = new ArrayList<>();
        for (long rate : rates) {
            for (LiveReader.Kind kind : LiveReader.Kind.values()) {
                Result result = measure(kind, rate, seconds);
                results.add(result);
                out.printf(
                        Locale.ROOT,
                        "%-22s asked %8d/s sent %8d at %8.0f/s read %8d dropped %8d unaccounted %d CPU %6.0f ns/frame%n",
                        result.reader(),
                        result.asked(),
                        result.sent(),
                        result.ratePerSecond(),
                        result.read(),
                        result.dropped(),
                        result.unaccounted(),
                        result.cpuNanosPerFrame());
            }
        }
        return results;
    }

    private static Result measure(LiveReader.Kind kind, long rate, double seconds) throws IOException {
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender();
                LiveReader reader = LiveReader.start(kind, pair.name())) {
            long frames = (long) ((rate == 0 ? FLAT_OUT_PER_SECOND : rate) * seconds);
            long start = System.nanoTime();
            sender.send(List.of(Frames.udp(53, 1, FRAME_OCTETS)), frames, rate);
            double took = (System.nanoTime() - start) / 1e9;
            // The wire has no loss of its own unless the receiving core's backlog overflows: count what came out.
            long arrived = pair.arrived();
            LiveReader.Count count = reader.finish(arrived);
            return new Result(kind.title(), rate, arrived, took, count.read(), count.dropped(), count.cpuNanos());
        }
    }

    private static void summarize(List<Result> results, PrintStream out) {
        Map<String, List<Result>> groups = new TreeMap<>();
        for (Result result : results) {
            groups.computeIfAbsent("%8d/s %s".formatted(result.asked(), result.reader()), key -> new ArrayList<>())
                    .add(result);
        }
        out.println("medians");
        groups.forEach((key, group) -> out.printf(
                Locale.ROOT,
                "%-32s offered %8.0f/s dropped %5.2f %% (worst %5.2f %%) CPU %6.0f ns/frame%n",
                key,
                median(group.stream().mapToDouble(Result::ratePerSecond).toArray()),
                100 * median(group.stream().mapToDouble(LiveBenchmark::share).toArray()),
                100 * group.stream().mapToDouble(LiveBenchmark::share).max().orElse(0),
                median(group.stream().mapToDouble(Result::cpuNanosPerFrame).toArray())));
    }

    private static double share(Result result) {
        return (double) result.dropped() / result.sent();
    }

    private static double median(double[] values) {
        java.util.Arrays.sort(values);
        return values[values.length / 2];
    }
}
