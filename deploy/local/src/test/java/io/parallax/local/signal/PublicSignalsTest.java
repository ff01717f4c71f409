package io.parallax.local.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parallax.capture.source.CaptureFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Captures that others published with what they are: what is found in them, of what is to be found by headers. */
class PublicSignalsTest {

    private static final Path CAPTURES =
            Path.of(System.getProperty("parallax.shared", "../../../shared"), "captures", "public", "attacks");

    @ParameterizedTest
    @CsvSource({
        "ndpi-synscan.pcap, T1046",
        "bro-445_scan.pcap, T1018 T1046",
        "zeek-bruteforce.pcap, T1110",
        "joy-kali-password-attack_hydra.pcap, T1110",
        "ndpi-dns-tunnel-iodine.pcap, T1071.004 T1048.003",
        "ndpi-dns_exfiltration.pcap, T1071.004 T1048.003",
        "suricata-tcp-session-syn-flood-drop-precedence.pcap, T1499",
    })
    void theAttackIsFound(String capture, String techniques) throws Exception {
        assertThat(techniques(capture)).containsAnyElementsOf(List.of(techniques.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({
        "bro-backscatter.trace, T1046 T1018",
        "tracepcap-week1_baseline.pcap, T1046 T1018 T1110 T1499 T1048 T1071"
    })
    void whatIsNoneIsNotTakenForOne(String capture, String techniques) throws Exception {
        assertThat(techniques(capture)).doesNotContainAnyElementsOf(List.of(techniques.split(" ")));
    }

    private static Set<String> techniques(String capture) throws Exception {
        Path file = CAPTURES.resolve(capture);
        assumeTrue(
                Files.exists(file),
                () -> file + " is not there: set -Dparallax.shared to the folder of reference captures");
        return CaptureSignals.of(List.of(CaptureFile.named(file))).signals().stream()
                .map(signal -> signal.finding().technique())
                .collect(Collectors.toSet());
    }
}
