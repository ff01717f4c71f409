package io.parallax.capture.cli;

import io.parallax.capture.live.CaptureOptions;
import io.parallax.capture.nic.NicException;
import io.parallax.capture.publish.BatchSink;
import io.parallax.capture.publish.KafkaBatchSink;
import io.parallax.capture.publish.KafkaOptions;
import io.parallax.capture.publish.Pacer;
import io.parallax.capture.publish.Replay;
import io.parallax.capture.publish.ReplayOptions;
import io.parallax.capture.publish.StreamTotal;
import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.OpenCaptures;
import io.parallax.capture.spool.SpoolOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parallax capture}: captures interfaces, or replays capture files, into Kafka. */
@Command(
        name = "capture",
        description = {
            "Captures interfaces live (--interface), or replays capture files, as batches of parsed packet headers into"
                    + " Kafka.",
            "Live, it runs until it is stopped, through outages of Kafka and interfaces that come and go."
        },
        mixinStandardHelpOptions = true,
        subcommands = DoctorCommand.class,
        preprocessor = ConfigFile.Preprocessor.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every frame is accounted for and every header was delivered, or is in the spool",
            "1:a file or an interface could not be read, or (replaying) Kafka not be reached",
            "2:the command line is wrong"
        })
public final class CaptureCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Takes options from this file, one a line as in 'sensor = capvm1'; the command line wins.")
    @SuppressWarnings("UnusedVariable") // read by ConfigFile before the options are parsed
    private @Nullable Path config;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka brokers, several with commas between.")
    private String bootstrapServers = "";

    @Option(
            names = "--partitions",
            defaultValue = "" + KafkaOptions.DEFAULT_PARTITIONS,
            paramLabel = "N",
            description =
                    "Partitions of topics that have to be created (default ${DEFAULT-VALUE}). A stream stays on one"
                            + " partition: more let more readers share the streams.")
    private int partitions;

    @Option(
            names = "--timeout",
            defaultValue = "10s",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Time without an answer after which Kafka counts as unreachable (default ${DEFAULT-VALUE}).")
    private Duration timeout = KafkaOptions.DEFAULT_TIMEOUT;

    @Option(
            names = "--threads",
            defaultValue = "1",
            paramLabel = "N",
            description = "Replaying: threads that share the files between them (default ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--speed",
            defaultValue = "0",
            paramLabel = "X",
            description =
                    "Replaying: 1 at the recorded pace, 10 ten times as fast; 0, the default, as fast as it goes.")
    private double speed;

    @Option(
            names = "--batch-headers",
            defaultValue = "" + ReplayOptions.DEFAULT_BATCH_HEADERS,
            paramLabel = "N",
            description =
                    "Headers in a batch (default ${DEFAULT-VALUE}). More take fewer octets each, and wait longer.")
    private int batchHeaders;

    @Option(
            names = "--linger",
            defaultValue = "200ms",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Live, or with --speed: longest wait of a header for its batch (default ${DEFAULT-VALUE}).")
    private Duration linger = ReplayOptions.DEFAULT_LINGER;

    @Parameters(
            arity = "0..*",
            paramLabel = "CAPTURE",
            description = "pcap or pcapng files, as SENSOR.INTERFACE.pcap or SENSOR:INTERFACE=FILE.",
            converter = CaptureFileConverter.class)
    private List<CaptureFile> captures = List.of();

    @ArgGroup(validate = false, heading = "%nLive capture; what is about decoding and sampling holds for files too:%n")
    private LiveArguments live = new LiveArguments();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (bootstrapServers.isEmpty()) {
            throw wrong("--bootstrap-servers is missing, allowed is HOST:PORT[,HOST:PORT...]", null);
        }
        if (live.areGiven() == !captures.isEmpty()) {
            throw wrong("allowed is either --interface, for live capture, or capture files to replay", null);
        }
        PrintWriter err = spec.commandLine().getErr();
        try {
            return live.areGiven() ? capture(err) : replay(kafkaOptions(), replayOptions(), err);
        } catch (IOException e) {
            err.println("error: " + Messages.of(e));
            err.flush();
            return 1;
        }
    }

    private int capture(PrintWriter err) throws IOException {
        CaptureOptions options;
        SpoolOptions spool;
        InetSocketAddress statusAddress;
        try {
            options = live.options(batchHeaders, linger, System.currentTimeMillis());
            spool = live.spool();
            statusAddress = live.statusAddress();
        } catch (IllegalArgumentException | NicException e) {
            throw wrong(Messages.of(e), e);
        }
        return LiveCapture.run(options, kafkaOptions(), spool, live.ledgerFile(), statusAddress, err);
    }

    private KafkaOptions kafkaOptions() {
        try {
            return new KafkaOptions(bootstrapServers, partitions, timeout);
        } catch (IllegalArgumentException e) {
            throw wrong(Messages.of(e), e);
        }
    }

    private ReplayOptions replayOptions() {
        try {
            return new ReplayOptions(
                    System.currentTimeMillis(),
                    threads,
                    speed,
                    batchHeaders,
                    ReplayOptions.DEFAULT_BATCH_OCTETS,
                    linger,
                    live.decode(),
                    live.sampling());
        } catch (IllegalArgumentException e) {
            throw wrong(Messages.of(e), e);
        }
    }

    private ParameterException wrong(String message, @Nullable Exception cause) {
        return cause == null
                ? new ParameterException(spec.commandLine(), message)
                : new ParameterException(spec.commandLine(), message, cause);
    }

    private int replay(KafkaOptions kafka, ReplayOptions replay, PrintWriter err) throws IOException {
        try (OpenCaptures open = OpenCaptures.of(captures);
                BatchSink sink = KafkaBatchSink.open(kafka);
                ReplayProgress progress = ReplayProgress.of(open.frames())) {
            open.sources().stream()
                    .filter(source -> source.truncatedAtEnd())
                    .forEach(source -> err.println("warning: " + Messages.cutOff(source)));
            List<StreamTotal> totals = new Replay(replay, Pacer.ofSystem(), sink, progress).run(open.sources());
            boolean balances = true;
            for (StreamTotal total : totals) {
                err.println(total.streamId() + ": " + total.tally());
                balances &= total.tally().balances();
            }
            if (!balances) {
                err.println("error: frames and outcomes do not balance");
            }
            return balances ? 0 : 1;
        }
    }
}
