package io.parallax.local.report.page;

import java.util.List;

/**
 * Sets the switches of the page by program: many settings are looked at, and that keys and clicks get there too is shown
 * elsewhere.
 *
 * @param browser with the page open
 */
record Settings(Browser browser) {

    private static final List<String> MEASURES =
            List.of("packets", "octets", "flows", "refused", "unanswered", "sent again");

    void choose(String name, String value) {
        browser.evaluate("document.querySelector('input[name=" + name + "][value=\"" + value + "\"]').click()");
    }

    void matrix(String level, String measure, String locality, String term, int most) {
        choose("matrix-level", level);
        choose("matrix-measure", "" + (3 + MEASURES.indexOf(measure)));
        select("matrix", 0, locality);
        select("matrix", 1, "" + most);
        search("matrix", term);
    }

    void dependencies(String level, String term, int most) {
        choose("dependency-level", level);
        select("dependencies", 0, "" + most);
        search("dependencies", term);
    }

    private void select(String section, int place, String value) {
        change("document.querySelectorAll('#" + section + " select')[" + place + "]", "change", value);
    }

    void search(String section, String term) {
        change("document.querySelector('#" + section + " input[type=search]')", "input", term);
    }

    private void change(String element, String event, String value) {
        browser.evaluate("(e => { if (e.value !== '" + value + "') { e.value = '" + value
                + "'; e.dispatchEvent(new Event('" + event + "')); } })(" + element + ")");
    }
}
