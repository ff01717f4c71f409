package io.parallax.capture.nic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NicTest {

    private static final NicOptions OPTIONS = NicOptions.DEFAULT.withBufferOctets(8 * 1024 * 1024);

    @BeforeEach
    void needsRealInterfaces() {
        Root.orSkip();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyFrameSentIsReadAsItWas(boolean immediate) throws IOException {
        List<byte[]> sent = Frames.numbered(53, 5_000, 100);
        try (VethPair pair = VethPair.withPeerInNamespace();
                FrameSender sender = pair.sender();
                Nic nic = Nic.open(pair.name(), OPTIONS.withImmediate(immediate), "")) {
            long before = nanos(Instant.now());
            assertThat(sender.send(sent, sent.size(), 0)).isEqualTo(sent.size());
            long after = nanos(Instant.now());
            Recording read = Recording.of(nic, sent.size());

            assertThat(read.frames).hasSize(sent.size());
            for (int i = 0; i < sent.size(); i++) {
                assertThat(read.frames.get(i).octets()).isEqualTo(sent.get(i));
                assertThat(read.frames.get(i).timeNanos()).isBetween(before, after);
            }
            assertThat(read.frames).extracting(Recording.Kept::linkType).containsOnly(1);
            assertThat(read.frames).extracting(Recording.Kept::originalOctets).containsOnly(100);
            // Microseconds would all end in 000.
            assertThat(read.frames).anyMatch(frame -> frame.timeNanos() % 1_000 != 0);
            assertThat(nic.counters()).isEqualTo(new KernelCounters(sent.size(), 0, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theVlanTagIsWhereItWas(boolean immediate) throws IOException {
        byte[] tagged = Frames.tagged(0xa123, 53, 7, 120);
        byte[] doubly = new io.parallax.capture.source.Octets()
                .hex("02:00:00:00:00:0b 02:00:00:00:00:0a 88a8 0064 8100 0065 0800")
                .zeros(60)
                .toBytes();
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender();
                Nic nic = Nic.open(pair.name(), OPTIONS.withImmediate(immediate), "")) {
            sender.send(List.of(tagged, doubly), 2, 0);

            assertThat(Recording.of(nic, 2).frames)
                    .extracting(Recording.Kept::octets)
                    .containsExactly(tagged, doubly);
        }
    }

    @Test
    void whatIsBehindTheSnapLengthStaysBehind() throws IOException {
        byte[] plain = Frames.udp(53, 1, 1_000);
        byte[] tagged = Frames.tagged(5, 53, 2, 1_000);
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender();
                Nic nic = Nic.open(pair.name(), OPTIONS, "")) {
            sender.send(List.of(plain, tagged), 2, 0);
            List<Recording.Kept> read = Recording.of(nic, 2).frames;

            assertThat(read).extracting(Recording.Kept::originalOctets).containsExactly(1_000, 1_000);
            assertThat(read.get(0).octets()).isEqualTo(java.util.Arrays.copyOf(plain, 128));
            assertThat(read.get(1).octets()).isEqualTo(java.util.Arrays.copyOf(tagged, 128));
        }
    }

    @Test
    void aFilterIsReplacedWhileReading() throws IOException {
        byte[] dns = Frames.udp(53, 1, 100);
        byte[] ntp = Frames.udp(123, 2, 100);
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender();
                Nic nic = Nic.open(pair.name(), OPTIONS, "udp port 53")) {
            sender.send(List.of(dns, ntp), 10, 0);
            assertThat(Recording.of(nic, 10).frames)
                    .hasSize(5)
                    .allMatch(frame -> java.util.Arrays.equals(frame.octets(), dns));
            assertThat(nic.counters().received()).isEqualTo(5);

            nic.filter("udp port 123");
            sender.send(List.of(dns, ntp), 10, 0);
            assertThat(Recording.of(nic, 10).frames)
                    .hasSize(5)
                    .allMatch(frame -> java.util.Arrays.equals(frame.octets(), ntp));
            assertThat(nic.counters()).isEqualTo(new KernelCounters(10, 0, 0));

            nic.filter("");
            sender.send(List.of(dns, ntp), 10, 0);
            assertThat(Recording.of(nic, 10).frames).hasSize(10);
        }
    }

    @Test
    void aFilterThatIsNoneLeavesTheOldOne() throws IOException {
        byte[] dns = Frames.udp(53, 1, 100);
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender();
                Nic nic = Nic.open(pair.name(), OPTIONS, "udp port 53")) {
            assertThatThrownBy(() -> nic.filter("udp prot 123"))
                    .isInstanceOf(NicException.class)
                    .hasMessageContaining("'udp prot 123'")
                    .hasMessageContaining("understood as far as 'udp', not from 'prot 123'");
            sender.send(List.of(dns, Frames.udp(123, 2, 100)), 2, 0);

            assertThat(Recording.of(nic, 2).frames).hasSize(1);
        }
    }

    @Test
    void twoInterfacesAreReadAtOnceEachItsOwn() throws IOException {
        try (VethPair one = VethPair.create();
                VethPair two = VethPair.create();
                FrameSender intoOne = one.sender();
                FrameSender intoTwo = two.sender();
                Nic first = Nic.open(one.name(), OPTIONS, "");
                Nic second = Nic.open(two.name(), OPTIONS, "")) {
            CompletableFuture<Recording> reading = CompletableFuture.supplyAsync(() -> reading(first, 3_000));
            CompletableFuture<Recording> alsoReading = CompletableFuture.supplyAsync(() -> reading(second, 2_000));
            intoOne.send(List.of(Frames.udp(1, 1, 100)), 3_000, 0);
            intoTwo.send(List.of(Frames.udp(2, 2, 100)), 2_000, 0);

            assertThat(reading.join().frames)
                    .hasSize(3_000)
                    .allMatch(frame -> java.util.Arrays.equals(frame.octets(), Frames.udp(1, 1, 100)));
            assertThat(alsoReading.join().frames)
                    .hasSize(2_000)
                    .allMatch(frame -> java.util.Arrays.equals(frame.octets(), Frames.udp(2, 2, 100)));
        }
    }

    private static Recording reading(Nic nic, int frames) {
        try {
            return Recording.of(nic, frames);
        } catch (NicGoneException e) {
            throw new IllegalStateException(e);
        }
    }

    /** libpcap would wait here until the first frame comes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anIdleInterfaceKeepsNobodyLongerThanTheTimeout(boolean immediate) throws IOException {
        NicOptions slow = new NicOptions(128, 1 << 20, true, immediate, Duration.ofMillis(200));
        try (VethPair pair = VethPair.create();
                Nic nic = Nic.open(pair.name(), slow, "")) {
            long start = System.nanoTime();
            assertThat(nic.read(10, new Recording())).isZero();
            assertThat(System.nanoTime() - start).isBetween(millis(190), millis(2_000));
        }
    }

    @Test
    void anInterruptEndsTheWait() throws IOException {
        NicOptions slow = new NicOptions(128, 1 << 20, true, true, Duration.ofSeconds(1));
        try (VethPair pair = VethPair.create()) {
            Nic nic = Nic.open(pair.name(), slow, "");
            nic.interrupt();
            long start = System.nanoTime();
            assertThat(nic.read(10, new Recording())).isZero();
            assertThat(System.nanoTime() - start).isLessThan(millis(500));

            // The interrupt is used up.
            start = System.nanoTime();
            assertThat(nic.read(10, new Recording())).isZero();
            assertThat(System.nanoTime() - start).isGreaterThan(millis(900));
            nic.close();
            nic.interrupt();
            assertThatThrownBy(() -> nic.read(10, new Recording())).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatTheTakerThrowsComesOutAndTheFramesBehindItStay() throws IOException {
        try (VethPair pair = VethPair.create();
                FrameSender sender = pair.sender();
                Nic nic = Nic.open(pair.name(), OPTIONS, "")) {
            sender.send(Frames.numbered(53, 10, 100), 10, 0);
            assertThat(Recording.of(nic, 3).frames).hasSize(3);
            IllegalStateException thrown = new IllegalStateException("no more");

            assertThatThrownBy(() -> nic.read(10, frame -> {
                        throw thrown;
                    }))
                    .isSameAs(thrown);
            assertThat(Recording.of(nic, 10).frames).hasSize(6);
        }
    }

    @Test
    void aNameThatIsNoneComesWithThoseThatAre() {
        assertThatThrownBy(() -> Nic.open("nosuch0", OPTIONS, ""))
                .isInstanceOf(NicException.class)
                .hasMessageContaining("interface nosuch0")
                .hasMessageContaining("there are ")
                .hasMessageContaining("lo");
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
