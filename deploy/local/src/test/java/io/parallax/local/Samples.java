package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.source.CaptureFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Captures with known answers. */
final class Samples {

    /** Committed: whole flows of 55 seconds. */
    static final Path COMMITTED =
            Path.of(System.getProperty("parallax.root", "../.."), "deploy", "local", "src", "main", "samples");

    /** The whole recording that the committed samples are cut from; not part of the sources. */
    static final Path RECORDING =
            Path.of(System.getProperty("parallax.shared", "../../../shared"), "captures", "lab", "set-a");

    static final List<String> SENSORS = List.of("capvm1.cap0", "capvm1.cap1", "capvm2.cap0", "capvm2.cap1");

    private Samples() {}

    static List<CaptureFile> of(Path folder, List<String> sensors) {
        List<CaptureFile> files = sensors.stream()
                .map(sensor -> CaptureFile.named(folder.resolve(sensor + ".pcap")))
                .toList();
        assertThat(files).allSatisfy(file -> assertThat(file.path()).exists());
        return files;
    }

    static Path truth(Path folder) {
        return folder.resolve("truth.json");
    }

    /** Octets of all sample files in {@code folder}. */
    static long octets(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
