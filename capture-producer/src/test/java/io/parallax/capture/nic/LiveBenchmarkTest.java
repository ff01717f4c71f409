package io.parallax.capture.nic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keeps the benchmark running, measures nothing. */
@Timeout(60)
class LiveBenchmarkTest {

    @Test
    void everyReaderAccountsForEveryFrame() throws IOException {
        Root.orSkip();
        assumeTrue(
                Stream.of("/usr/bin/tcpdump", "/usr/sbin/tcpdump").map(Path::of).anyMatch(Files::exists)
                        && Files.exists(Path.of("/proc/self/schedstat")),
                "skipped: the live benchmark's yardstick needs tcpdump and a kernel with schedstat");
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);

        assertThat(LiveBenchmark.run(List.of(10_000L), 0.1, nowhere))
                .hasSize(4)
                .allSatisfy(result -> assertThat(result.read()).isEqualTo(1_000))
                .allSatisfy(result -> assertThat(result.unaccounted()).isZero());
    }
}
