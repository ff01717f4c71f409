package io.parallax.capture.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of docs/ that is written by a test and compared by it ever after. */
public final class GeneratedPage {

    private final Path path;

    public GeneratedPage(String name) {
        path = Path.of(System.getProperty("parallax.root", ".."), "docs", name);
    }

    public void requireToBe(String expected) throws IOException {
        if (Boolean.getBoolean("parallax.update-docs")) {
            Files.writeString(path, expected);
        }
        assertThat(Files.readString(path))
                .as("%s; run this test with -Dparallax.update-docs=true", path.getFileName())
                .isEqualTo(expected);
    }
}
