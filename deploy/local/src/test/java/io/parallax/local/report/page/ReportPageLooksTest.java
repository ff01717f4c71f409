package io.parallax.local.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page can be read in both schemes of colours and on a telephone. */
class ReportPageLooksTest {

    /**
     * Texts whose contrast with what is behind them is too low: WCAG 2.2, success criterion 1.4.3. At least 4.5, and 3 for large
     * text (24 px, or 18.66 px and bold). What is translucent is laid over what is behind it.
     */
    private static final String TOO_PALE = """
            (() => {
              const parse = text => { const n = (text.match(/[\\d.]+/g) || []).map(Number); return n.length === 4 ? n : [...n, 1]; };
              const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
              const behind = e => {
                const layers = [];
                for (; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
                return layers.reverse().reduce((below, top) => over(top, below), matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255]);
              };
              const linear = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
              const luminance = c => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
              const found = []; let texts = 0;
              document.querySelectorAll('details').forEach(e => { e.open = true; });
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const at = walker.currentNode.parentElement, style = getComputedStyle(at);
                const size = parseFloat(style.fontSize);
                if (!walker.currentNode.data.trim() || !at.getClientRects().length || size === 0 || at.closest('title, option, script')) continue;
                texts++;
                const back = behind(at.closest('svg') ? at.closest('svg').parentElement : at);
                const ink = over(parse(at.closest('svg') ? style.fill : style.color), back);
                const [light, dark] = [luminance(ink), luminance(back)].sort((a, b) => b - a);
                const ratio = (light + 0.05) / (dark + 0.05);
                const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
                if (ratio < (large ? 3 : 4.5)) found.push(ratio.toFixed(2) + ' ' + walker.currentNode.data.trim().slice(0, 40) + ' <' + at.localName + '> ' + ink + ' on ' + back);
              }
              return [texts, ...found];
            })()""";

    @TempDir
    Path folder;

    @BeforeEach
    void writeThePage() throws Exception {
        new SyntheticEstate(60, 700, 900, 400).write(folder);
        ReportPage.write(folder, folder.resolve("report.html"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void everyTextStandsOutFromItsGround(String scheme) throws Exception {
        try (Browser browser = Browser.start(folder).scheme(scheme).open(folder.resolve("report.html"))) {
            List<String> pale = browser.texts(TOO_PALE);
            assertThat(Integer.parseInt(pale.get(0))).as("texts looked at").isGreaterThan(400);
            assertThat(pale.subList(1, pale.size())).isEmpty();
            browser.evaluate("document.documentElement.style.setProperty('--quiet', 'var(--card)')");
            assertThat(browser.texts(TOO_PALE))
                    .as("what is of the colour of its ground")
                    .hasSizeGreaterThan(20);
        }
    }

    @Test
    void theTwoSchemesDiffer() throws Exception {
        try (Browser browser = Browser.start(folder).scheme("light").open(folder.resolve("report.html"))) {
            String ground = "getComputedStyle(document.body).backgroundColor";
            String light = browser.evaluate(ground).asText();
            assertThat(browser.scheme("dark").evaluate(ground).asText()).isNotEqualTo(light);
        }
    }

    @Test
    void aTelephoneNeedNotScrollSideways() throws Exception {
        try (Browser browser = Browser.start(folder).screen(360, 640).open(folder.resolve("report.html"))) {
            browser.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })");
            for (String level : List.of("vm", "application", "subnet", "host", "address")) {
                new Settings(browser).matrix(level, "octets", "", "", 80);
                assertThat(browser.evaluate("document.documentElement.scrollWidth")
                                .asInt())
                        .as(level)
                        .isLessThanOrEqualTo(
                                browser.evaluate("window.innerWidth").asInt())
                        .isLessThanOrEqualTo(360);
            }
        }
    }
}
