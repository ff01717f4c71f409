package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConflictDetectorTest {

    private static final int GATEWAY = 1;
    private static final int VICTIM = 5;
    private static final int FORGER = 66;

    private final Utterances link = new Utterances();

    @Test
    void aForgerWhoAnswersForTheGatewayWhileThatStillAnswersIsSpoofing() {
        link.answer(0, GATEWAY, VICTIM).ask(1_000, FORGER, VICTIM);
        for (int i = 0; i < 30; i++) {
            link.claim(5_000 + i * 2_000L, FORGER, GATEWAY, VICTIM);
            if (i % 5 == 3) {
                link.ask(6_000 + i * 2_000L, GATEWAY, 9);
            }
        }
        List<Raised> raised = link.run();
        Raised open = raised.get(0);
        assertThat(open.detector().name()).isEqualTo("address-conflict");
        assertThat(open.finding().technique()).isEqualTo("T1557.002");
        assertThat(open.finding().entity()).isEqualTo(Utterances.host(GATEWAY));
        assertThat(open.finding().peer()).isEqualTo("02:00:00:00:00:42");
        assertThat(Utterances.seconds(open.detectedAt())).isEqualTo(15.0);
        assertThat(open.finding().severity()).isEqualTo(Severity.HIGH);
    }

    @Test
    void twoHostsWithOneAddressAreAConflictAndNoAttack() {
        for (int i = 0; i < 6; i++) {
            link.askAs(i * 20_000L, 7, VICTIM, GATEWAY).askAs(i * 20_000L + 10_000, 8, VICTIM, GATEWAY);
        }
        Raised open = link.run().get(0);
        assertThat(open.finding().technique()).isEmpty();
        assertThat(open.finding().sentence()).contains("also asks for others in that name");
    }

    @Test
    void twoAnswersToEachQuestionAreAConflictInWhateverOrder() {
        for (int i = 0; i < 5; i++) {
            link.answer(i * 30_000L, GATEWAY, VICTIM).claim(i * 30_000L + 1, FORGER, GATEWAY, VICTIM);
        }
        assertThat(link.run()).isNotEmpty();
    }

    @Test
    void anAddressThatMovesOnceOrThereAndBackIsNoConflict() {
        for (int i = 0; i < 10; i++) {
            link.answer(i * 10_000L, GATEWAY, VICTIM);
        }
        link.announce(100_000, 77, GATEWAY);
        for (int i = 0; i < 10; i++) {
            link.claim(101_000 + i * 10_000L, 77, GATEWAY, VICTIM);
        }
        for (int i = 0; i < 10; i++) {
            link.answer(210_000 + i * 10_000L, GATEWAY, VICTIM);
        }
        assertThat(link.run()).isEmpty();
    }

    @Test
    void copiesThatSensorsSawAMomentLaterAreNoChanges() {
        link.answer(0, GATEWAY, VICTIM);
        for (int i = 0; i < 6; i++) {
            link.announce(10_000 + i * 10L, 77, GATEWAY).claim(10_005 + i * 10L, GATEWAY, GATEWAY, VICTIM);
        }
        assertThat(link.run()).isEmpty();
    }

    @Test
    void aVirtualRoutersAddressBelongsToAGroup() {
        for (int i = 0; i < 10; i++) {
            link.answer(i * 20_000L, GATEWAY, VICTIM);
            link.claim(i * 20_000L + 10_000, 0x5E00_0100 + 7, GATEWAY, VICTIM);
        }
        assertThat(link.run()).isEmpty();
    }

    @Test
    void aRestoredWatchRaisesTheSameSignalsFromABoundedMemory() throws IOException {
        for (int i = 0; i < 40; i++) {
            link.claim(i * 2_000L, FORGER, GATEWAY, VICTIM).answer(i * 2_000L + 1_100, GATEWAY, VICTIM);
        }
        List<String> expected = link.run().stream()
                .map(raised -> raised.id() + raised.revision())
                .toList();
        assertThat(expected).hasSizeGreaterThan(2);
        assertThat(link.runRestoring(700, 90_000).stream().map(raised -> raised.id() + raised.revision()))
                .containsExactlyElementsOf(expected);
        for (int i = 0; i < 100; i++) {
            link.claim(100_000 + i * 2_000L, 100 + i, GATEWAY, VICTIM);
        }
        ConflictDetector detector = new ConflictDetector();
        assertThat(Utterances.octets(detector, link.facts))
                .isBetween(100, detector.profile().mostOctets());
    }
}
