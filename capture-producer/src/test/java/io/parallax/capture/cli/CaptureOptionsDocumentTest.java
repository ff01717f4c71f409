package io.parallax.capture.cli;

import static java.util.Objects.requireNonNull;

import io.parallax.capture.CaptureMain;
import io.parallax.capture.watch.GeneratedPage;
import java.io.IOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Writes docs/35-capture-options.md, and compares it. */
class CaptureOptionsDocumentTest {

    private static final String HEAD = """
            # Options of `capture`

            Generated from the command line's own description by `CaptureOptionsDocumentTest`; do not edit. After a change:
            `mvn -pl capture-producer -am test -Dtest=CaptureOptionsDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -Dparallax.update-docs=true`.

            Each is also a line of the file that `--config FILE` names: the name without the dashes, `=`, and the value, as in `snap-length = 192`; lists with
            commas; `#` begins a comment. What the command line says wins. A name that is unknown, a value that is none, or a name that stands twice is refused, with
            file, line and what is allowed. `capture doctor` reads the same file.

            """;

    @Test
    void thePageSaysWhatTheCommandSays() throws IOException {
        CommandLine capture =
                requireNonNull(CaptureMain.commandLine().getSubcommands().get("capture"));
        CommandLine doctor = requireNonNull(capture.getSubcommands().get("doctor"));
        new GeneratedPage("35-capture-options.md")
                .requireToBe(HEAD + "## `capture`\n\n" + table(capture.getCommandSpec()) + "\n## `capture doctor`\n\n"
                        + table(doctor.getCommandSpec()));
    }

    private static String table(CommandSpec command) {
        return "| option | default | meaning |\n|---|---|---|\n"
                + command.options().stream()
                        .filter(option -> !option.usageHelp() && !option.versionHelp())
                        .map(CaptureOptionsDocumentTest::row)
                        .collect(Collectors.joining());
    }

    private static String row(OptionSpec option) {
        String usual = option.defaultValue() == null || option.defaultValue().isEmpty()
                ? ""
                : "`" + option.defaultValue() + "`";
        String meaning = String.join(" ", option.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue()))
                .replace("%%", "%")
                .replace("|", "\\|");
        return "| `" + option.longestName() + " " + option.paramLabel().replace("|", "\\|") + "` | " + usual + " | "
                + meaning + " |\n";
    }
}
