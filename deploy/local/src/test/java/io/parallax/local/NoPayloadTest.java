package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.local.live.Frames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole frames in, with octets in their payload that no header has: they are in no table and no log. */
class NoPayloadTest {

    private static final String CANARY = "kR7#vQ2!xLp9@Zt4$Wm6^Hn8&Bc1*Yd3";
    private static final int FRAMES = 200;

    @TempDir
    Path folder;

    @Test
    void noPayloadGetsIntoTablesAndLogs() throws Exception {
        Path capture = folder.resolve("vm.cap0.pcap");
        Files.write(capture, pcap(Frames.tagged(FRAMES, (CANARY + CANARY).getBytes(StandardCharsets.US_ASCII))));
        assertThat(holdsCanary(capture)).as("the capture itself").isTrue();
        Path out = folder.resolve("out");
        List<String> command = new ArrayList<>(ParallaxProcess.command(
                "-Xmx900m",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED"));
        command.addAll(List.of("analyze", "--out", out.toString(), capture.toString()));
        Path said = folder.resolve("said.log");
        Process analysis = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();

        assertThat(analysis.waitFor()).as(Files.readString(said)).isZero();
        assertThat(ParquetRows.of(out.resolve("tables").resolve("flows")))
                .hasSize(FRAMES)
                .noneMatch(row -> row.toString().contains(CANARY));
        assertThat(ParquetRows.of(out.resolve("tables").resolve("ledger")))
                .noneMatch(row -> row.toString().contains(CANARY));
        assertThat(holdsCanary(said)).isFalse();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(holdsCanary(file)).as("%s", file).isFalse();
            }
        }
    }

    private static boolean holdsCanary(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1).contains(CANARY);
    }

    private static byte[] pcap(List<byte[]> frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(24)
                .putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(1)
                .array());
        for (byte[] frame : frames) {
            out.write(ByteBuffer.allocate(16)
                    .putInt(1_700_000_000)
                    .putInt(0)
                    .putInt(frame.length)
                    .putInt(frame.length)
                    .array());
            out.write(frame);
        }
        return out.toByteArray();
    }
}
