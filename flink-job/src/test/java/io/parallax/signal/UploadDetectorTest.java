package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowFact;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UploadDetectorTest {

    private static final int MINUTE = 60_000;
    private static final int DAY = 24 * 60 * MINUTE;
    private static final long MUCH = 2_000_000;
    private static final String STORE = "10.0.0.7";

    private final List<FlowFact> facts = new ArrayList<>();

    @Test
    void whatIsSentToAHostThatNobodyStoresAtIsTold() {
        upload(MINUTE, "10.0.0.3", "10.0.0.8", 8443, MUCH);
        assertThat(raised()).singleElement().satisfies(signal -> {
            Finding finding = signal.finding();
            assertThat(finding.entity()).isEqualTo("10.0.0.3");
            assertThat(finding.peer()).isEqualTo("10.0.0.8");
            assertThat(finding.technique()).isEqualTo("T1048");
            assertThat(finding.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(finding.sentence())
                    .isEqualTo(
                            "10.0.0.3 sent 2000000 octets to port 8443 of 10.0.0.8, to which it had sent nothing of note,"
                                    + " and with which 0 others move data in bulk.");
        });
    }

    @Test
    void toSomebodyOutsideItIsWorse() {
        upload(MINUTE, "10.0.0.3", "198.51.100.10", 445, MUCH);
        assertThat(raised())
                .singleElement()
                .satisfies(signal -> assertThat(signal.finding().severity()).isEqualTo(Severity.HIGH));
    }

    @Test
    void manySmallPiecesAddUp() {
        for (int i = 0; i < 40; i++) {
            upload(i * MINUTE, "10.0.0.3", "10.0.0.8", 8443, 40_000);
        }
        assertThat(told()).hasSize(1);
    }

    @Test
    void aStoreIsKnownByItsOtherClients() {
        for (int client = 1; client <= 2; client++) {
            facts.add(Volumes.tcp(false, MINUTE, "10.0.1." + client, STORE, 8080, 5_000, 400_000));
        }
        upload(2 * MINUTE, "10.0.0.3", STORE, 8000, MUCH);
        assertThat(told()).isEmpty();
    }

    @Test
    void clientsOfTheSameWindowMakeAStoreToo() {
        for (int client = 1; client <= 9; client++) {
            upload(MINUTE, "10.0.1." + client, STORE, 8000, MUCH);
        }
        assertThat(told()).isEmpty();
    }

    @Test
    void measuringThroughputMakesNoStoreAndIsNoUpload() {
        for (int client = 1; client <= 9; client++) {
            upload(MINUTE, "10.0.1." + client, "10.0.0.8", 5201, MUCH);
        }
        assertThat(told()).isEmpty();
        upload(2 * MINUTE, "10.0.0.3", "10.0.0.8", 8443, MUCH);
        assertThat(told()).hasSize(1);
    }

    @Test
    void servicesThatAreThereToBeSentDataAreNoSignalInside() {
        for (int port : new int[] {2049, 445, 873, 3260, 514, 5432, 25}) {
            upload(MINUTE, "10.0.0.3", "10.0.2." + port % 250, port, MUCH);
        }
        facts.add(Volumes.tcp(false, MINUTE, "10.0.0.3", "10.0.3.1", 8443, MUCH, MUCH / 4));
        facts.add(Volumes.tcp(false, MINUTE, "10.0.0.3", "10.0.3.2", 8443, 10_000, MUCH));
        assertThat(told()).isEmpty();
    }

    @Test
    void aBackupServerByRoleIsNoSignal() {
        upload(MINUTE, "10.0.0.3", STORE, 8000, MUCH);
        Tuning tuning = new Tuning(Map.of(), Map.of(STORE, Set.of(Tuning.BACKUP)));
        assertThat(Told.of(new UploadDetector(), tuning, facts)).isEmpty();
    }

    @Test
    void aNightlyBackupIsToldOnceAndThenOnlyIfItGrows() {
        for (int night = 0; night < 13; night++) {
            upload(MINUTE + night * DAY, "10.0.0.3", STORE, 8000, 50_000_000 + night * 1_000_000);
        }
        assertThat(told()).hasSize(1);
        upload(MINUTE + 13 * DAY, "10.0.0.3", STORE, 8000, 100_000_000_000L);
        assertThat(told()).hasSize(2).last().asString().contains("octets an hour are usual");
    }

    @Test
    void anUploadOfHoursIsOneSignal() {
        for (int minute = 0; minute < 300; minute++) {
            upload(minute * MINUTE, "10.0.0.3", "10.0.0.8", 8443, 1_000_000);
        }
        assertThat(told()).hasSize(1);
        assertThat(raised())
                .last()
                .satisfies(signal -> assertThat(signal.finding().statistic()).isEqualTo(300_000_000));
    }

    @Test
    void isBoundedAndRestoredAlike() throws IOException {
        assertThat(Told.mostOctets(new UploadDetector(), Told.hostile(false)))
                .isLessThanOrEqualTo(UploadDetector.PROFILE.mostOctets());
        for (int minute = 0; minute < 150; minute++) {
            upload(minute * MINUTE, "10.0.0." + minute % 2, "10.0.0.8", 8443, 300_000);
        }
        Told.assertThatRestoresAlike(new UploadDetector(), facts);
    }

    private void upload(int millis, String source, String destination, int port, long octets) {
        facts.add(Volumes.tcp(false, millis, source, destination, port, octets, octets / 60));
    }

    private List<String> told() {
        return Told.of(new UploadDetector(), Tuning.DEFAULT, facts);
    }

    private List<Raised> raised() {
        return Told.raised(new UploadDetector(), Tuning.DEFAULT, facts);
    }
}
