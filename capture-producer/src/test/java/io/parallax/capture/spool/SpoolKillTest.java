package io.parallax.capture.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, a real disk and a real kill -9. */
class SpoolKillTest {

    private static final int KILLS = 5;

    /** Each time at another moment. */
    private static final int RECORDS_BEFORE_KILL = 997;

    @TempDir
    Path folder;

    @Test
    void aKilledProcessLosesNothingThatWasTaken() throws Exception {
        int next = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            int taken = takenUntilKilled(next, kill * RECORDS_BEFORE_KILL);
            List<Integer> there = numbers();

            assertThat(there.size()).isGreaterThan(taken);
            assertThat(there)
                    .containsExactlyElementsOf(
                            IntStream.range(0, there.size()).boxed().toList());
            next = there.size();
        }
    }

    /** Number of the last record of which the process said that it was taken. */
    private int takenUntilKilled(int first, int records) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendingProcess.class.getName(),
                        folder.toString(),
                        Integer.toString(first))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int taken = -1;
        try (BufferedReader said = process.inputReader(UTF_8)) {
            for (int i = 0; i < records; i++) {
                taken = Integer.parseInt(said.readLine());
            }
            process.destroyForcibly();
            process.waitFor();
            return taken;
        } finally {
            process.destroyForcibly();
        }
    }

    private List<Integer> numbers() throws IOException {
        Heard heard = new Heard();
        try (Spool spool = Spool.open(AppendingProcess.options(folder), heard)) {
            List<SpoolEntry> entries = Records.entries(spool);
            assertThat(entries).allMatch(entry -> Records.isAsMade(entry.record()));
            assertThat(heard.lines).noneMatch(line -> line.startsWith("skipped"));
            return entries.stream()
                    .map(entry -> Records.numberOf(entry.record()))
                    .toList();
        }
    }
}
