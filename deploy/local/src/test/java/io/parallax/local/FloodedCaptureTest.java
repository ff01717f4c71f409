package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.source.CaptureFile;
import io.parallax.wire.Completeness;
import io.parallax.wire.Flow;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every tenth frame of a sample comes in a second time, as from a second uplink: nothing of it may show but D3. */
class FloodedCaptureTest {

    private static final String SENSOR = "capvm1.cap0";
    private static final int PERIOD = 10;
    private static final String D3 = "D3";

    @TempDir
    Path folder;

    @Test
    void floodedFramesAreCountedOnceAndTheirCopiesAsD3() throws Exception {
        Path flooded = folder.resolve(SENSOR + ".pcap");
        long copies = FloodedCapture.write(Samples.COMMITTED.resolve(SENSOR + ".pcap"), flooded, PERIOD);
        assertThat(copies).isGreaterThan(100);
        PrintWriter nobody = new PrintWriter(new StringWriter());
        Analysis.Outcome outcome = new Analysis(
                        List.of(CaptureFile.named(flooded)),
                        List.of(),
                        Duration.ofSeconds(10),
                        2,
                        OutputFolder.prepare(folder.resolve("out")))
                .run(nobody, Progress.on(nobody));

        List<Flow> flows = outcome.results().flows();
        List<Completeness> accounts = outcome.results().completeness();
        assertThat(flows.stream().mapToLong(row -> d3(row.getDuplicates())).sum())
                .isEqualTo(copies);
        assertThat(accounts.stream().mapToLong(row -> d3(row.getDuplicates())).sum())
                .isEqualTo(copies);
        assertThat(accounts)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.getResidual()).isZero());
        assertThat(outcome.conservation().holds())
                .as(() -> String.join("\n", outcome.conservation().lines()))
                .isTrue();
        assertThat(Truth.ofSensor(Samples.truth(Samples.COMMITTED), SENSOR).differences(FlowSums.of(flows)))
                .isEmpty();
    }

    private static long d3(Map<String, Long> duplicates) {
        return duplicates.getOrDefault(D3, 0L);
    }
}
