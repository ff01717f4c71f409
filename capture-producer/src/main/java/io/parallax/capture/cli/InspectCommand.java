package io.parallax.capture.cli;

import io.parallax.capture.inspect.Inspection;
import io.parallax.capture.inspect.InspectionJson;
import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.FileFrameSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parallax inspect}: the decoder alone, one JSON line a capture file on standard output. */
@Command(
        name = "inspect",
        description = "Decodes capture files and prints one JSON line for each: frames, outcomes and flows. No Kafka.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every file was read",
            "1:a file could not be read; the others were",
            "2:the command line is wrong"
        })
public final class InspectCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "CAPTURE",
            description = "pcap or pcapng files, as SENSOR.INTERFACE.pcap or SENSOR:INTERFACE=FILE.",
            converter = CaptureFileConverter.class)
    private List<CaptureFile> captures = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        int exitCode = 0;
        for (CaptureFile capture : captures) {
            if (!inspect(capture)) {
                exitCode = 1;
            }
        }
        return exitCode;
    }

    private boolean inspect(CaptureFile capture) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (FileFrameSource source = FileFrameSource.open(capture)) {
            if (source.truncatedAtEnd()) {
                err.println("warning: " + Messages.cutOff(source));
            }
            out.println(InspectionJson.of(capture.path().toString(), Inspection.of(source)));
            out.flush();
            return true;
        } catch (IOException e) {
            err.println("error: " + Messages.of(e));
            err.flush();
            return false;
        }
    }
}
