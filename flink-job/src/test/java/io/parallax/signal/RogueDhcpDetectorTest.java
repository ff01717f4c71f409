package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RogueDhcpDetectorTest {

    private static final int SERVER = 2;
    private static final int SECOND = 3;
    private static final int ROGUE = 66;

    private final Utterances link = new Utterances();

    @Test
    void aServerThatAppearsAfterTheOthersWereLearntIsASignal() {
        learn();
        link.dhcp(5_000_000, ROGUE);
        Raised open = link.run().get(0);
        assertThat(open.detector().name()).isEqualTo("rogue-dhcp");
        assertThat(open.finding().entity()).isEqualTo(Utterances.host(ROGUE));
        assertThat(open.finding().technique()).isEqualTo("T1557.003");
        assertThat(open.detectedAt()).isEqualTo(Steps.at(5_000_000));
    }

    @Test
    void theServersOfALinkAreNoSignalNorIsOneThatWasGivenTheRole() {
        learn();
        assertThat(link.run()).isEmpty();
        link.dhcp(5_000_000, ROGUE);
        assertThat(link.run(new Tuning(Map.of(), Map.of(Utterances.host(ROGUE), Set.of(Tuning.DHCP)))))
                .isEmpty();
    }

    @Test
    void aRestoredWatchRaisesTheSameSignalsFromABoundedMemory() throws IOException {
        learn();
        link.dhcp(5_000_000, ROGUE).dhcp(5_001_000, ROGUE).dhcp(5_002_000, ROGUE);
        List<String> expected = link.run().stream()
                .map(raised -> raised.id() + raised.revision())
                .toList();
        assertThat(expected).isNotEmpty();
        assertThat(link.runRestoring(100_000, 6_000_000).stream().map(raised -> raised.id() + raised.revision()))
                .containsExactlyElementsOf(expected);
        for (int i = 0; i < 100; i++) {
            link.dhcp(6_000_000 + i, 100 + i);
        }
        RogueDhcpDetector detector = new RogueDhcpDetector();
        assertThat(Utterances.octets(detector, link.facts))
                .isBetween(100, detector.profile().mostOctets());
    }

    private void learn() {
        for (int i = 0; i < 40; i++) {
            link.dhcp(i * 100_000L, SERVER).dhcp(i * 100_000L + 3, SECOND);
        }
    }
}
