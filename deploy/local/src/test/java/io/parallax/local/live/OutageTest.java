package io.parallax.local.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.nic.FrameSender;
import io.parallax.capture.nic.Root;
import io.parallax.local.cluster.EmbeddedBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka away while frames keep coming: they are in the spool, and then in Kafka. */
class OutageTest {

    /** Longer for a longer look: {@code -Dparallax.outage=600}. */
    private static final long OUTAGE_SECONDS = Long.getLong("parallax.outage", 8);

    private static final long PER_SECOND = 20_000;
    private static final int STATUS_PORT = 9_464;
    private static final long MAX_RESIDENT_OCTETS = 512L << 20;

    /** 32 random octets that no header holds. */
    private static final byte[] CANARY = "kR7#vQ2!xLp9@Zt4$Wm6^Hn8&Bc1*Yd3".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @Test
    void nothingIsLostNoPayloadIsKeptAndTheSpoolIsCaughtUpQuickly() throws Exception {
        Root.orSkip();
        try (CaptureVm vm = CaptureVm.create();
                EmbeddedBroker broker = EmbeddedBroker.at(vm.brokerHost(), 9_092, folder.resolve("broker"))) {
            String status = "10.231.%s:%d".formatted(vm.brokerHost().split("\\.")[2] + ".2", STATUS_PORT);
            try (Producer producer = Producer.start(
                    vm,
                    broker.bootstrapServers(),
                    folder,
                    "--interface",
                    "cap0",
                    "--snap-length",
                    "512",
                    "--status-address",
                    status)) {
                long sent = send(vm, PER_SECOND);
                broker.stop();
                sent += send(vm, OUTAGE_SECONDS * PER_SECOND);
                assertThat(holdsCanary(folder.resolve("spool"))).isFalse();
                broker.startAgain();
                long restarted = System.nanoTime();
                long behind = metric(status, "parallax_capture_spool_bytes");
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60 + OUTAGE_SECONDS))
                        .until(() -> metric(status, "parallax_capture_spool_bytes") == 0);
                double caughtUpSeconds = (System.nanoTime() - restarted) / 1e9;
                double handOffSeconds = metricValue(status, "parallax_capture_hand_off_max_seconds");
                long residentOctets = producer.residentOctets();
                producer.stop();
                Arrived arrived = Arrived.at(broker.bootstrapServers());
                System.out.printf(
                        "outage of %d s at %d packets/s: %s; %d octets behind caught up in %.1f s, longest hand-off %.3f ms,"
                                + " %d MiB resident%n",
                        OUTAGE_SECONDS,
                        PER_SECOND,
                        arrived,
                        behind,
                        caughtUpSeconds,
                        handOffSeconds * 1e3,
                        residentOctets >> 20);

                assertThat(arrived.headers()).as("%s", arrived).isEqualTo(sent);
                assertThat(arrived.hasGaps()).isFalse();
                assertThat(arrived.kernelDropped()).isZero();
                assertThat(residentOctets).isLessThan(MAX_RESIDENT_OCTETS);
                // Three times as fast as it came; and the moment that clients need to find a broker again.
                assertThat(caughtUpSeconds).isLessThan(OUTAGE_SECONDS / 3.0 + 5);
                // A thread that is not let run for some milliseconds did not wait for disk or Kafka, which take longer.
                assertThat(handOffSeconds).isLessThan(0.05);
                assertThat(producer.log()).doesNotContain(new String(CANARY, StandardCharsets.US_ASCII));
            }
            assertThat(holdsCanary(folder.resolve("spool"))).isFalse();
            assertThat(topicsHoldCanary(broker.bootstrapServers())).isFalse();
        }
    }

    private static long send(CaptureVm vm, long count) throws IOException {
        byte[] payload = new byte[200];
        System.arraycopy(CANARY, 0, payload, 0, CANARY.length);
        System.arraycopy(CANARY, 0, payload, 100, CANARY.length);
        try (FrameSender sender = FrameSender.open(vm.feed(0), "")) {
            long lostBefore = vm.lostOnTheWire(0);
            long sent = sender.send(Frames.tagged(1_000, payload), count, PER_SECOND);
            return sent - (vm.lostOnTheWire(0) - lostBefore);
        }
    }

    private static boolean holdsCanary(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> regular = files.filter(Files::isRegularFile).toList();
            assertThat(regular).isNotEmpty();
            for (Path file : regular) {
                if (holdsCanary(Files.readAllBytes(file))) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean topicsHoldCanary(String bootstrapServers) {
        io.parallax.local.cluster.TopicReader reader = new io.parallax.local.cluster.TopicReader(bootstrapServers);
        return io.parallax.wire.Topics.INPUTS.stream()
                .flatMap(topic -> reader.records(topic).stream())
                .anyMatch(record -> holdsCanary(record.value()));
    }

    private static boolean holdsCanary(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1)
                .contains(new String(CANARY, StandardCharsets.ISO_8859_1));
    }

    private static long metric(String status, String name) throws IOException, InterruptedException {
        return (long) metricValue(status, name);
    }

    private static double metricValue(String status, String name) throws IOException, InterruptedException {
        String page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + status + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return page.lines()
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
