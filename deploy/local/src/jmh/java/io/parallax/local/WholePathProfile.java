package io.parallax.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where each CPU-second of a JVM goes, by stage of the path: runs a command with flight recording and prints a table.
 *
 * <p>Two sources, each for what it knows. Linux tells what every thread has used, those of garbage collection and
 * compilation included, and the kernel's work for it: {@code /proc/PID/task} is looked at ten times a second. Flight
 * recording samples stacks: a thread's CPU time is shared out by its own samples, a sample belongs to the innermost frame
 * that {@link #STAGES} names. Threads that Java knows nothing of, and those without a sample, go by their name.
 *
 * <p>Limits: native code (zstd) is sampled more rarely than Java, so inside a thread its share comes out too small; what a
 * thread uses between the last look and its end is in the row of the ended ones. Needs Linux with 100 ticks a second, and a JDK of 17
 * or later. Arguments: rounds to let pass before counting begins, which are known by the command's lines that begin with a
 * number; then the command, whose first word is java.
 */
public final class WholePathProfile {

    private static final double TICKS_PER_SECOND = 100;
    private static final long LOOK_MILLIS = 100;
    private static final int NAME_FIELD_END = 2;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int START_TICKS = 19;
    private static final String SEND = "Kafka client: send";
    private static final Pattern ROUND = Pattern.compile("\\s*\\d+\\s.*");
    private static final String ENDED = "threads that ended between two looks";

    /** Beginnings of class names, and the stage they belong to; the first that fits. */
    private static final String[][] STAGES = {
        {"io.parallax.capture.decode.", "capture: decode"},
        {"io.parallax.capture.source.", "capture: read the file"},
        {"io.parallax.capture.", "capture: the rest"},
        {"io.parallax.wire.HeaderBatchReader", "job: read and split batches"},
        {"io.parallax.wire.TcpPrediction", "wire: predict TCP"},
        {"io.parallax.wire.HeaderBatch", "capture: encode batches"},
        {"io.parallax.wire.KeyDictionary", "capture: encode batches"},
        {"io.parallax.wire.Column", "wire: columns, written or read"},
        {"io.parallax.flow.BlockSplitter", "job: read and split batches"},
        {"io.parallax.model.FlowKey", "job: read and split batches"},
        {"io.parallax.operator.SplitBlocks", "job: read and split batches"},
        {"io.parallax.state.HeaderBlockSerializer", "job: shuffle"},
        {"io.parallax.model.HeaderBlock", "job: blocks, filled or read"},
        {"io.parallax.flow.Closing", "job: close windows, write rows"},
        {"io.parallax.flow.RowWriter", "job: close windows, write rows"},
        {"io.parallax.flow.Canonical", "job: close windows, write rows"},
        {"io.parallax.flow.Intervals", "job: close windows, write rows"},
        {"io.parallax.flow.Outcome", "job: close windows, write rows"},
        {"io.parallax.vantage.Choice", "job: close windows, write rows"},
        {"io.parallax.vantage.Locality", "job: close windows, write rows"},
        {"io.parallax.vantage.Segment", "job: segments"},
        {"io.parallax.flow.Tcp", "job: meter, TCP"},
        {"io.parallax.flow.", "job: meter, counting"},
        {"io.parallax.vantage.", "job: meter, counting"},
        {"io.parallax.matrix.", "job: matrix"},
        {"io.parallax.operator.AccumulateMatrix", "job: matrix"},
        {"io.parallax.operator.Estimate", "job: segments"},
        {"io.parallax.completeness.", "job: completeness"},
        {"io.parallax.io.Flow", "job: encode flows"},
        {"io.parallax.wire.CommunityId", "job: encode flows"},
        {"io.parallax.io.", "job: sinks"},
        {"org.apache.kafka.server.", "broker"},
        {"kafka.", "broker"},
        {"org.apache.kafka.storage.", "broker"},
        {"org.apache.kafka.clients.producer.", SEND},
        {"org.apache.kafka.clients.consumer.", "Kafka client: read, decompress"},
        {"org.apache.flink.connector.kafka.sink.", "job: sinks"},
        {"org.apache.flink.connector.kafka.source.", "Kafka client: read, decompress"},
        {"org.apache.flink.connector.file.", "job: sinks"},
        {"org.apache.flink.runtime.io.network.", "job: shuffle"},
        {"org.apache.flink.shaded.netty4.", "job: shuffle"},
    };

    /** The same for threads whose samples say nothing, or that have none. */
    private static final String[][] THREADS = {
        {"GC Thread", "garbage collection"},
        {"G1 ", "garbage collection"},
        {"VM Thread", "garbage collection"},
        {"C1 Compiler", "compilation"},
        {"C2 Compiler", "compilation"},
        {"Sweeper", "compilation"},
        {"JFR ", "flight recording itself"},
        {"data-plane-kafka", "broker"},
        {"kafka-producer-n", SEND},
        {"Source Data Fet", "Kafka client: read, decompress"},
        {"flink-", "Flink, the rest"},
        {"Flink", "Flink, the rest"},
        {"pekko", "Flink, the rest"},
    };

    private final Map<String, Double> baseline = new HashMap<>();
    private final Map<String, Double> seconds = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private double processBaseline;
    private double processSeconds;
    private Instant begun = Instant.MIN;

    private WholePathProfile() {}

    public static void main(String[] arguments) throws Exception {
        new WholePathProfile()
                .run(Integer.parseInt(arguments[0]), List.of(arguments).subList(1, arguments.length));
    }

    private void run(int roundsBefore, List<String> command) throws Exception {
        Path folder = Files.createTempDirectory("profile");
        Path recording = folder.resolve("path.jfr");
        List<String> recorded = new ArrayList<>(command);
        recorded.add(1, "-XX:StartFlightRecording=settings=profile,maxsize=2g,filename=" + recording);
        recorded.add(2, "-XX:FlightRecorderOptions=stackdepth=128");
        recorded.add(3, "-XX:-UseDynamicNumberOfCompilerThreads");
        Process process = new ProcessBuilder(recorded).redirectErrorStream(true).start();
        Thread watch = new Thread(() -> watch(process), "watch");
        watch.start();
        try (BufferedReader output = process.inputReader()) {
            int rounds = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                System.out.println(line);
                if (ROUND.matcher(line).matches() && ++rounds == roundsBefore) {
                    beginHere();
                }
            }
        }
        watch.join();
        print(stagesByThread(recording));
        Files.deleteIfExists(recording);
        Files.deleteIfExists(folder);
    }

    private synchronized void beginHere() {
        begun = Instant.now();
        baseline.putAll(seconds);
        processBaseline = processSeconds;
    }

    private void watch(Process process) {
        try {
            do {
                look(Path.of("/proc", String.valueOf(process.pid())));
            } while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void look(Path process) throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                look(task, true);
            }
            look(process, false);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return; // it has ended
        }
    }

    /** {@code stat}, see proc(5): the name is in parentheses and may hold blanks. */
    private void look(Path task, boolean isThread) throws IOException {
        String stat;
        try {
            stat = Files.readString(task.resolve("stat"));
        } catch (IOException e) {
            return; // this thread has ended
        }
        int nameEnd = stat.lastIndexOf(')');
        String[] fields = stat.substring(nameEnd + NAME_FIELD_END).split(" ");
        double used = (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
        if (!isThread) {
            processSeconds = used;
            return;
        }
        String key = task.getFileName() + "/" + fields[START_TICKS]; // a number is given again
        seconds.put(key, used);
        names.put(key, stat.substring(stat.indexOf('(') + 1, nameEnd));
    }

    /** Samples per thread number and stage. */
    private Map<Long, Map<String, Integer>> stagesByThread(Path recording) throws IOException {
        Map<Long, Map<String, Integer>> stages = new HashMap<>();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                String type = event.getEventType().getName();
                boolean isSample = type.equals("jdk.ExecutionSample") || type.equals("jdk.NativeMethodSample");
                if (isSample
                        && event.getStackTrace() != null
                        && event.getStartTime().isAfter(begun)) {
                    List<RecordedFrame> frames = event.getStackTrace().getFrames();
                    RecordedThread thread = event.getThread("sampledThread");
                    if (thread != null && !isWaiting(type, frames)) {
                        stages.computeIfAbsent(thread.getOSThreadId(), id -> new HashMap<>())
                                .merge(stage(frames, thread.getOSName()), 1, Integer::sum);
                    }
                }
            }
        }
        return stages;
    }

    /** A thread in native code is sampled whether it runs or waits; the code of interest there is compression. */
    private static boolean isWaiting(String type, List<RecordedFrame> frames) {
        return type.equals("jdk.NativeMethodSample")
                && frames.stream().limit(2).noneMatch(frame -> className(frame).startsWith("com.github.luben.zstd."));
    }

    private static String stage(List<RecordedFrame> frames, String thread) {
        for (RecordedFrame frame : frames) {
            String known = firstFit(STAGES, className(frame));
            if (!known.isEmpty()) {
                return known.equals(SEND) ? sender(frames) : known;
            }
        }
        return comesBy(frames, "org.apache.flink.") ? "Flink, the rest" : byName(thread);
    }

    /** A batch is compressed by the thread that fills it, and sent by the client's own. */
    private static String sender(List<RecordedFrame> frames) {
        if (comesBy(frames, "io.parallax.capture.")) {
            return "capture: hand to Kafka, compress";
        }
        return comesBy(frames, "org.apache.flink.") ? "job: hand to Kafka, compress" : SEND;
    }

    private static boolean comesBy(List<RecordedFrame> frames, String beginning) {
        return frames.stream().anyMatch(frame -> className(frame).startsWith(beginning));
    }

    private static String className(RecordedFrame frame) {
        return frame.getMethod().getType().getName();
    }

    private static String byName(String thread) {
        String known = firstFit(THREADS, thread);
        return known.isEmpty() ? "the rest of the JVM and Flink" : known;
    }

    private static String firstFit(String[][] rules, String name) {
        for (String[] rule : rules) {
            if (name.startsWith(rule[0])) {
                return rule[1];
            }
        }
        return "";
    }

    private void print(Map<Long, Map<String, Integer>> samples) {
        Map<String, Double> table = new HashMap<>();
        double known = 0;
        for (Map.Entry<String, Double> thread : seconds.entrySet()) {
            double used = thread.getValue() - baseline.getOrDefault(thread.getKey(), 0.0);
            known += used;
            long number =
                    Long.parseLong(thread.getKey().substring(0, thread.getKey().indexOf('/')));
            Map<String, Integer> own = samples.getOrDefault(number, Map.of());
            int all = own.values().stream().mapToInt(Integer::intValue).sum();
            if (all == 0) {
                table.merge(byName(names.getOrDefault(thread.getKey(), "")), used, Double::sum);
            }
            own.forEach((stage, count) -> table.merge(stage, used * count / all, Double::sum));
        }
        double total = processSeconds - processBaseline;
        table.put(ENDED, Math.max(0, total - known));
        System.out.printf("%n| stage | CPU-seconds | %% |%n|---|---:|---:|%n");
        table.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(row -> System.out.printf(
                        "| %s | %.2f | %.1f |%n", row.getKey(), row.getValue(), 100 * row.getValue() / total));
        System.out.printf("| all, %s | %.2f | 100 |%n", counted(), total);
    }

    private String counted() {
        return begun.equals(Instant.MIN)
                ? "from the start"
                : "of the last %d s"
                        .formatted(Duration.between(begun, Instant.now()).toSeconds());
    }
}
