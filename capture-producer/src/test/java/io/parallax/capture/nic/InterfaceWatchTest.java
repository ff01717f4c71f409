package io.parallax.capture.nic;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.nic.InterfaceWatch.Change;
import io.parallax.capture.nic.InterfaceWatch.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterfaceWatchTest {

    private final InterfaceWatch watch = new InterfaceWatch();

    @Test
    void tellsWhatAppearedVanishedAndWasReplaced() {
        assertThat(watch.look(Map.of("eth1", 3, "eth0", 2)))
                .containsExactly(new Change(Kind.APPEARED, "eth0", 2), new Change(Kind.APPEARED, "eth1", 3));
        assertThat(watch.look(Map.of("eth0", 2, "eth1", 3))).isEmpty();
        assertThat(watch.look(Map.of("eth1", 9, "eth2", 4)))
                .containsExactly(
                        new Change(Kind.VANISHED, "eth0", 2),
                        new Change(Kind.REPLACED, "eth1", 9),
                        new Change(Kind.APPEARED, "eth2", 4));
    }

    @Test
    void oneThatCameBackBetweenTwoLooksWithAnotherIndexIsAnother() {
        watch.look(Map.of("eth0", 2));

        assertThat(watch.look(Map.of("eth0", 7))).containsExactly(new Change(Kind.REPLACED, "eth0", 7));
        assertThat(watch.look(Map.of())).containsExactly(new Change(Kind.VANISHED, "eth0", 7));
    }
}
