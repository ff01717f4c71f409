package io.parallax.capture.nic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's counters, held against a sender that counts for itself. */
@Timeout(60)
class NicDropsTest {

    private static final int SENT = 40_000;

    @BeforeEach
    void needsRealInterfaces() {
        Root.orSkip();
    }

    @ParameterizedTest
    @CsvSource({
        "0, false", "2000, false", "10000, false", "40000, false", "100000, false",
        "0, true", "2000, true", "10000, true", "40000, true", "100000, true"
    })
    void whatWasSentWasReadOrDropped(long nanosPerFrame, boolean immediate) throws IOException {
        NicOptions tiny = NicOptions.DEFAULT
                .withBufferOctets(NicOptions.MIN_BUFFER_OCTETS * 2)
                .withImmediate(immediate);
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender();
                Nic nic = Nic.open(pair.name(), tiny, "")) {
            CompletableFuture<Long> sending =
                    CompletableFuture.supplyAsync(() -> sender.send(List.of(Frames.udp(53, 1, 100)), SENT, 0));
            long read = readAll(nic, sending, nanosPerFrame);
            long accepted = sending.join();
            KernelCounters counters = nic.counters();

            assertThat(accepted).isEqualTo(SENT);
            assertThat(pair.arrived()).isEqualTo(accepted);
            assertThat(counters.received()).isEqualTo(accepted);
            assertThat(read + counters.dropped()).isEqualTo(accepted);
            if (nanosPerFrame >= 10_000) {
                assertThat(counters.dropped()).isPositive();
            }
        }
    }

    /** Reads slowly until the sender is through and nothing comes any more. */
    private static long readAll(Nic nic, CompletableFuture<Long> sending, long nanosPerFrame) throws NicGoneException {
        long read = 0;
        for (int idle = 0; idle < 10; ) {
            boolean through = sending.isDone();
            int frames = nic.read(100, frame -> spin(nanosPerFrame));
            read += frames;
            idle = frames == 0 && through ? idle + 1 : 0;
        }
        return read;
    }

    private static void spin(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }
}
