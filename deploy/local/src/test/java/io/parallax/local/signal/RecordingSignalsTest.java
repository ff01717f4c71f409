package io.parallax.local.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parallax.capture.source.CaptureFile;
import io.parallax.local.signal.LabelledRecording.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The reference recording: five minutes of eight machines, with attacks of all kinds and what looks like them. Detectors as
 * they are, on the facts of producer and flow table; without names, without settings, without anything learnt.
 */
class RecordingSignalsTest {

    private static final Path RECORDING =
            Path.of(System.getProperty("parallax.shared", "../../../shared"), "captures", "lab", "set-a");

    private static final List<String> SENSORS = List.of("capvm1.cap0", "capvm1.cap1", "capvm2.cap0", "capvm2.cap1");

    /** Scans, by what the recording calls them. */
    private static final Set<String> SCANS = Set.of("scan-vertical", "scan-horizontal", "scan-udp", "scan-connect");

    /** A sensor that saw less of a scan than this share of its flows can't be held to it. */
    private static final double SEEN = 0.9;

    private LabelledRecording truth;

    @BeforeEach
    void read() throws Exception {
        assumeTrue(
                Files.isDirectory(RECORDING),
                () -> RECORDING + " is not there: set -Dparallax.shared to the folder of reference captures");
        truth = LabelledRecording.read(RECORDING.resolve("truth.json"));
    }

    @Test
    void everyAttackIsFoundAndWhatIsNoneRaisesAtMostTwoSignals() throws Exception {
        CaptureSignals found = signals(SENSORS);
        assertThat(truth.attacks().stream()
                        .filter(attack -> truth.found(attack, found.signals()).isEmpty())
                        .map(attack -> attack.id() + ' ' + attack.kind()))
                .as("missed")
                .isEmpty();
        assertThat(truth.ofNoAttack(found.signals(), found.facts()))
                .as("signals of no attack")
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void aSensorAloneComesToTheSameVerdictOnScans() throws Exception {
        int judged = 0;
        for (String sensor : SENSORS) {
            CaptureSignals found = signals(List.of(sensor));
            for (Scenario attack : truth.attacks()) {
                if (SCANS.contains(attack.kind()) && truth.seenShare(attack, sensor) >= SEEN) {
                    judged++;
                    assertThat(truth.found(attack, found.signals()))
                            .as("%s %s, seen by %s alone", attack.id(), attack.kind(), sensor)
                            .isPresent();
                }
            }
            assertThat(truth.ofNoAttack(found.signals(), found.facts()))
                    .as("of %s alone", sensor)
                    .hasSizeLessThanOrEqualTo(2);
        }
        assertThat(judged).isGreaterThan(3);
    }

    private static CaptureSignals signals(List<String> sensors) throws Exception {
        return CaptureSignals.of(sensors.stream()
                .map(sensor -> CaptureFile.named(RECORDING.resolve(sensor + ".pcap")))
                .toList());
    }
}
