package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ParallaxMainTest {

    private static final Path SAMPLES =
            Path.of(System.getProperty("parallax.root"), "deploy", "local", "src", "main", "samples");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "demo --help",
                "analyze --help",
                "inspect --help",
                "capture --help",
                "job --help",
                "report --help",
                "inventory --help",
                "inventory load --help",
                "--version"
            })
    void helpGoesToStandardOutput(String arguments) {
        assertThat(run(arguments.split(" "))).isZero();
        assertThat(out.toString()).isNotBlank();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void refusesAnUnknownOption() {
        assertThat(run("analyze", "--windwo", "10s", "--out", "x", "a.pcap")).isEqualTo(2);
        assertThat(err.toString()).contains("--windwo").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "0s", "-1s", "1.5s", "500ms", "ten"})
    void refusesAWindowThatIsNoDuration(String window) {
        assertThat(run("analyze", "--window", window, "--out", "x", "a.pcap")).isEqualTo(2);
        assertThat(err.toString()).contains("--window", "allowed");
    }

    @Test
    void refusesAMissingCaptureBeforeAnythingIsStarted() {
        assertThat(run("analyze", "--out", folder.resolve("out").toString(), "nowhere/x.y.pcap"))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("error: ").contains("nowhere/x.y.pcap does not exist");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void refusesATextFileAsCapture() throws Exception {
        Path text = Files.writeString(folder.resolve("notes.eth0.pcap"), "these are notes, not frames\n");
        assertThat(run("analyze", "--out", folder.resolve("out").toString(), text.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("notes.eth0.pcap", "not a");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void leavesAFolderAloneThatIsNotItsOwn() throws Exception {
        Path letter = Files.writeString(
                Files.createDirectories(folder.resolve("mine")).resolve("letter.txt"), "dear");
        assertThat(run("analyze", "--out", folder.resolve("mine").toString(), sample("capvm1.cap0")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("is not empty and was not written by parallax");
        assertThat(folder.resolve("mine")).isDirectoryContaining(letter::equals);
        assertThat(letter).hasContent("dear");
    }

    @Test
    void inspectPrintsOneJsonLineAFileAndNothingElse() {
        assertThat(run("inspect", sample("capvm1.cap0"), sample("capvm2.cap1"))).isZero();
        assertThat(out.toString().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
        assertThat(err.toString()).isEmpty();
    }

    private int run(String... arguments) {
        CommandLine commandLine = ParallaxMain.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    private static String sample(String name) {
        return SAMPLES.resolve(name + ".pcap").toString();
    }
}
