package io.parallax.local.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers that stand on the page now: what each says of itself in attributes, and whether its text says the same. */
final class PageFigures {

    private static final Map<String, Long> UNITS = Map.of(
            "B",
            1L,
            "kB",
            1_000L,
            "MB",
            1_000_000L,
            "GB",
            1_000_000_000L,
            "TB",
            1_000_000_000_000L,
            "\u00b5s",
            1L,
            "ms",
            1_000L,
            "s",
            1_000_000L);
    private static final Pattern WITH_UNIT = Pattern.compile("([\\d.]+) (\\D+)");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    /** Digits that are no part of a figure and no part of a name. Choices and heads of columns are words of the page. */
    private static final String UNEXPLAINED = """
            (() => {
              const found = [];
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const at = walker.currentNode.parentElement;
                if (/\\d/.test(walker.currentNode.data) && !at.closest('[data-measure], [data-name], script, option, .list thead')) found.push(walker.currentNode.data);
              }
              return found;
            })()""";

    private PageFigures() {}

    /** All of a section; fails where a text does not read like its value. */
    static Set<Map<String, String>> of(Browser browser, String section) {
        Set<Map<String, String>> figures = new HashSet<>();
        for (JsonNode node : browser.evaluate("[...document.querySelectorAll('[data-measure][data-section=" + section
                + "]')].map(e => [{...e.dataset}, e.matches('g, rect') ? '' : e.textContent])")) {
            Map<String, String> figure = new TreeMap<>();
            node.get(0)
                    .properties()
                    .forEach(
                            entry -> figure.put(entry.getKey(), entry.getValue().asText()));
            figure.remove("at"); // place in the heat map, for the arrow keys
            assertThat(reads(node.get(1).asText(), figure))
                    .as("%s of %s", node.get(1), figure)
                    .isTrue();
            figures.add(figure);
        }
        return figures;
    }

    /** Compares in both directions: what the tables have and the page has not, and what the page has and the tables have not. */
    static void assertSame(Set<Map<String, String>> page, Set<Map<String, String>> tables, String about) {
        assertThat(tables).as("the tables say nothing of %s", about).isNotEmpty();
        Set<Map<String, String>> missing = new HashSet<>(tables);
        missing.removeAll(page);
        Set<Map<String, String>> more = new HashSet<>(page);
        more.removeAll(tables);
        assertThat(missing)
                .as("%s: in the tables, not on the page, which has %s", about, more)
                .isEmpty();
        assertThat(more).as("%s: on the page, not in the tables", about).isEmpty();
    }

    /** Numbers of which the page does not say what they are. */
    static List<String> unexplained(Browser browser) {
        return browser.texts(UNEXPLAINED);
    }

    /** Whether {@code text} is the figure's value as a person would round it. */
    static boolean reads(String text, Map<String, String> figure) {
        BigDecimal value = new BigDecimal(figure.getOrDefault("value", ""));
        if (text.isEmpty()) {
            return true;
        }
        if (text.endsWith(" %")) {
            BigDecimal whole = new BigDecimal(figure.getOrDefault("of", ""));
            BigDecimal percent = whole.signum() == 0
                    ? BigDecimal.ZERO
                    : value.multiply(BigDecimal.valueOf(100)).divide(whole, 6, RoundingMode.HALF_UP);
            return isNear(percent, new BigDecimal(text.replace(" %", "")), new BigDecimal("0.0501"));
        }
        if (text.contains(":")) {
            Instant time =
                    Instant.EPOCH.plus(value.longValue(), ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
            return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC).equals(time);
        }
        Matcher unit = WITH_UNIT.matcher(text);
        if (unit.matches()) {
            BigDecimal said = new BigDecimal(unit.group(1));
            BigDecimal scale = BigDecimal.valueOf(Objects.requireNonNull(UNITS.get(unit.group(2)), text));
            BigDecimal half = BigDecimal.ONE.movePointLeft(said.scale()).multiply(new BigDecimal("0.501"));
            return isNear(value, said.multiply(scale), half.multiply(scale));
        }
        return new BigDecimal(text.replace(",", "")).compareTo(value) == 0;
    }

    private static boolean isNear(BigDecimal exact, BigDecimal said, BigDecimal most) {
        return exact.subtract(said).abs().compareTo(most) <= 0;
    }
}
