package io.parallax.local.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.nic.FrameSender;
import io.parallax.capture.nic.Root;
import io.parallax.local.cluster.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of the producer under load: what was published and what was counted as lost are together what was sent. */
class ProducerKillTest {

    /** More for a longer look: {@code -Dparallax.kills=20}. */
    private static final int KILLS = Integer.getInteger("parallax.kills", 3);

    private static final long PER_SECOND = 20_000;

    @TempDir
    Path folder;

    @Test
    void publishedAndCountedAreTogetherWhatWasSent() throws Exception {
        Root.orSkip();
        try (CaptureVm vm = CaptureVm.create();
                EmbeddedBroker broker = EmbeddedBroker.at(vm.brokerHost(), 9_092, folder.resolve("broker"))) {
            AtomicLong sent = new AtomicLong();
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> load = new CompletableFuture<>();
            for (int i = 0; i <= KILLS; i++) {
                try (Producer producer = Producer.start(
                        vm, broker.bootstrapServers(), folder, "--interface", "cap0", "--status-address", "none")) {
                    if (i == 0) {
                        load = CompletableFuture.runAsync(() -> send(vm, sent, enough));
                    }
                    long at = sent.get();
                    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sent.get() > at + 2 * PER_SECOND);
                    if (i < KILLS) {
                        producer.kill();
                    } else {
                        enough.set(true);
                        load.join();
                        producer.stop();
                    }
                }
            }
            long passed = sent.get() - vm.lostOnTheWire(0);
            Arrived arrived = Arrived.at(broker.bootstrapServers());
            System.out.println("killed " + KILLS + " times, sent " + passed + ": " + arrived);

            assertThat(arrived.hasGaps())
                    .as("a sequence number that never came: %s", arrived)
                    .isFalse();
            assertThat(arrived.headers()).isEqualTo(arrived.published());
            assertThat(arrived.interfaceFrames()).isEqualTo(passed);
            assertThat(arrived.published()
                            + arrived.lost()
                            + arrived.kernelDropped()
                            + arrived.filtered()
                            + arrived.shed())
                    .as("%s", arrived)
                    .isEqualTo(passed);
            assertThat(arrived.rows())
                    .extracting(row -> row.getRowKind().toString())
                    .contains("recovered", "gap");
        }
    }

    private static void send(CaptureVm vm, AtomicLong sent, AtomicBoolean enough) {
        try (FrameSender sender = FrameSender.open(vm.feed(0), "")) {
            while (!enough.get()) {
                sent.addAndGet(sender.send(Frames.tagged(500), PER_SECOND / 10, PER_SECOND));
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
