package io.parallax.local;

import io.parallax.capture.cli.CaptureCommand;
import io.parallax.capture.cli.InspectCommand;
import io.parallax.job.JobMain;
import io.parallax.local.cluster.Failures;
import io.parallax.local.inventory.InventoryCommand;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point of {@code ./parallax}. */
@Command(
        name = "parallax",
        description = "Shows all traffic between virtual machines, and counts every packet once.",
        mixinStandardHelpOptions = true,
        versionProvider = ParallaxMain.Version.class,
        subcommands = {
            DemoCommand.class,
            AnalyzeCommand.class,
            ReportCommand.class,
            InspectCommand.class,
            CaptureCommand.class,
            JobMain.class,
            InventoryCommand.class,
            BrokerCommand.class
        },
        footer = "%n'parallax COMMAND --help' tells the options of a command.")
public final class ParallaxMain implements Callable<Integer> {

    private static final int FAILED = 1;
    private static final int WRONG_COMMAND_LINE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    private ParallaxMain() {}

    public static void main(String[] arguments) {
        int exitCode = commandLine().execute(arguments);
        // The broker's and Flink's libraries leave threads that would keep the process alive.
        System.exit(exitCode);
    }

    /** Without a command: tells which there are. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return WRONG_COMMAND_LINE;
    }

    /** The whole command line; failures become one line on standard error. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new ParallaxMain());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler(ParallaxMain::wrongCommandLine);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            complain(command.getErr(), Failures.rootMessage(failure));
            return FAILED;
        });
        return commandLine;
    }

    private static int wrongCommandLine(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        complain(err, String.valueOf(failure.getMessage()));
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("'" + command.getCommandSpec().qualifiedName() + " --help' tells what is allowed.");
        err.flush();
        return WRONG_COMMAND_LINE;
    }

    private static void complain(PrintWriter err, String message) {
        err.println("error: " + message);
        err.flush();
    }

    /** The version in the manifest; running from class files there is none. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = ParallaxMain.class.getPackage().getImplementationVersion();
            return new String[] {"parallax " + Objects.requireNonNullElse(version, "(built from class files)")};
        }
    }
}
