package io.parallax.capture.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DoctorCommandTest {

    private static final Path SAMPLES =
            Path.of(System.getProperty("parallax.root", ".."), "deploy/local/src/main/samples");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine = new CommandLine(new DoctorCommand())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));

    @Test
    void theSamplesOfATrunkShowTagsOthersTrafficAndBothDirections() {
        assertThat(commandLine.execute(SAMPLES.resolve("capvm1.cap0.pcap").toString()))
                .isZero();

        assertThat(out.toString().lines())
                .anyMatch(line -> line.startsWith("ok") && line.contains("capvm1:cap0: VLAN trunk: "))
                .anyMatch(line -> line.startsWith("ok") && line.contains("capvm1:cap0: others' traffic: "))
                .anyMatch(line -> line.contains("capvm1:cap0: both directions: "))
                .noneMatch(line -> line.startsWith("failed"));
    }

    @Test
    void aFileThatIsNoCaptureFailsAndTheOthersAreLookedAt() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes.txt"), "no capture at all");

        assertThat(commandLine.execute(
                        notes.toString(), SAMPLES.resolve("capvm2.cap0.pcap").toString()))
                .isEqualTo(1);

        assertThat(out.toString())
                .contains("failed")
                .contains("notes.txt is not a capture file")
                .contains("capvm2:cap0");
    }

    @Test
    void aWrongCommandLineIsNamed() {
        assertThat(commandLine.execute()).isEqualTo(2);
        assertThat(err.toString()).contains("--interface NAME or capture files");
        assertThat(commandLine.execute("--interface", "lo", "--seconds", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("seconds is 0, allowed is 1 or more");
        assertThat(commandLine.execute("--interface", "lo", "--snap-length", "1"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("snap length is 1");
    }

    @Test
    void anInterfaceThatIsNotThereFailsAndSaysWhichAre() {
        assertThat(commandLine.execute("--interface", "no-such0", "--seconds", "1"))
                .isEqualTo(1);
        assertThat(out.toString()).containsAnyOf("no-such0: interface: there is none; there are ", "libpcap");
    }

    @Test
    void aBrokerThatDoesNotAnswerFails() {
        commandLine.execute(
                "--interface", "no-such0", "--seconds=1", "--bootstrap-servers=127.0.0.1:1", "--timeout=500ms");
        assertThat(out.toString()).containsAnyOf("no Kafka broker answered at 127.0.0.1:1 within 500 ms", "libpcap");
    }

    @Test
    void itsOptionsMayBeInAFile() throws IOException {
        Path config = Files.writeString(folder.resolve("parallax.conf"), "interface = no-such7\nseconds = 1\n");
        assertThat(commandLine.execute("--config", config.toString())).isEqualTo(1);
        assertThat(out.toString()).containsAnyOf("no-such7", "libpcap");
    }
}
