package io.parallax.capture.nic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcNetDevTest {

    private static final String TITLE = "Inter-|   Receive                            |  Transmit";
    private static final String COLUMNS =
            " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed";

    @Test
    void framesAreWhatCameInAndWhatWentOut() throws IOException {
        assertThat(ProcNetDev.parse(
                                List.of(
                                        TITLE,
                                        COLUMNS,
                                        "    lo:    9384     108    0    0    0     0          0         0     9384     109    0    0    0     0       0          0",
                                        "  eth0: 5000000000 6000000000    1    2    3     4          5         6     7000 8000000000    0    0    0     0       0          0"))
                        .values())
                .containsExactly(
                        new InterfaceCounter("eth0", 6_000_000_000L, 8_000_000_000L),
                        new InterfaceCounter("lo", 108, 109))
                .extracting(InterfaceCounter::frames)
                .containsExactly(14_000_000_000L, 217L);
    }

    @Test
    void readsAnAliasAndAFirstColumnThatTouchesTheName() throws IOException {
        assertThat(ProcNetDev.parse(List.of(TITLE, COLUMNS, "eth0:1:12345678 9 0 0 0 0 0 0 1 7 0 0 0 0 0 0")))
                .containsOnly(java.util.Map.entry("eth0:1", new InterfaceCounter("eth0:1", 9, 7)));
    }

    @Test
    void aMachineWithoutInterfacesHasNoCounters() throws IOException {
        assertThat(ProcNetDev.parse(List.of(TITLE, COLUMNS))).isEmpty();
        assertThat(ProcNetDev.parse(List.of())).isEmpty();
    }

    @Test
    void aLineOfAnotherFormIsShown() {
        for (String line : List.of("eth0: 1 2 3", "no colon here", "eth0: 1 x 0 0 0 0 0 0 1 7 0 0 0 0 0 0")) {
            assertThatThrownBy(() -> ProcNetDev.parse(List.of(TITLE, COLUMNS, line)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(line);
        }
    }
}
