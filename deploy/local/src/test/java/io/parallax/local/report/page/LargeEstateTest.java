package io.parallax.local.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 2,000 virtual machines: more cells and dependencies than the page holds. Docs, 61-report, has the limits and measurements. */
class LargeEstateTest {

    private static final SyntheticEstate ESTATE = new SyntheticEstate(2_000, 24_000, 45_000, 12_000);
    private static final long MOST_OCTETS = 5_000_000;

    /** Generous: measured are 1 s and 0.2 s on two cores. */
    private static final Duration TO_LOAD = Duration.ofSeconds(15);

    private static final Duration TO_SEARCH = Duration.ofSeconds(5);

    @TempDir
    static Path folder;

    @BeforeAll
    static void writeThePage() throws Exception {
        ESTATE.write(folder);
        ReportPage.write(folder, folder.resolve("report.html"));
    }

    @Test
    void thePageStaysSmall() throws Exception {
        assertThat(Files.size(folder.resolve("report.html"))).isLessThan(MOST_OCTETS);
    }

    @Test
    void whatIsFoldedIsSaidAndSumsStayWhole() throws Exception {
        try (Browser browser = Browser.start(folder).open(folder.resolve("report.html"));
                TableFigures tables = TableFigures.of(folder)) {
            Settings settings = new Settings(browser);
            assertThat(browser.evaluate("document.querySelector('input[name=matrix-level]:checked').value")
                            .asText())
                    .as("2,000 rows say nothing at a glance")
                    .isEqualTo("application");
            for (String level : List.of("vm", "address")) {
                settings.matrix(level, "octets", "", "", 20);
                Set<Map<String, String>> figures = PageFigures.of(browser, "matrix");
                PageFigures.assertSame(figures, tables.matrix(level, "octets", "", "", 20), level);
                assertThat(value(figures, "folded cells")).isGreaterThan(8_000);
                assertThat(value(figures, "octets")).isEqualTo(tables.octetsOfLevel(level));
                assertThat(browser.evaluate("document.querySelector('#matrix').textContent")
                                .asText())
                        .contains("are added up as (other) to (other): all sums are whole");
            }
            for (String level : List.of("vm", "application")) {
                settings.dependencies(level, "", 25);
                Set<Map<String, String>> figures = PageFigures.of(browser, "dependencies");
                PageFigures.assertSame(figures, tables.dependencies(level, "", 25), level);
                assertThat(value(figures, "folded")).isGreaterThan(2_000);
            }
            assertThat(browser.evaluate("document.querySelector('#dependencies').textContent")
                            .asText())
                    .contains("with fewest octets are added up as (other): all sums are whole");
            PageFigures.assertSame(PageFigures.of(browser, "header"), tables.header(), "header");
            // Added up before cells are folded.
            PageFigures.assertSame(PageFigures.of(browser, "talkers"), tables.talkers(), "talkers");
            assertThat(PageFigures.unexplained(browser)).isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void filterAndSearchFindOneMachineAmongThem() throws Exception {
        try (Browser browser = Browser.start(folder).open(folder.resolve("report.html"));
                TableFigures tables = TableFigures.of(folder)) {
            Settings settings = new Settings(browser);
            for (String term : List.of("app33-vm842", "app33", "10.0.7")) {
                for (String locality : List.of("", "inter-host routed")) {
                    settings.matrix("vm", "octets", locality, term, 40);
                    PageFigures.assertSame(
                            PageFigures.of(browser, "matrix"), tables.matrix("vm", "octets", locality, term, 40), term);
                }
                settings.dependencies("vm", term, 50);
                PageFigures.assertSame(
                        PageFigures.of(browser, "dependencies"), tables.dependencies("vm", term, 50), term);
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void itLoadsAndSearchesWhileOneWaits() throws Exception {
        try (Browser browser = Browser.start(folder).screen(360, 640).open(folder.resolve("report.html"))) {
            long loaded = browser.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
                    .asLong();
            long drawn = browser.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
                    .asLong();
            Settings settings = new Settings(browser);
            settings.matrix("vm", "octets", "", "", 80);
            browser.evaluate("globalThis.begun = performance.now()");
            settings.search("matrix", "vm1");
            long searched = browser.evaluate("document.body.offsetHeight && performance.now() - begun")
                    .asLong();
            System.out.printf(
                    "2,000 virtual machines: %,d octets, loaded after %d ms, drawn after %d ms, searched in %d ms%n",
                    Files.size(folder.resolve("report.html")), loaded, drawn, searched);
            assertThat(Duration.ofMillis(loaded)).isLessThan(TO_LOAD);
            assertThat(Duration.ofMillis(drawn)).isLessThan(TO_LOAD);
            assertThat(Duration.ofMillis(searched)).isLessThan(TO_SEARCH);
            assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                    .as("on a telephone, too")
                    .isLessThanOrEqualTo(360);
        }
    }

    private static long value(Set<Map<String, String>> figures, String measure) {
        return figures.stream()
                .filter(figure -> measure.equals(figure.get("measure")) && !figure.containsKey("source"))
                .mapToLong(figure -> Long.parseLong(figure.getOrDefault("value", "")))
                .max()
                .orElse(-1);
    }
}
