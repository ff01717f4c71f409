package io.parallax.local;

import io.parallax.local.report.page.ReportPage;
import java.awt.Desktop;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parallax report}: the tables of a run as one HTML page. */
@Command(
        name = "report",
        description = {
            "Writes one self-contained HTML page from the tables in DIR/tables: what was seen and where it ran,",
            "who talks to whom, what depends on what, and how complete it is. The page makes no requests."
        },
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

    private static final String PAGE = "report.html";

    @Parameters(paramLabel = "DIR", description = "What was the --out of an earlier run.")
    @SuppressWarnings("NullAway.Init") // required
    private Path folder;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the page goes. Default: DIR/report.html.")
    private @Nullable Path out;

    @Option(names = "--open", description = "Open the page in the browser.")
    private boolean open;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path page = out == null ? folder.resolve(PAGE) : out;
        PrintWriter terminal = spec.commandLine().getOut();
        write(folder, page, terminal);
        if (open) {
            open(page, terminal);
        }
        return 0;
    }

    /** Writes DIR/report.html. */
    static void write(Path folder, PrintWriter terminal) throws IOException {
        write(folder, folder.resolve(PAGE), terminal);
    }

    private static void write(Path folder, Path page, PrintWriter terminal) throws IOException {
        ReportPage.write(folder.resolve("tables"), page);
        terminal.println("Report: " + page.toAbsolutePath().normalize());
        terminal.flush();
    }

    private static void open(Path page, PrintWriter terminal) throws IOException {
        if (GraphicsEnvironment.isHeadless()
                || !Desktop.isDesktopSupported()
                || !Desktop.getDesktop().isSupported(Desktop.Action.BROWSE)) {
            terminal.println("There is no desktop to open it on; open the file in a browser.");
            terminal.flush();
            return;
        }
        Desktop.getDesktop().browse(page.toAbsolutePath().toUri());
    }
}
