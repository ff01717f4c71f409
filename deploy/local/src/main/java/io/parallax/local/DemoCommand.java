package io.parallax.local;

import io.parallax.capture.source.CaptureFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parallax demo}: {@code analyze} on the sample captures that come with the sources. */
@Command(
        name = "demo",
        description = {
            "Analyzes the sample captures: two capture VMs with two interfaces each, 55 seconds of traffic",
            "between eight VMs on two hosts. Ends with a report: one HTML page."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    /** Set by the launcher: the folder of the sources. */
    static final String HOME_PROPERTY = "parallax.home";

    private static final Path SAMPLES = Path.of("deploy", "local", "src", "main", "samples");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the results go. Default: out/demo in the project.")
    private Path out = home().resolve("out").resolve("demo");

    @Mixin
    private AnalyzeCommand.RunOptions runOptions = new AnalyzeCommand.RunOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        int exitCode = AnalyzeCommand.analyze(
                spec, samples(), home().resolve(SAMPLES).resolve("inventory.yaml"), out, runOptions);
        ReportCommand.write(out, spec.commandLine().getOut());
        return exitCode;
    }

    private List<CaptureFile> samples() throws IOException {
        Path folder = home().resolve(SAMPLES);
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(
                    spec.commandLine(), folder + " does not exist; start ./parallax in the project's folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".pcap"))
                    .sorted()
                    .map(CaptureFile::named)
                    .toList();
        }
    }

    private static Path home() {
        return Path.of(System.getProperty(HOME_PROPERTY, "."));
    }
}
