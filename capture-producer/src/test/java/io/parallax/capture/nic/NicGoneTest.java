package io.parallax.capture.nic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NicGoneTest {

    private static final NicOptions OPTIONS = NicOptions.DEFAULT.withBufferOctets(1024 * 1024);

    @BeforeEach
    void needsRealInterfaces() {
        Root.orSkip();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRemovedInterfaceIsGone(boolean immediate) throws IOException {
        try (VethPair pair = VethPair.create();
                Nic nic = Nic.open(pair.name(), OPTIONS.withImmediate(immediate), "")) {
            assertThat(nic.read(10, new Recording())).isZero();
            pair.close();

            assertThatThrownBy(reading(nic))
                    .isInstanceOf(NicGoneException.class)
                    .hasMessage("interface " + pair.name() + " vanished: it was removed or renamed");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterfaceThatWentDownIsGone(boolean immediate) throws IOException {
        try (VethPair pair = VethPair.create();
                Nic nic = Nic.open(pair.name(), OPTIONS.withImmediate(immediate), "")) {
            pair.down();

            assertThatThrownBy(reading(nic))
                    .isInstanceOf(NicGoneException.class)
                    .hasMessageContaining("interface " + pair.name() + " went down");
        }
    }

    @Test
    void whatCameBeforeTheEndIsReadAndCounted() throws IOException {
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender();
                Nic nic = Nic.open(pair.name(), OPTIONS, "")) {
            sender.send(List.of(Frames.udp(53, 1, 100)), 1_000, 0);
            pair.close();
            Recording recording = new Recording();

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            nic.read(100, recording);
                        }
                    })
                    .isInstanceOf(NicGoneException.class);
            assertThat(recording.frames).hasSize(1_000);
            assertThat(nic.lastCounters()).isEqualTo(new KernelCounters(1_000, 0, 0));
        }
    }

    @Test
    void anInterfaceCreatedAgainUnderItsNameIsAnother() throws IOException {
        try (VethPair pair = VethPair.create();
                Nic nic = Nic.open(pair.name(), OPTIONS, "")) {
            pair.close();
            try (VethPair again = VethPair.again(pair)) {
                assertThatThrownBy(reading(nic))
                        .isInstanceOf(NicGoneException.class)
                        .hasMessageContaining("interface " + again.name() + " was replaced");
            }
        }
    }

    @Test
    void countersTellOfAReplacementThatNoReadSaw() throws IOException {
        try (VethPair pair = VethPair.create();
                Nic nic = Nic.open(pair.name(), OPTIONS, "")) {
            pair.close();
            try (VethPair again = VethPair.again(pair)) {
                await().atMost(Duration.ofSeconds(5))
                        .untilAsserted(() -> assertThatThrownBy(nic::counters)
                                .isInstanceOf(NicGoneException.class)
                                .hasMessageContaining("interface " + again.name() + " was replaced"));
            }
        }
    }

    @Test
    void anInterfaceThatCameUpAgainIsOpenedAnew() throws IOException {
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender()) {
            try (Nic nic = Nic.open(pair.name(), OPTIONS, "")) {
                pair.down();
                assertThatThrownBy(reading(nic)).isInstanceOf(NicGoneException.class);
            }
            assertThatThrownBy(() -> Nic.open(pair.name(), OPTIONS, ""))
                    .isInstanceOf(NicException.class)
                    .hasMessageContaining("it is down; ip link set " + pair.name() + " up");
            pair.up();
            try (Nic nic = Nic.open(pair.name(), OPTIONS, "")) {
                sender.send(Frames.numbered(53, 10, 100), 10, 0);
                assertThat(Recording.of(nic, 10).frames).hasSize(10);
            }
        }
    }

    private static ThrowingCallable reading(Nic nic) {
        return () -> {
            // 10 ms each.
            for (int i = 0; i < 300; i++) {
                nic.read(100, frame -> {});
            }
        };
    }
}
