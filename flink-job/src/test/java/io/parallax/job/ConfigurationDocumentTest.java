package io.parallax.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

final class ConfigurationDocumentTest {

    private static final String DEFAULT = " Default: ";

    @Test
    void thePageSaysWhatTheOptionsSay() throws IOException {
        new GeneratedPage("30-configuration.md").requireSection("job", section());
    }

    @Test
    void everyOptionSaysWhatItIsAndItsDefault() {
        for (OptionSpec option :
                new CommandLine(new JobOptions()).getCommandSpec().options()) {
            assertThat(text(option)).as(option.longestName()).isNotBlank().endsWith(".");
            assertThat(option.required() || text(option).contains(DEFAULT))
                    .as(option.longestName() + " names its default")
                    .isTrue();
        }
    }

    private static String section() {
        StringBuilder page = new StringBuilder("""
                # Configuration: the job

                Options of `./parallax job`, and of the job when it is submitted to a cluster. Generated from `JobOptions` by
                `ConfigurationDocumentTest`; do not edit. After a change:
                `mvn -pl flink-job -am test -Dtest=ConfigurationDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -Dparallax.update-docs=true`.

                | option | value | default | meaning |
                |---|---|---|---|
                """);
        for (OptionSpec option :
                new CommandLine(new JobOptions()).getCommandSpec().options()) {
            String text = text(option);
            int cut = text.lastIndexOf(DEFAULT);
            page.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            option.longestName(),
                            value(option),
                            cut < 0 ? "required" : text.substring(cut + DEFAULT.length(), text.length() - 1),
                            cut < 0 ? text : text.substring(0, cut)));
        }
        return page.toString();
    }

    private static String value(OptionSpec option) {
        if (option.arity().max() == 0) {
            return "";
        }
        return "`" + (option.completionCandidates() == null ? option.paramLabel() : candidates(option)) + "`";
    }

    private static String text(OptionSpec option) {
        return String.join(" ", option.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue()))
                .replace("${COMPLETION-CANDIDATES}", candidates(option))
                .replace("|", "&#124;");
    }

    private static String candidates(OptionSpec option) {
        return option.completionCandidates() == null ? "" : String.join(", ", option.completionCandidates());
    }
}
