package io.parallax.capture.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerFileTest {

    @TempDir
    Path folder;

    @Test
    void everyRowIsALineWithTheNamesOfTheTopic() throws IOException {
        Path path = folder.resolve("deep/ledger.jsonl");
        try (LedgerFile file = new LedgerFile(path, 1_000_000, 3)) {
            file.append(row(7, ""));
            file.append(row(8, "he said \"no\"\nand \\ left"));
            assertThat(file.failures()).isZero();
        }

        assertThat(Files.readAllLines(path)).hasSize(2);
        assertThat(LedgerFile.read(path).get(0))
                .contains("\"sensor_id\":\"capvm1\"")
                .contains("\"interval_start\":7")
                .contains("\"outcomes\":{\"arp\":1,\"decoded\":8}")
                .contains("\"kernel_waiting\":null")
                .contains("\"session\":12");
        assertThat(LedgerFile.read(path).get(1)).contains("he said \\\"no\\\"\\nand \\\\ left");
    }

    @Test
    void filesAreRotatedBySizeAndTheOldestGoes() throws IOException {
        Path path = folder.resolve("ledger.jsonl");
        int octets = LedgerLineJson.of(row(10, "")).length() + 1;
        try (LedgerFile file = new LedgerFile(path, 2L * octets, 3)) {
            for (int second = 10; second < 19; second++) {
                file.append(row(second, ""));
            }
            assertThat(file.failures()).isZero();
        }

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("ledger.jsonl", "ledger.jsonl.1", "ledger.jsonl.2");
        }
        List<String> all = new ArrayList<>(LedgerFile.read(folder.resolve("ledger.jsonl.2")));
        all.addAll(LedgerFile.read(folder.resolve("ledger.jsonl.1")));
        all.addAll(LedgerFile.read(path));
        assertThat(all).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(all.get(i)).contains("\"interval_start\":" + (14 + i));
        }
    }

    /** Wherever the process or the disk ended inside the last line, all other rows are read and later ones too. */
    @Property(tries = 100)
    void aTornLineCostsItselfOnly(@ForAll @IntRange(min = 1, max = 200) int missing) throws IOException {
        Path path = Files.createTempFile("ledger", ".jsonl");
        try {
            append(path, row(7, ""), row(8, ""));
            byte[] whole = Files.readAllBytes(path);
            Files.write(path, Arrays.copyOf(whole, whole.length - missing));
            append(path, row(9, ""));

            List<String> rows = LedgerFile.read(path);
            assertThat(rows).hasSize(missing == 1 ? 3 : 2);
            assertThat(rows.get(0)).contains("\"interval_start\":7");
            assertThat(rows.get(rows.size() - 1)).contains("\"interval_start\":9");
        } finally {
            Files.delete(path);
        }
    }

    @Test
    void octetsThatAreNoTextArePassedOver() throws IOException {
        Path path = folder.resolve("ledger.jsonl");
        append(path, row(7, ""));
        Files.write(path, new byte[] {(byte) 0xff, 0, '{', '\n', '[', ']', '\n'}, StandardOpenOption.APPEND);
        append(path, row(8, ""));

        assertThat(LedgerFile.read(path)).hasSize(2);
    }

    @Test
    void whatCannotBeWrittenIsCountedAndNotThrown() throws IOException {
        Path path = folder.resolve("ledger.jsonl");
        Files.createDirectory(path);
        try (LedgerFile file = new LedgerFile(path, 1_000_000, 3)) {
            file.append(row(7, ""));
            file.append(row(8, ""));
            assertThat(file.failures()).isEqualTo(2);

            Files.delete(path);
            file.append(row(9, ""));
            assertThat(file.failures()).isEqualTo(2);
        }
        assertThat(LedgerFile.read(path)).singleElement().asString().contains("\"interval_start\":9");
    }

    @Test
    void anotherProcessGoesOnWhereTheFirstWasKilled() throws Exception {
        Path path = folder.resolve("ledger.jsonl");
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(writer.getInputStream().read()).isEqualTo('k');
        writer.destroyForcibly().waitFor();
        append(path, row(5_000_000, ""));

        List<String> rows = LedgerFile.read(path);
        assertThat(rows).hasSizeGreaterThan(100).last().asString().contains("\"interval_start\":5000000");
        for (int i = 0; i < rows.size() - 1; i++) {
            assertThat(rows.get(i)).contains("\"interval_start\":" + i + ",");
        }
    }

    /** Appends until it is killed; says so after 100 rows. */
    static final class Writer {

        public static void main(String[] arguments) throws IOException {
            try (LedgerFile file = new LedgerFile(Path.of(arguments[0]), 1L << 40, 1)) {
                for (int second = 0; second < 1_000_000; second++) {
                    file.append(row(second, ""));
                    if (second == 100) {
                        System.out.write("k".getBytes(StandardCharsets.UTF_8));
                        System.out.flush();
                    }
                }
            }
        }
    }

    private static void append(Path path, LedgerLine... rows) throws IOException {
        try (LedgerFile file = new LedgerFile(path, 1L << 40, 2)) {
            for (LedgerLine row : rows) {
                file.append(row);
            }
            assertThat(file.failures()).isZero();
        }
    }

    private static LedgerLine row(long second, String note) {
        return new LedgerLine(
                "capvm1",
                "eth1",
                0,
                1_700_000_000_000L,
                second,
                1,
                "interval",
                10L,
                1L,
                null,
                null,
                Map.of(),
                9,
                900,
                Map.of("decoded", 8L, "arp", 1L),
                9,
                8,
                Map.of(),
                1.0,
                List.of(new MirrorSession("10.0.0.7", "erspan_2", 12, "sent", 9, 0L, false)),
                note);
    }
}
