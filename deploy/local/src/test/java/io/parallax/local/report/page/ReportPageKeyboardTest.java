package io.parallax.local.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything on the page can be reached and set with a keyboard alone, and one sees where one is. */
class ReportPageKeyboardTest {

    private static final int MOST_STOPS = 200;

    /** Section, what it is, and whether a line around it shows the focus; of a switch the line is around its label. */
    private static final String STOP = """
            (() => {
              const e = document.activeElement;
              if (e === document.body) return '';
              const style = getComputedStyle(e.matches('fieldset input') ? e.nextElementSibling : e);
              const what = e.name || (e.dataset.at ? 'cell' : e.className) || e.type || e.localName;
              const shows = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
              return [e.closest('section')?.id ?? e.closest('header')?.localName ?? 'page', what, shows ? '' : 'not to be seen'].join(' ').trim();
            })()""";

    private static final String FOCUSED = "document.activeElement";
    private static final String LEVEL = "document.querySelector('input[name=matrix-level]:checked').value";
    private static final String SEARCHED = "document.querySelector('#matrix input[type=search]').value";
    private static final String HEAT = "document.querySelector('.heat').getAttribute('aria-label')";

    @TempDir
    static Path folder;

    private static @Nullable Browser browser;

    @BeforeAll
    static void openThePage() throws Exception {
        new SyntheticEstate(60, 700, 900, 400).write(folder);
        Path page = folder.resolve("report.html");
        ReportPage.write(folder, page);
        browser = Browser.start(folder);
    }

    @AfterAll
    static void closeIt() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openItAnew() {
        browser().open(folder.resolve("report.html"));
    }

    @Test
    void theTabulatorReachesEverySwitchInOrderAndOneSeesWhere() {
        List<String> stops = new ArrayList<>();
        String stop = stop(browser().press("Tab"));
        while (!stop.isEmpty() && stops.size() < MOST_STOPS) {
            stops.add(stop);
            stop = stop(browser().press("Tab"));
        }
        assertThat(stops)
                .noneMatch(found -> found.endsWith("not to be seen"))
                .startsWith("page skip", "header a")
                .containsSubsequence(
                        "visibility visibility-unit",
                        "matrix matrix-level",
                        "matrix matrix-measure",
                        "matrix select-one",
                        "matrix select-one",
                        "matrix search",
                        "matrix scroll",
                        "matrix cell",
                        "matrix summary",
                        "dependencies dependency-level",
                        "dependencies select-one",
                        "dependencies search",
                        "dependencies scroll",
                        "dependencies summary",
                        "talkers search",
                        "talkers scroll",
                        "talkers name",
                        "slow slow-order",
                        "slow search",
                        "slow scroll",
                        "sensors scroll",
                        "signals scroll");
        assertThat(stops.stream().filter("talkers name"::equals)).hasSize(15);
        assertThat(stops.stream().filter("matrix cell"::equals))
                .as("a heat map is one stop; arrows lead inside")
                .hasSize(1);
        assertThat(browser().complaints()).isEmpty();
    }

    @Test
    void theTabulatorGoesBackToo() {
        tabTo("matrix search");
        assertThat(stop(browser().pressShift("Tab"))).isEqualTo("matrix select-one");
    }

    @Test
    void arrowsChangeTheLevelAndTheMeasure() {
        tabTo("matrix matrix-level");
        browser().press("ArrowRight");
        assertThat(text(LEVEL)).isEqualTo("application");
        assertThat(text(HEAT)).isEqualTo("Matrix, level application, octets");
        browser().press("ArrowLeft");
        assertThat(text(LEVEL)).isEqualTo("vm");
        tabTo("matrix matrix-measure");
        browser().press("ArrowDown");
        assertThat(text(HEAT)).isEqualTo("Matrix, level vm, packets");
    }

    @Test
    void arrowsChooseALocalityAndEscapeShowsAllAgain() {
        tabTo("matrix select-one");
        browser().press("ArrowDown");
        String chosen = text(FOCUSED + ".value");
        assertThat(chosen).isNotEmpty();
        assertThat(totals("locality")).isEqualTo(chosen);
        browser().press("Escape");
        assertThat(text(FOCUSED + ".value")).isEmpty();
        assertThat(totals("locality")).isEmpty();
    }

    @Test
    void whatIsTypedIsSearchedAndEscapeClearsIt() {
        for (String section : List.of("matrix", "dependencies", "talkers", "slow")) {
            tabTo(section + " search");
            String all = text("document.querySelector('#" + section + "').textContent");
            browser().type("app1-");
            assertThat(text(FOCUSED + ".value")).isEqualTo("app1-");
            assertThat(text("document.querySelector('#" + section + "').textContent"))
                    .as(section)
                    .isNotEqualTo(all);
            browser().press("Escape");
            assertThat(text(FOCUSED + ".value")).isEmpty();
            assertThat(text("document.querySelector('#" + section + "').textContent"))
                    .as(section)
                    .isEqualTo(all);
        }
    }

    @Test
    void arrowsWalkFromCellToCellWhichSayWhatTheyHold() {
        tabTo("matrix cell");
        String first = text(FOCUSED + ".dataset.at");
        browser().press("ArrowDown");
        assertThat(text(FOCUSED + ".dataset.at")).isNotEmpty().isNotEqualTo(first);
        assertThat(text("document.querySelector('.told').textContent"))
                .contains(text(FOCUSED + ".dataset.source") + " → ");
        assertThat(text("document.querySelector('.told [data-measure]').dataset.value"))
                .isEqualTo(text(FOCUSED + ".dataset.value"));
        browser().press("ArrowUp");
        assertThat(text(FOCUSED + ".dataset.at")).isNotEmpty();
    }

    @Test
    void enterLeadsFromAnApplicationToItsMachinesAndEscapeBack() {
        tabTo("matrix matrix-level");
        browser().press("ArrowRight");
        tabTo("matrix cell");
        String application = text(FOCUSED + ".dataset.source");
        browser().press("Enter");
        assertThat(text(LEVEL)).isEqualTo("vm");
        assertThat(text(SEARCHED)).isEqualTo('"' + application + '"');
        assertThat(stop(browser())).isEqualTo("matrix search");
        browser().press("Escape");
        assertThat(text(LEVEL)).isEqualTo("application");
        assertThat(text(SEARCHED)).isEmpty();
    }

    @Test
    void enterOnATalkerLooksItUpInTheMatrix() {
        tabTo("talkers name");
        String name = text(FOCUSED + ".textContent").replace(" (unattributed)", "");
        browser().press("Enter");
        assertThat(text(SEARCHED)).isEqualTo('"' + name + '"');
        assertThat(stop(browser())).isEqualTo("matrix search");
        assertThat(browser()
                        .texts("[...document.querySelectorAll('.heat td[data-at]')]"
                                + ".map(e => e.dataset.source === " + quoted(name) + " || e.dataset.destination === "
                                + quoted(name) + ")"))
                .as("every cell has the machine at one end")
                .isNotEmpty()
                .containsOnly("true");
    }

    @Test
    void enterOpensTheTableBesideAPicture() {
        tabTo("matrix summary");
        browser().press("Enter");
        assertThat(browser().evaluate(FOCUSED + ".parentElement.open").asBoolean())
                .isTrue();
        assertThat(stop(browser().press("Tab"))).isEqualTo("matrix scroll");
    }

    /** The first stop that is this, from wherever the focus is. */
    private static void tabTo(String wanted) {
        for (int presses = 0; presses < MOST_STOPS; presses++) {
            if (stop(browser().press("Tab")).equals(wanted)) {
                return;
            }
        }
        throw new AssertionError("the tabulator does not reach " + wanted);
    }

    private static String stop(Browser at) {
        return at.evaluate(STOP).asText();
    }

    private static String text(String expression) {
        return browser().evaluate(expression + " ?? ''").asText();
    }

    /** What the line of totals says it is about. */
    private static String totals(String about) {
        return text("document.querySelector('#matrix [aria-live] [data-measure]').dataset." + about);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\\\"") + '"';
    }

    private static Browser browser() {
        return Objects.requireNonNull(browser);
    }
}
