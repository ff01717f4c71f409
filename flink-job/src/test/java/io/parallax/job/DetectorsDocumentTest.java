package io.parallax.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.signal.Detectors;
import io.parallax.signal.Parameter;
import io.parallax.signal.Profile;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DetectorsDocumentTest {

    @Test
    void thePageSaysWhatTheDetectorsSay() throws IOException {
        new GeneratedPage("64-detectors.md").requireToBe(page());
    }

    @Test
    void everyDetectorSaysWhatItRestsOn() {
        assertThat(Detectors.profiles()).extracting(Profile::name).doesNotHaveDuplicates();
        for (Profile profile : Detectors.profiles()) {
            assertThat(profile.name()).matches("[a-z][a-z-]*");
            assertThat(profile.techniques()).allMatch(technique -> technique.matches("T\\d{4}(\\.\\d{3})?"));
            assertThat(profile.quietNanos()).as(profile.name()).isPositive();
            assertThat(profile.mostOctets()).as(profile.name()).isPositive();
            assertThat(profile.idea() + profile.assumptions() + profile.falseAlarms())
                    .as(profile.name())
                    .isNotBlank();
            for (Parameter parameter : profile.parameters()) {
                assertThat(parameter.value())
                        .as(profile.name() + '.' + parameter.name())
                        .isBetween(parameter.least(), parameter.most());
                assertThat(parameter.source()).as(parameter.name()).isNotBlank();
            }
        }
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Detectors

                What raises [signals](63-signals.md), what it assumes, and how often it is wrong by design; what was measured stands in
                [benchmarks/signals.md](benchmarks/signals.md). Generated from the detectors' profiles by `DetectorsDocumentTest`; do not edit.
                After a change:
                `mvn -pl flink-job -am test -Dtest=DetectorsDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -Dparallax.update-docs=true`.

                | detector | what it finds | ATT&CK | state a subject, at most |
                |---|---|---|---|
                """);
        for (Profile profile : Detectors.profiles()) {
            page.append("| [`%s`](#%s) | %s | %s | %d octets |\n"
                    .formatted(
                            profile.name(),
                            profile.name(),
                            profile.title(),
                            String.join(", ", profile.techniques()),
                            profile.mostOctets()));
        }
        Detectors.profiles().forEach(profile -> page.append(section(profile)));
        return page.toString();
    }

    private static String section(Profile profile) {
        StringBuilder section = new StringBuilder("""

                ## %s

                %s

                - Assumes: %s
                - False alarms: %s
                - A signal is closed when nothing was found for %d s.
                """.formatted(
                        profile.name(),
                        profile.idea(),
                        profile.assumptions(),
                        profile.falseAlarms(),
                        TimeUnit.NANOSECONDS.toSeconds(profile.quietNanos())));
        if (!profile.parameters().isEmpty()) {
            section.append("\n| parameter | default | from | to | source |\n|---|---|---|---|---|\n");
        }
        for (Parameter parameter : profile.parameters()) {
            section.append("| `%s.%s` | %s | %s | %s | %s |\n"
                    .formatted(
                            profile.name(),
                            parameter.name(),
                            number(parameter.value()),
                            number(parameter.least()),
                            number(parameter.most()),
                            parameter.source()));
        }
        return section.toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
