package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.parallax.model.FlowFact;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VolumeDetectorTest {

    private static final int HOUR = 3_600_000;
    private static final int WEEK = 7 * 24;

    private final List<FlowFact> facts = new ArrayList<>();

    @Test
    void aHostThatTurnsFromConsumerToProducerIsToldWithinTheHour() {
        week();
        hour(WEEK, 2_000_000_000L, 150_000_000);
        List<Raised> raised = raised();
        assertThat(raised).hasSize(1);
        Finding finding = raised.get(0).finding();
        assertThat(finding.entity()).isEqualTo("a");
        assertThat(finding.peer()).isEqualTo("b");
        assertThat(finding.technique()).isEqualTo("T1048");
        assertThat(finding.at()).isEqualTo(Steps.at((long) WEEK * HOUR + HOUR / 2));
        assertThat(finding.since()).isEqualTo(Steps.at((long) WEEK * HOUR));
    }

    @Test
    void aCrowdOfClientsIsUnusualButNoTheft() {
        week();
        hour(WEEK, 3_000_000_000L, 9_000_000_000L);
        assertThat(raised()).singleElement().satisfies(signal -> {
            assertThat(signal.finding().technique()).isEmpty();
            assertThat(signal.finding().severity()).isEqualTo(Severity.LOW);
        });
    }

    @Test
    void nothingIsSaidOfAHostThatIsNotKnown() {
        hour(0, 1_000_000, 1_000_000);
        hour(1, 2_000_000_000L, 1_000_000);
        assertThat(raised()).isEmpty();
    }

    @Test
    void whatIsUsualAtThisHourIsNoSignal() {
        for (int hour = 0; hour < 3 * WEEK; hour++) {
            hour(hour, hour % 24 == 3 ? 5_000_000_000L : 20_000_000 + hour * 7_919 % 5_000_000, 30_000_000);
        }
        assertThat(raised()).isEmpty();
    }

    @Test
    void aJobOfTheWeekIsToldOnce() {
        for (int hour = 0; hour < 5 * WEEK; hour++) {
            long sent = hour % WEEK == WEEK - 4 ? 4_000_000_000L : 20_000_000 + hour * 7_919 % 5_000_000;
            hour(hour, sent, 30_000_000);
        }
        assertThat(raised()).hasSize(1);
        hour(5 * WEEK, 4_000_000_000L, 30_000_000);
        assertThat(raised()).as("at another time").hasSize(2);
    }

    @Test
    void littleIsNeverTold() {
        for (int hour = 0; hour < WEEK; hour++) {
            hour(hour, 10_000, 10_000);
        }
        hour(WEEK, 5_000_000, 10_000);
        assertThat(raised()).isEmpty();
    }

    /** The full figure is that of VolumeStudy: here as many as take seconds. Seeds of its own. */
    @Test
    void serversThatGoOnAsTheyDidAreSeldomToldAndTheftMostly() {
        List<Raised> benign = new HostDays(77, 30).run(7, 4, HostDays.Theft.NONE);
        assertThat(benign.stream()
                        .filter(signal -> HostDays.isServer(signal.finding().entity())))
                .as("120 host-days: one at most in 100, and chance")
                .hasSizeLessThanOrEqualTo(3);
        long found = new HostDays(78, 30)
                .run(7, 2, HostDays.Theft.DAY).stream()
                        .map(signal -> signal.finding().entity())
                        .filter(HostDays::isServer)
                        .distinct()
                        .count();
        assertThat(found).isGreaterThanOrEqualTo(22);
    }

    @Test
    void isBoundedAndRestoredAlike() throws IOException {
        assertThat(Told.mostOctets(new VolumeDetector(), Told.hostile(true)))
                .isLessThanOrEqualTo(VolumeDetector.PROFILE.mostOctets());
        week();
        hour(WEEK, 2_000_000_000L, 150_000_000);
        Told.assertThatRestoresAlike(new VolumeDetector(), facts);
    }

    @Test
    void evidenceIsThatOfTheNormalTail() {
        assertThat(NormalTail.evidence(4.2649)).isCloseTo(Math.log(1e5), within(0.01));
        assertThat(NormalTail.evidence(2.3263)).isCloseTo(Math.log(100), within(0.02));
        assertThat(NormalTail.evidence(-1)).isZero();
        assertThat(NormalTail.normalOf(10.2143, 4)).as("p = 0.00026").isCloseTo(3.47, within(0.05));
    }

    /** 50 to 60 MB an hour out, three times that in. */
    private void week() {
        for (int hour = 0; hour < WEEK; hour++) {
            long sent = 50_000_000 + hour * 7_919_000L % 10_000_000;
            hour(hour, sent, 3 * sent);
        }
    }

    private void hour(int hour, long sent, long received) {
        facts.add(Volumes.tcp(true, (long) hour * HOUR + HOUR / 2, "a", "b", 443, sent, received));
    }

    private List<Raised> raised() {
        return Told.raised(new VolumeDetector(), Tuning.DEFAULT, facts).stream()
                .filter(signal -> signal.state() == Raised.State.OPEN)
                .toList();
    }
}
