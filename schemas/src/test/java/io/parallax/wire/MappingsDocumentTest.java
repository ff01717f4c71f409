package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** docs/59-mappings.md says of every column of {@code flows} what it is elsewhere, or that it is nothing elsewhere. */
class MappingsDocumentTest {

    private static final Path PAGE = Path.of(System.getProperty("parallax.root", ".."), "docs", "59-mappings.md");

    @Test
    void everyColumnOfFlowsIsMappedOrSaidToHaveNoCounterpart() throws Exception {
        String page = Files.readString(PAGE);
        for (Schema.Field field : Flow.getClassSchema().getFields()) {
            String name = field.name();
            assertThat(page.contains("`" + name + "`") || isSpokenOf(page, name))
                    .as(name)
                    .isTrue();
        }
    }

    /** A line that says "and reverse" speaks of the reverse of its columns, too. */
    private static boolean isSpokenOf(String page, String name) {
        String forward = "`" + name.replaceFirst("^reverse_", "") + "`";
        return name.startsWith("reverse_")
                && page.lines().anyMatch(line -> line.contains(forward) && line.contains(" and reverse "));
    }
}
