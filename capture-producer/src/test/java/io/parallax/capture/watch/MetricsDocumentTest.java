package io.parallax.capture.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class MetricsDocumentTest {

    @Test
    void thePageListsEveryMetric() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Metrics of the producer

                Generated from the definitions in `CaptureMetric` by `MetricsDocumentTest`; do not edit. After a change:
                `mvn -pl capture-producer -am test -Dtest=io.parallax.capture.watch.MetricsDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -Dtest.arguments=-Dparallax.update-docs=true`.

                A live producer serves them at `/metrics`, as Prometheus text or OpenMetrics. Every metric has the label `sensor` besides
                those listed. Counters begin at 0 when the process starts. Octets are called bytes here, as Prometheus has it.

                | metric | kind | labels | meaning |
                |---|---|---|---|
                """);
        for (CaptureMetric metric : CaptureMetric.ALL) {
            page.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            metric.exposedName(),
                            metric.kind().name().toLowerCase(Locale.ROOT),
                            metric.labels().stream().collect(Collectors.joining(", ")),
                            metric.meaning()));
        }
        new GeneratedPage("55-producer-metrics.md").requireToBe(page.toString());
    }

    @Test
    void noNameIsThereTwice() {
        assertThat(CaptureMetric.ALL.stream().map(CaptureMetric::exposedName)).doesNotHaveDuplicates();
    }
}
