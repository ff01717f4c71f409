package io.parallax.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of docs/ that is written by a test and compared by it ever after. */
final class GeneratedPage {

    private final Path path;

    GeneratedPage(String name) {
        path = Path.of(System.getProperty("parallax.root", ".."), "docs", name);
    }

    /** The whole page is {@code expected}. */
    void requireToBe(String expected) throws IOException {
        if (isUpdate()) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, expected);
        }
        assertThat(Files.readString(path)).as(advice()).isEqualTo(expected);
    }

    /** One section is {@code expected}; the page is made of sections that tests of several modules write. */
    void requireSection(String name, String expected) throws IOException {
        String begin = "<!-- generated: %s -->\n".formatted(name);
        String end = "<!-- end: %s -->\n".formatted(name);
        String page = Files.exists(path) ? Files.readString(path) : "";
        if (isUpdate()) {
            page = page.contains(begin)
                    ? page.substring(0, page.indexOf(begin)) + begin + expected + page.substring(page.indexOf(end))
                    : page + begin + expected + end;
            Files.createDirectories(path.getParent());
            Files.writeString(path, page);
        }
        assertThat(page).as(advice()).contains(begin + expected + end);
    }

    private static boolean isUpdate() {
        return Boolean.getBoolean("parallax.update-docs");
    }

    private String advice() {
        return "%s; run this test with -Dparallax.update-docs=true".formatted(path.getFileName());
    }
}
