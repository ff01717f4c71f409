package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signals: state, entity, severity. */
class CommonServiceTest {

    private static final long DAY_MINUTES = 24 * 60;

    private CommonService.Known known = CommonService.Known.NOTHING;
    private final List<String> said = new ArrayList<>();

    @Test
    void whatIsSaidOfAClientIsHeldForHalfAnHour() {
        tell("open", "client1", 0);
        tell("update", "client1", 20);
        release(29);
        assertThat(said).isEmpty();
        assertThat(known.due()).isEqualTo(minute(30));
        release(30);
        assertThat(said).containsExactly("open client1 medium");
        release(50);
        assertThat(said).containsExactly("open client1 medium", "update client1 medium");
        tell("update", "client1", 55);
        assertThat(said).as("what was stated goes on at once").hasSize(3);
    }

    @Test
    void fiveClientsWithinHalfAnHourAreListedOnce() {
        for (int client = 1; client <= CommonService.REGULAR_CLIENTS; client++) {
            tell("open", "client" + client, client);
        }
        release(60);
        assertThat(said).containsExactly("open 10.0.0.1 informational");
    }

    @Test
    void theFifthClientOfAServiceTakesBackWhatWasSaidOfTheOthers() {
        stateFour();
        said.clear();
        tell("open", "client5", 500);
        assertThat(said)
                .containsExactly(
                        "retracted client1 medium",
                        "retracted client2 medium",
                        "retracted client3 medium",
                        "retracted client4 medium",
                        "open 10.0.0.1 informational");
        said.clear();
        tell("open", "client6", 600);
        tell("update", "client1", 601);
        tell("close", "client2", 602);
        release(1_000);
        assertThat(said).as("all has been said").isEmpty();
    }

    @Test
    void clientsThatWereFoundWeeksAgoCountAndAreNotTakenBackOnceTheyAreOver() {
        stateFour();
        for (int client = 1; client < CommonService.REGULAR_CLIENTS; client++) {
            tell("close", "client" + client, 2_000);
        }
        said.clear();
        tell("open", "client5", 30 * DAY_MINUTES);
        assertThat(said).containsExactly("open 10.0.0.1 informational");
    }

    @Test
    void oneClientAgainAndAgainIsOne() {
        for (int day = 0; day < 20; day++) {
            Signal signal = beacon("open", "client1", "10.0.0.1", day * DAY_MINUTES);
            signal.setSignalId("episode" + day);
            judge(signal);
            release(day * DAY_MINUTES + 30);
        }
        assertThat(said).hasSize(20).allMatch(signal -> signal.equals("open client1 medium"));
    }

    @Test
    void allIsForgottenAfterFiveWeeks() {
        stateFour();
        release(200 + 35 * DAY_MINUTES);
        assertThat(known.isEmpty()).isTrue();
        assertThat(known.due()).isEqualTo(Instant.MAX);
    }

    @Test
    void aServiceThatThreeHostsBeginToUseWasDeployed() {
        judge(service("listener tcp/8103", "10.0.0.1", "web1", 0));
        judge(service("dependency 10.0.0.1 tcp/8103", "web1", "10.0.0.1", 0));
        judge(service("dependency 10.0.0.1 tcp/8103", "web2", "10.0.0.1", 3));
        judge(service("dependency 10.0.0.1 tcp/8103", "web3", "10.0.0.1", 5));
        release(60);
        judge(service("dependency 10.0.0.1 tcp/8103", "web4", "10.0.0.1", DAY_MINUTES));
        release(2 * DAY_MINUTES);
        assertThat(said).containsExactly("open 10.0.0.1 informational");
    }

    @Test
    void aListenerThatOneHostUsesIsNoDeployment() {
        judge(service("listener tcp/8103", "10.0.0.1", "web1", 0));
        judge(service("dependency 10.0.0.1 tcp/8103", "web1", "10.0.0.1", 0));
        release(60);
        assertThat(said).containsExactly("open 10.0.0.1 low", "open web1 low");
    }

    @Test
    void administrationIsNotDeployed() {
        assertThat(CommonService.isCandidate(service("listener tcp/22", "10.0.0.1", "web1", 0)))
                .isFalse();
        assertThat(CommonService.isCandidate(service("dependency 10.0.0.1 tcp/8103", "web1", "10.0.0.1", 0)))
                .isTrue();
        assertThat(CommonService.isCandidate(service("dependency 198.51.0.1 tcp/443", "web1", "198.51.0.1", 0)))
                .isFalse();
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

    /** Each is stated after half an hour. */
    private void stateFour() {
        for (int client = 1; client < CommonService.REGULAR_CLIENTS; client++) {
            tell("open", "client" + client, 50L * client);
            release(50L * client + 30);
        }
        assertThat(said)
                .containsExactly(
                        "open client1 medium", "open client2 medium", "open client3 medium", "open client4 medium");
    }

    private void tell(String state, String client, long minute) {
        judge(beacon(state, client, "10.0.0.1", minute));
    }

    private void judge(Signal signal) {
        assertThat(CommonService.isCandidate(signal)).isTrue();
        take(CommonService.judge(signal, known));
    }

    private void release(long minute) {
        take(CommonService.release(known, minute(minute)));
    }

    private void take(CommonService.Verdict verdict) {
        known = verdict.known();
        verdict.said()
                .forEach(signal -> said.add(signal.getState() + ' ' + signal.getEntity() + ' ' + signal.getSeverity()));
    }

    private static Instant minute(long minute) {
        return Instant.EPOCH.plus(Duration.ofMinutes(minute));
    }

    private static Signal service(String key, String entity, String peer, long minute) {
        Signal signal = Signal.newBuilder(beacon("open", entity, peer, minute))
                .clearTechnique()
                .build();
        signal.setSignalId(entity + ' ' + key);
        signal.setDetector("service");
        signal.setKey(key);
        signal.setSeverity("low");
        return signal;
    }

    private static Signal beacon(String state, String entity, String peer) {
        return beacon(state, entity, peer, 0);
    }

    /** A signal of detector beacon. */
    private static Signal beacon(String state, String entity, String peer, long minute) {
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
        signal.setEnd(minute(minute));
        signal.setDetectedAt(minute(minute));
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
