package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowFact;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TunnelDetectorTest {

    private static final int UDP_HEADERS = 28;
    private static final int MINUTE = 60_000;

    private final List<FlowFact> facts = new ArrayList<>();

    @Test
    void dataInTheNamesOfLookUpsIsExfiltration() {
        lookUps("a", MINUTE, 60, 145, 150);
        assertThat(raised()).first().satisfies(signal -> {
            assertThat(signal.finding().technique()).isEqualTo("T1048.003");
            assertThat(signal.finding().entity()).isEqualTo("a");
        });
        assertThat(raised())
                .last()
                .satisfies(signal -> assertThat(signal.finding().sentence())
                        .isEqualTo(
                                "a sent 60 queries to dns in a window, of 145 octets on average, at most 1 from one port,"
                                        + " and was answered with 150."));
    }

    @Test
    void oneSocketForQueriesAndLongAnswersIsATunnel() {
        oneSocket("a", MINUTE, 600, 90, 300);
        assertThat(raised())
                .singleElement()
                .satisfies(signal -> assertThat(signal.finding().technique()).isEqualTo("T1071.004"));
    }

    @Test
    void lookUpsAreNoTunnel() {
        lookUps("page", MINUTE, 60, 50, 120);
        lookUps("busy", MINUTE, 5_000, 55, 130);
        lookUps("signed", MINUTE, 300, 60, 900);
        lookUps("reverse", MINUTE, 200, 95, 160);
        lookUps("few", MINUTE, 19, 200, 250);
        oneSocket("forwarder", MINUTE, 400, 50, 120);
        assertThat(told()).isEmpty();
    }

    @Test
    void aResolverByRoleIsNotTold() {
        lookUps("a", MINUTE, 60, 145, 150);
        Tuning tuning = new Tuning(Map.of(), Map.of("a", Set.of(Tuning.DNS)));
        assertThat(Told.of(new TunnelDetector(), tuning, facts)).isEmpty();
    }

    @Test
    void repliesOfAnotherLengthThanRequestsCarrySomethingElse() {
        echo("a", MINUTE, 50, 100, 50, 900);
        assertThat(raised())
                .singleElement()
                .satisfies(signal -> assertThat(signal.finding().technique()).isEqualTo("T1095"));
    }

    @Test
    void repliesThatNobodyAskedForAreATunnel() {
        echo("a", MINUTE, 50, 100, 90, 100);
        assertThat(told()).hasSize(1);
    }

    @Test
    void manyLargePingsThatComeBackAsTheyWereAreToldAsLow() {
        echo("a", MINUTE, 400, 964, 400, 964);
        assertThat(raised()).singleElement().satisfies(signal -> {
            assertThat(signal.finding().technique()).isEqualTo("T1095");
            assertThat(signal.finding().severity()).isEqualTo(Severity.LOW);
        });
        Tuning tuning = new Tuning(Map.of(), Map.of("a", Set.of(Tuning.MONITORING)));
        assertThat(Told.of(new TunnelDetector(), tuning, facts)).isEmpty();
    }

    @Test
    void pingsOfUsualSizeOrAtAUsualRateAreNoTunnel() {
        echo("large", MINUTE, 60, 1_428, 60, 1_428);
        echo("fast", MINUTE, 6_000, 84, 6_000, 84);
        echo("lossy", MINUTE, 600, 84, 550, 84);
        echo("unanswered", MINUTE, 600, 84, 0, 0);
        echo("large packets lost", MINUTE, 60, 1_000, 40, 500);
        assertThat(told()).isEmpty();
    }

    @Test
    void isBoundedAndRestoredAlike() throws IOException {
        assertThat(Told.mostOctets(new TunnelDetector(), Told.hostile(true)))
                .isLessThanOrEqualTo(TunnelDetector.PROFILE.mostOctets());
        for (int minute = 0; minute < 20; minute++) {
            oneSocket("a", minute * MINUTE, 200 + minute, 90, 300);
        }
        Told.assertThatRestoresAlike(new TunnelDetector(), facts);
    }

    /** Each from another port. */
    private void lookUps(String source, int millis, int queries, int query, int answer) {
        for (int i = 0; i < queries; i++) {
            dns(source, millis, 1_024 + i, 1, query, answer);
        }
    }

    private void oneSocket(String source, int millis, int queries, int query, int answer) {
        dns(source, millis, 1_024, queries, query, answer);
    }

    private void dns(String source, int millis, int port, int queries, int query, int answer) {
        facts.add(Volumes.of(
                true,
                millis,
                source,
                "dns",
                FlowFact.UDP,
                port,
                53,
                queries,
                (long) queries * (query + UDP_HEADERS),
                queries,
                (long) queries * (answer + UDP_HEADERS)));
    }

    private void echo(String source, int millis, int requests, int length, int replies, int replyLength) {
        facts.add(Volumes.of(
                true,
                millis,
                source,
                "b",
                FlowFact.ICMP,
                8,
                0,
                requests,
                (long) requests * length,
                replies,
                (long) replies * replyLength));
    }

    private List<String> told() {
        return Told.of(new TunnelDetector(), Tuning.DEFAULT, facts);
    }

    private List<Raised> raised() {
        return Told.raised(new TunnelDetector(), Tuning.DEFAULT, facts);
    }
}
