package io.parallax.local;

import io.parallax.capture.cli.CaptureFileConverter;
import io.parallax.capture.cli.DurationConverter;
import io.parallax.capture.source.CaptureFile;
import io.parallax.local.inventory.InventoryFile;
import io.parallax.local.report.Report;
import io.parallax.wire.InventoryEntry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parallax analyze}: the whole path over capture files, from frames to flows and a matrix. */
@Command(
        name = "analyze",
        description = {
            "Takes capture files through the whole path: producer, Kafka broker and Flink job in this process.",
            "Prints what was captured, the east-west matrix and the top flows; leaves Parquet tables in DIR/tables."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, and every header is accounted for",
            "1:a capture could not be read, or the run failed",
            "2:the command line is wrong",
            "4:done, but headers are missing or counted twice"
        })
final class AnalyzeCommand implements Callable<Integer> {

    private static final int CONSERVATION_BROKEN = 4;

    @Parameters(
            arity = "1..*",
            paramLabel = "CAPTURE",
            description = "pcap or pcapng files, as SENSOR.INTERFACE.pcap or SENSOR:INTERFACE=FILE.",
            converter = CaptureFileConverter.class)
    private List<CaptureFile> captures = List.of();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description =
                    "Where the results go: a new or empty folder, or one of an earlier run, whose tables are replaced.")
    @SuppressWarnings("NullAway.Init") // required
    private Path out;

    @Option(
            names = "--inventory",
            paramLabel = "FILE",
            description =
                    "Who held which address when, as .json, .yaml or .csv: names in flows and matrix. Default: no names.")
    private @Nullable Path inventory;

    @Mixin
    private RunOptions runOptions = new RunOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    /** What {@code analyze} and {@code demo} have in common. */
    static final class RunOptions {

        @Option(
                names = "--window",
                paramLabel = "DURATION",
                defaultValue = "10s",
                converter = DurationConverter.class,
                description = "Length of the aligned windows of flows and matrix. Longer: fewer rows. Default: 10s.")
        @SuppressWarnings("NullAway.Init") // has a default
        private Duration window;

        @Option(
                names = "--parallelism",
                paramLabel = "N",
                description =
                        "Slots of the Flink cluster. More: more cores used, more memory. Default: the cores there are.")
        private int parallelism = Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Integer call() throws Exception {
        return analyze(spec, captures, inventory, out, runOptions);
    }

    static int analyze(
            CommandSpec spec, List<CaptureFile> captures, @Nullable Path inventory, Path out, RunOptions options)
            throws Exception {
        if (options.parallelism < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--parallelism " + options.parallelism + ": allowed is a number from 1");
        }
        if (options.window.isZero() || options.window.toNanosPart() != 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--window " + options.window.toMillis() + "ms: allowed are whole seconds from 1s");
        }
        List<InventoryEntry> names = inventory == null ? List.of() : InventoryFile.read(inventory);
        OutputFolder folder = OutputFolder.prepare(out);
        LogFile.use(folder.log());
        PrintWriter terminal = spec.commandLine().getOut();
        Analysis analysis = new Analysis(captures, names, options.window, options.parallelism, folder);
        try {
            Analysis.Outcome outcome = analysis.run(terminal, Progress.on(terminal));
            print(terminal, outcome, folder);
            return outcome.conservation().holds() ? 0 : CONSERVATION_BROKEN;
        } catch (Exception e) {
            log().error("the run failed", e);
            throw e;
        }
    }

    private static void print(PrintWriter terminal, Analysis.Outcome outcome, OutputFolder folder) {
        Report.lines(outcome.results()).forEach(terminal::println);
        terminal.println("Conservation");
        outcome.conservation().lines().forEach(terminal::println);
        terminal.println();
        terminal.println("Tables (Parquet): " + folder.tables());
        terminal.println("A first query:");
        terminal.println(DuckDbQuery.busiestPairs(folder.tables()));
        terminal.flush();
    }

    /** Not a constant: the first logger fixes the log file. */
    private static Logger log() {
        return LoggerFactory.getLogger(AnalyzeCommand.class);
    }
}
