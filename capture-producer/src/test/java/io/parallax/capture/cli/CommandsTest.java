package io.parallax.capture.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.CaptureMain;
import io.parallax.capture.decode.TrafficMix;
import io.parallax.capture.source.PcapWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class CommandsTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commands =
            CaptureMain.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    private String capture = "";

    @BeforeEach
    void writeCapture() throws IOException {
        TrafficMix mix = new TrafficMix(1);
        PcapWriter writer = PcapWriter.ofEthernet();
        for (int i = 0; i < 10; i++) {
            writer.frame(i, mix.next());
        }
        capture = Files.write(folder.resolve("vm.eth0.pcap"), writer.toBytes()).toString();
    }

    @Test
    void inspectPrintsALineAFile() {
        assertThat(commands.execute("inspect", capture, capture)).isZero();

        assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.contains("\"frames\":10"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aFileThatIsNoCaptureDoesNotKeepTheOthersFromBeingInspected() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes.txt"), "no capture at all");

        assertThat(commands.execute("inspect", notes.toString(), capture)).isEqualTo(1);

        assertThat(out.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("notes.txt is not a capture file").contains("allowed are pcap");
    }

    @Test
    void aCaptureThatIsCutOffIsReadWithAWarning() throws IOException {
        byte[] whole = Files.readAllBytes(Path.of(capture));
        Files.write(Path.of(capture), Arrays.copyOf(whole, whole.length - 3));

        assertThat(commands.execute("inspect", capture)).isZero();

        assertThat(out.toString()).contains("\"frames\":9");
        assertThat(err.toString()).contains("ends inside a record: 9 frames read");
    }

    @Test
    void aWrongCommandLineIsNamed() {
        assertThat(commands.execute("inspect")).isEqualTo(2);
        assertThat(commands.execute("capture", capture)).isEqualTo(2);
        assertThat(err.toString()).contains("--bootstrap-servers");
        assertThat(commands.execute("capture", "--bootstrap-servers", "x:1", "--threads", "0", capture))
                .isEqualTo(2);
        assertThat(err.toString()).contains("threads is 0, allowed is 1 or more");
        assertThat(commands.execute("capture", "--bootstrap-servers", "x:1", "--timeout", "soon", capture))
                .isEqualTo(2);
        assertThat(err.toString()).contains("'soon' is not a duration").contains("such as 10s");
        assertThat(commands.execute("capture", "--bootstrap-servers", "x:1", ":eth0=x.pcap"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("SENSOR:INTERFACE=FILE");
    }

    @Test
    void capturingAndReplayingAtOnceIsRefused() {
        assertThat(commands.execute("capture", "--bootstrap-servers", "x:1")).isEqualTo(2);
        assertThat(commands.execute("capture", "--bootstrap-servers", "x:1", "--interface", "lo", capture))
                .isEqualTo(2);

        assertThat(err.toString()).contains("either --interface, for live capture, or capture files to replay");
    }

    @Test
    void impossibleOptionsOfLiveCaptureAreNamed() {
        refused("snap length is 20", "--snap-length", "20");
        refused("'64MB' is not a size", "--kernel-buffer", "64MB");
        refused("sampling-flows is 2.0", "--sampling-flows", "2");
        refused("both given", "--sampling-flows", "0.5", "--sampling-count", "10");
        refused("spool-fsync is sometimes", "--spool-fsync", "sometimes");
        refused("status-address is here", "--status-address", "here");
        refused("spool cap is 1024 octets", "--spool-cap", "1KiB");
    }

    @Test
    void decodingAndSamplingHoldForFilesToo() {
        assertThat(commands.execute("capture", "--bootstrap-servers", "x:1", "--max-encapsulations", "99", capture))
                .isEqualTo(2);
        assertThat(err.toString()).contains("maxEncapsulations is 99");
        assertThat(commands.execute("capture", "--bootstrap-servers", "x:1", "--sampling-flows", "7", capture))
                .isEqualTo(2);
        assertThat(err.toString()).contains("sampling-flows is 7.0");
    }

    private void refused(String message, String... options) {
        List<String> line = new ArrayList<>(List.of("capture", "--bootstrap-servers", "x:1", "--interface", "none0"));
        line.addAll(List.of(options));
        assertThat(commands.execute(line.toArray(String[]::new))).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }

    @Test
    void theShippedConfigurationIsUnderstood() {
        Path shipped = Path.of(System.getProperty("parallax.root", ".."), "deploy", "systemd", "capture.conf");
        commands.parseArgs("capture", "--config", shipped.toString());

        CommandSpec capture =
                requireNonNull(commands.getSubcommands().get("capture")).getCommandSpec();
        assertThat(capture.findOption("--user").<String>getValue()).isEqualTo("parallax");
        assertThat(capture.findOption("--interface").<List<String>>getValue()).containsExactly("ens224", "ens256");
        assertThat(capture.findOption("--spool-cap").<Long>getValue()).isEqualTo(4L << 30);
    }

    @Test
    void aBrokerThatDoesNotAnswerIsNamedWithinTheTimeout() {
        assertThat(commands.execute("capture", "--bootstrap-servers", "127.0.0.1:1", "--timeout", "500ms", capture))
                .isEqualTo(1);

        assertThat(err.toString()).contains("no Kafka broker answered at 127.0.0.1:1 within 500 ms");
    }

    @Test
    void aBrokerAddressThatCannotBeIsNamed() {
        assertThat(commands.execute("capture", "--bootstrap-servers", "no-port", "--timeout", "500ms", capture))
                .isEqualTo(1);

        assertThat(err.toString()).contains("no-port");
    }
}
