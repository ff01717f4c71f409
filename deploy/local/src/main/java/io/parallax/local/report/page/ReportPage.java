package io.parallax.local.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The tables of a run as one HTML file. Style, program and numbers are inside: it makes no request, can be mailed, and
 * opens where there is no network.
 */
public final class ReportPage {

    private ReportPage() {}

    /**
     * Writes the page; an earlier one is replaced. A table that does not exist leaves a section that says so.
     *
     * @param tables folder with one folder of Parquet files per table
     * @throws NoSuchFileException if there are no flows, without which there is nothing to show
     */
    public static void write(Path tables, Path out) throws IOException {
        Tables source = new Tables(tables);
        if (!source.has("flows")) {
            throw new NoSuchFileException(
                    tables.resolve("flows") + " does not exist; a run of parallax analyze leaves it");
        }
        StringBuilder numbers = new StringBuilder();
        Json.write(numbers, new ReportContent(source).json());
        String page = resource("page.html")
                .replace("/*page.css*/", resource("page.css"))
                .replace("/*page.js*/", resource("page.js"))
                .replace("/*numbers*/", numbers);
        Path parent = out.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(out, page, StandardCharsets.UTF_8);
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the application");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
