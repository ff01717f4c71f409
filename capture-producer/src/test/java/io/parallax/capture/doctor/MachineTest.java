package io.parallax.capture.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

    private static final Set<InetSocketAddress> BROKERS =
            Set.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9092));

    @TempDir
    Path folder;

    @Test
    void aClockIsKeptNotKeptOrNotKnown() {
        assertThat(MachineFindings.clock("yes", false).verdict()).isEqualTo(Verdict.OK);
        assertThat(MachineFindings.clock("", true).verdict()).isEqualTo(Verdict.OK);
        assertThat(MachineFindings.clock("no", false).verdict()).isEqualTo(Verdict.WARNING);
        assertThat(MachineFindings.clock("Failed to connect to bus", false).verdict())
                .isEqualTo(Verdict.NOT_KNOWN);
        assertThat(MachineFindings.clock().verdict()).isNotEqualTo(Verdict.FAILED);
    }

    @Test
    void aSpoolBelowAFileCannotBe() throws IOException {
        assertThat(MachineFindings.spool(folder.resolve("not/yet/there")).verdict())
                .isIn(Verdict.OK, Verdict.WARNING);
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThat(MachineFindings.spool(file.resolve("spool")).verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void topicsStampRecordsAsTheyArrive() {
        assertThat(BrokerFindings.of(new BrokerAnswer(
                        BROKERS,
                        Topics.INPUTS.stream().collect(Collectors.toMap(topic -> topic, topic -> "LogAppendTime")))))
                .extracting(Finding::verdict)
                .containsOnly(Verdict.OK);
        assertThat(BrokerFindings.of(new BrokerAnswer(BROKERS, Map.of(Topics.PACKET_HEADERS, "CreateTime"))))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.OK, Verdict.FAILED, Verdict.WARNING, Verdict.WARNING);
    }

    @Test
    void framesThatTheInterfaceCountsAndNobodyGetsAreAFailure() {
        assertThat(InterfaceFindings.of("eth1", 5, 10, 0, 10, true))
                .extracting(Finding::verdict)
                .containsOnly(Verdict.OK);
        assertThat(InterfaceFindings.of("eth1", 5, 0, 0, 0, true))
                .extracting(Finding::verdict)
                .contains(Verdict.WARNING)
                .doesNotContain(Verdict.FAILED);
        assertThat(InterfaceFindings.of("eth1", 5, 0, 0, 10, true))
                .extracting(Finding::verdict)
                .contains(Verdict.FAILED);
        assertThat(InterfaceFindings.of("eth1", 5, 10, 1, 10, false))
                .extracting(Finding::verdict)
                .containsExactly(Verdict.WARNING, Verdict.WARNING);
    }
}
