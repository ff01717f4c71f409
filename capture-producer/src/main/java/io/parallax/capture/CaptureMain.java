package io.parallax.capture;

import io.parallax.capture.cli.CaptureCommand;
import io.parallax.capture.cli.InspectCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the capture producer's commands. */
@Command(
        name = "parallax",
        description = "Turns captured frames into batches of parsed packet headers.",
        mixinStandardHelpOptions = true,
        subcommands = {CaptureCommand.class, InspectCommand.class})
public final class CaptureMain {

    private CaptureMain() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The commands, not yet run. */
    public static CommandLine commandLine() {
        return new CommandLine(new CaptureMain());
    }
}
