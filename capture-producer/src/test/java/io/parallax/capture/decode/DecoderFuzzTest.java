package io.parallax.capture.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decoders under octets that nobody would send. */
class DecoderFuzzTest {

    /** In a process of its own: Jazzer instruments what it runs. {@code mvn verify} runs this after the other tests. */
    @Test
    @Tag("fuzz")
    void coverageGuidedOctetsFindNoException(@TempDir Path folder) throws IOException, InterruptedException {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        for (Map.Entry<String, byte[]> tunnel : Tunnels.overIp().entrySet()) {
            Files.write(corpus.resolve(tunnel.getKey().replace(' ', '-')), Tunnels.prefixed("0000", tunnel.getValue()));
        }
        Files.write(corpus.resolve("ICMP-error"), Tunnels.prefixed("0000", Tunnels.icmpError()));
        Files.write(corpus.resolve("ICMPv6-error"), Tunnels.prefixed("0000", Tunnels.icmpv6Error()));
        Path log = folder.resolve("jazzer.log");
        Process jazzer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                + File.pathSeparator
                                + System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + DecoderFuzzTarget.class.getName(),
                        "--instrumentation_includes=io.parallax.capture.decode.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + File.separator,
                        "-max_len=512",
                        "-max_total_time=" + Integer.getInteger("parallax.fuzz.seconds", 60),
                        corpus.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(folder.toFile())
                .start();

        int exit = jazzer.waitFor();

        String all = Files.readString(log);
        String said = all.substring(Math.max(0, all.length() - 3_000));
        assertThat(exit).as(said).isZero();
        assertThat(said).contains("Done ");
    }

    @Test
    void damagedTunnelsFindNoException() {
        DecoderFuzz fuzz = new DecoderFuzz(42);
        Tunnels.overIp().values().forEach(octets -> fuzz.take(Wire.ETHERNET, octets));
        Tunnels.overEthernet().values().forEach(octets -> fuzz.take(Wire.ETHERNET, octets));
        fuzz.take(Wire.ETHERNET, Tunnels.icmpError());
        fuzz.take(Wire.ETHERNET, Tunnels.icmpv6Error());
        fuzz.take(Wire.ETHERNET, Tunnels.nested(Tunnels.named("VXLAN"), 2, Tunnels::inMirror));

        Map<Outcome, Long> outcomes = fuzz.run(300_000);

        assertThat(outcomes.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(300_000);
        assertThat(outcomes.get(Outcome.DECODED_TUNNEL_WITHOUT_IP)).isPositive();
    }
}
