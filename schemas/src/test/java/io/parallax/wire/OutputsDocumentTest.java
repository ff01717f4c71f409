package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class OutputsDocumentTest {

    private static final Path PAGE = Path.of(System.getProperty("parallax.root", ".."), "docs", "40-outputs.md");

    @Test
    void thePageSaysWhatTheSchemasSay() throws IOException {
        String expected = new OutputsDocument().write();
        if (Boolean.getBoolean("parallax.update-docs")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/40-outputs.md; run this test with -Dparallax.update-docs=true")
                .isEqualTo(expected);
    }
}
