package io.parallax.local.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.local.ParallaxProcess;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's numbers are those of the tables, which are asked by SQL. In both directions: none is missing, none is more. */
class ReportPageTest {

    private static final List<String> LEVELS = List.of("vm", "application", "subnet", "host", "address");
    private static final List<String> MEASURES =
            List.of("octets", "packets", "flows", "refused", "unanswered", "sent again");
    private static final List<String> LOCALITIES = List.of(
            "within-host switched",
            "within-host routed",
            "inter-host switched",
            "inter-host routed",
            "north-south",
            "not determined");

    /** As many as the heat map shows by themselves. */
    private static final int FEW = 60;

    private static final Path ROOT = Path.of(System.getProperty("parallax.root", "../.."));

    @TempDir
    Path folder;

    private final SyntheticEstate estate = new SyntheticEstate(FEW, 700, 900, 400);

    @Test
    void everyNumberIsThatOfTheTables() throws Exception {
        estate.write(folder);
        try (Browser browser = open();
                TableFigures tables = TableFigures.of(folder)) {
            compareAll(browser, tables);
            same(browser, "signals", tables.signals());
            Settings settings = new Settings(browser);
            for (String level : LEVELS) {
                for (String locality : LOCALITIES) {
                    settings.matrix(level, "octets", locality, "", 80);
                    same(browser, "matrix", tables.matrix(level, "octets", locality, "", 80));
                }
            }
            for (String term : List.of("app1", "10.0.", "nobody")) {
                settings.matrix("vm", "octets", "", term, 10);
                same(browser, "matrix", tables.matrix("vm", "octets", "", term, 10));
                settings.dependencies("vm", term, 10);
                same(browser, "dependencies", tables.dependencies("vm", term, 10));
            }
            settings.matrix("vm", "octets", "", "\"app1\"", 10);
            same(browser, "matrix", tables.matrix("vm", "octets", "", "\"app1\"", 10));
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void withoutAMatrixEveryNumberIsThatOfTheFlows() throws Exception {
        estate.writeFlows(folder);
        try (Browser browser = open();
                TableFigures tables = TableFigures.of(folder)) {
            compareFlows(browser, tables);
            assertThat(browser.texts("[...document.querySelectorAll('.none')].map(e => e.textContent)"))
                    .containsExactly(
                            "These tables hold no dependencies.",
                            "These tables hold no completeness.",
                            "None yet: these tables hold no signals.");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** Tables that the job wrote, in place of tables that a test made up. */
    @Test
    void everyNumberOfTheDemoIsThatOfItsTables() throws Exception {
        List<String> command = ParallaxProcess.command("-Dparallax.home=" + ROOT.toAbsolutePath(), "-Xmx1500m");
        Path out = folder.resolve("demo");
        command.addAll(List.of("demo", "--out", out.toString()));
        Process demo = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said.log").toFile())
                .start();
        assertThat(demo.waitFor()).isZero();
        try (Browser browser = Browser.start(folder).open(out.resolve("report.html"));
                TableFigures tables = TableFigures.of(out.resolve("tables"))) {
            compareAll(browser, tables);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aNumberThatIsOneOffIsFoundOut() throws Exception {
        estate.write(folder);
        try (Browser browser = open();
                TableFigures tables = TableFigures.of(folder)) {
            Settings settings = new Settings(browser);
            settings.matrix("vm", "octets", "", "", 80);
            same(browser, "matrix", tables.matrix("vm", "octets", "", "", 80));
            browser.evaluate("data.levels.vm.cells[4]++");
            settings.matrix("application", "octets", "", "", 80);
            settings.matrix("vm", "octets", "", "", 80);
            assertThat(PageFigures.of(browser, "matrix")).isNotEqualTo(tables.matrix("vm", "octets", "", "", 80));
        }
    }

    @Test
    void aTextThatDoesNotReadLikeItsValueIsFoundOut() {
        assertThat(PageFigures.reads("1,234", Map.of("value", "1234"))).isTrue();
        assertThat(PageFigures.reads("1,234", Map.of("value", "1235"))).isFalse();
        assertThat(PageFigures.reads("1.2 kB", Map.of("value", "1249"))).isTrue();
        assertThat(PageFigures.reads("1.2 kB", Map.of("value", "1260"))).isFalse();
        assertThat(PageFigures.reads("33.3 %", Map.of("value", "1", "of", "3"))).isTrue();
        assertThat(PageFigures.reads("33.4 %", Map.of("value", "1", "of", "3"))).isFalse();
    }

    @Test
    void asksNobodyForAnything() throws Exception {
        estate.write(folder);
        try (Browser browser = open()) {
            assertThat(browser.requests())
                    .containsExactly(folder.resolve("report.html").toUri().toString());
        }
        assertThat(Files.readString(folder.resolve("report.html")).replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http:", "https:", "@import", "src=\"");
    }

    @Test
    void takesNoNameForMarkup() throws Exception {
        estate.write(folder);
        try (Browser browser = open()) {
            assertThat(browser.evaluate("document.querySelectorAll('section img, section script').length")
                            .asInt())
                    .isZero();
            assertThat(browser.complaints()).isEmpty();
        }
        assertThat(Files.readString(folder.resolve("report.html")))
                .doesNotContain(SyntheticEstate.HOSTILE_NAME)
                .contains("\\u003c/script\\u003e");
    }

    @Test
    void refusesAFolderWithoutFlows() {
        assertThatThrownBy(() -> ReportPage.write(folder, folder.resolve("report.html")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("flows does not exist");
    }

    private Browser open() throws Exception {
        Path page = folder.resolve("report.html");
        ReportPage.write(folder, page);
        return Browser.start(folder).open(page);
    }

    private static void compareAll(Browser browser, TableFigures tables) throws Exception {
        compareFlows(browser, tables);
        for (String level : List.of("vm", "application")) {
            for (int most : new int[] {10, 25, 50}) {
                new Settings(browser).dependencies(level, "", most);
                same(browser, "dependencies", tables.dependencies(level, "", most));
            }
        }
        same(browser, "sensors", tables.sensors());
        assertThat(PageFigures.unexplained(browser)).isEmpty();
    }

    private static void compareFlows(Browser browser, TableFigures tables) throws Exception {
        Settings settings = new Settings(browser);
        same(browser, "header", tables.header());
        same(browser, "locality", tables.locality());
        same(browser, "talkers", tables.talkers());
        Set<Map<String, String>> seen = PageFigures.of(browser, "visibility");
        settings.choose("visibility-unit", "2");
        seen.addAll(PageFigures.of(browser, "visibility"));
        PageFigures.assertSame(seen, tables.visibility(), "visibility");
        Set<Map<String, String>> slow = PageFigures.of(browser, "slow");
        settings.choose("slow-order", "6");
        slow.addAll(PageFigures.of(browser, "slow"));
        PageFigures.assertSame(slow, tables.slow(), "slow");
        for (String level : LEVELS) {
            for (String measure : MEASURES) {
                settings.matrix(level, measure, "", "", 80);
                same(browser, "matrix", tables.matrix(level, measure, "", "", 80));
            }
            settings.matrix(level, "octets", "", "", 10);
            same(browser, "matrix", tables.matrix(level, "octets", "", "", 10));
        }
    }

    private static void same(Browser browser, String section, Set<Map<String, String>> expected) {
        PageFigures.assertSame(PageFigures.of(browser, section), expected, section);
    }
}
