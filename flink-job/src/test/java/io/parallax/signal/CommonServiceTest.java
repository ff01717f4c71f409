package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.Signal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signals: state, entity, severity. */
class CommonServiceTest {

    private List<Signal> known = List.of();
    private final List<String> said = new ArrayList<>();

    @Test
    void theFifthClientOfAServiceTakesBackWhatWasSaidOfTheOthers() {
        for (int client = 1; client < CommonService.CLIENTS; client++) {
            tell("open", "client" + client);
        }
        assertThat(said)
                .containsExactly(
                        "open client1 medium", "open client2 medium", "open client3 medium", "open client4 medium");
        said.clear();
        tell("open", "client5");
        assertThat(said)
                .containsExactly(
                        "retracted client1 medium",
                        "retracted client2 medium",
                        "retracted client3 medium",
                        "retracted client4 medium",
                        "open 10.0.0.1 informational");
        said.clear();
        tell("open", "client6");
        tell("update", "client1");
        tell("close", "client2");
        assertThat(said).as("all has been said").isEmpty();
    }

    @Test
    void aClientThatCeasedDoesNotCount() {
        for (int client = 1; client < 20; client++) {
            tell("open", "client" + client);
            tell("update", "client" + client);
            tell("close", "client" + client);
        }
        assertThat(said).hasSize(3 * 19).noneMatch(signal -> signal.startsWith("retracted"));
        assertThat(known).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, true",
        "172.16.0.1, true",
        "172.32.0.1, false",
        "192.168.7.7, true",
        "198.51.100.10, false",
        "100.64.1.1, true",
        "fd00::1, true",
        "2001:db8::1, false",
        "vm7, true",
        "files.10, true",
    })
    void onlyServicesInsideMayBeCommon(String peer, boolean isInside) {
        assertThat(CommonService.isCandidate(beacon("open", "vm1", peer))).isEqualTo(isInside);
    }

    @Test
    void nothingElseMay() {
        Signal scan = beacon("open", "vm1", "10.0.0.1");
        scan.setDetector("scan");
        assertThat(CommonService.isCandidate(scan)).isFalse();
        Signal listing = Signal.newBuilder(beacon("open", "vm1", "10.0.0.1"))
                .clearTechnique()
                .build();
        assertThat(CommonService.isCandidate(listing)).isFalse();
    }

    private void tell(String state, String client) {
        CommonService.Verdict verdict = CommonService.judge(beacon(state, client, "10.0.0.1"), known);
        known = verdict.known();
        verdict.said()
                .forEach(signal -> said.add(signal.getState() + ' ' + signal.getEntity() + ' ' + signal.getSeverity()));
    }

    /** A signal of detector beacon. */
    private static Signal beacon(String state, String entity, String peer) {
        Signal signal = new Signal();
        signal.setSignalId(entity + '>' + peer);
        signal.setRevision(1);
        signal.setState(state);
        signal.setDetector("beacon");
        signal.setTechnique("T1071");
        signal.setRealm("default");
        signal.setEntity(entity);
        signal.setPeerEntity(peer);
        signal.setKey("beacon " + peer + " TCP 443");
        signal.setStart(Instant.EPOCH);
        signal.setEnd(Instant.EPOCH);
        signal.setDetectedAt(Instant.EPOCH);
        signal.setStatistic(10);
        signal.setThreshold(9);
        signal.setBaseline(Map.of());
        signal.setEvidence(10);
        signal.setScore(50);
        signal.setSeverity("medium");
        signal.setIsWithinBudget(true);
        signal.setExplanation("");
        signal.setFlowIds(List.of());
        return signal;
    }
}
