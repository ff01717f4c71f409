package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parallax.capture.source.CaptureFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals about sensors and segments, by the whole job over the reference recording. */
final class SensorSignalsTest {

    private static final int TWO_SLOTS = 2;
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final Set<String> OF_SENSORS =
            Set.of("sensor-silent", "sensor-blind", "sensor-clock", "capture-drops", "mirror-loss", "degradation");

    /** Five minutes several times over: half an hour, of which the capture is good for 20 minutes. */
    private static final int TIMES = 6;

    private static final int PERIOD_SECONDS = 310;
    private static final int GOOD_SECONDS = 4 * PERIOD_SECONDS;

    private static final long AHEAD_MICROS = 1_500_500;

    @TempDir
    private Path folder;

    @BeforeEach
    void requireRecording() {
        assumeTrue(
                Files.isDirectory(Samples.RECORDING),
                () -> Samples.RECORDING + " is not there: set -Dparallax.shared to the folder of reference captures");
    }

    @Test
    void sensorsThatAreWellRaiseNoSignal() throws Exception {
        List<String> all = new ArrayList<>(Samples.SENSORS);
        all.add("collector");
        assertThat(signals(Samples.of(Samples.RECORDING, all))).isEmpty();
    }

    @Test
    void anInterfaceThatMissesATwentiethIsNamed() throws Exception {
        for (String sensor : Samples.SENSORS) {
            Path repeated = folder.resolve(sensor + ".repeated");
            RepeatedCapture.write(Samples.RECORDING.resolve(sensor + ".pcap"), repeated, 0, TIMES, PERIOD_SECONDS, 0);
            double missed = sensor.equals("capvm2.cap0") ? 0.05 : 0;
            ThinnedCapture.write(repeated, folder.resolve(sensor + ".pcap"), GOOD_SECONDS, missed, 7);
        }
        List<GenericRecord> signals = signals(Samples.of(folder, Samples.SENSORS));
        assertThat(signals)
                .isNotEmpty()
                .allSatisfy(signal -> assertThat(text(signal)).startsWith("degradation capvm2/cap0 "));
    }

    @Test
    void aClockThatIsAheadByMoreThanASecondIsNamed() throws Exception {
        for (String sensor : Samples.SENSORS) {
            long ahead = sensor.startsWith("capvm2") ? AHEAD_MICROS : 0;
            ShiftedCapture.write(Samples.RECORDING.resolve(sensor + ".pcap"), folder.resolve(sensor + ".pcap"), ahead);
        }
        assertThat(signals(Samples.of(folder, Samples.SENSORS)))
                .isNotEmpty()
                .allSatisfy(signal -> assertThat(text(signal))
                        .startsWith("sensor-clock capvm2/")
                        .contains("The clock of capvm2 is 1500.")
                        .contains(" ms ahead of that of capvm1"));
    }

    private List<GenericRecord> signals(List<CaptureFile> files) throws Exception {
        OutputFolder out = OutputFolder.prepare(folder.resolve("out"));
        PrintWriter nobody = new PrintWriter(new StringWriter());
        new Analysis(files, List.of(), WINDOW, TWO_SLOTS, out).run(nobody, Progress.on(nobody));
        return ParquetRows.of(out.tables().resolve("signals")).stream()
                .filter(row -> OF_SENSORS.contains(row.get("detector").toString()))
                .toList();
    }

    private static String text(GenericRecord signal) {
        return "%s %s %s".formatted(signal.get("detector"), signal.get("entity"), signal.get("explanation"));
    }
}
