package io.parallax.local.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.capture.nic.FrameSender;
import io.parallax.capture.nic.Root;
import io.parallax.local.cluster.EmbeddedBroker;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.MirrorSessionCount;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A producer on a capture VM, from frames on a wire to records on a topic. */
class LiveCaptureTest {

    private static final int PORT = 9_092;

    @TempDir
    Path folder;

    private CaptureVm vm;
    private EmbeddedBroker broker;

    @BeforeEach
    void start() throws IOException {
        Root.orSkip();
        vm = CaptureVm.create();
        broker = EmbeddedBroker.at(vm.brokerHost(), PORT, folder.resolve("broker"));
    }

    @AfterEach
    void stop() throws IOException {
        if (broker != null) {
            broker.close();
        }
        if (vm != null) {
            vm.close();
        }
    }

    private Producer producer(String... options) throws IOException {
        return Producer.start(vm, broker.bootstrapServers(), folder, options);
    }

    private long send(int number, List<byte[]> frames, long count, long perSecond) throws IOException {
        long lostBefore = vm.lostOnTheWire(number);
        try (FrameSender sender = FrameSender.open(vm.feed(number), "")) {
            long sent = sender.send(frames, count, perSecond);
            return sent - (vm.lostOnTheWire(number) - lostBefore);
        }
    }

    @Test
    void everyFrameOfBothCaptureMethodsIsAccountedFor() throws Exception {
        List<Integer> lost = List.of(500, 501, 502, 1_700);
        try (Producer producer = producer("--interface", "cap*", "--status-address", "none")) {
            long direct = send(0, Frames.tagged(500), 60_000, 20_000);
            List<byte[]> copies = Frames.mirrored(0, 2_000, lost);
            long mirrored = send(1, copies, copies.size(), 10_000);
            producer.stop();
            Arrived arrived = Arrived.at(broker.bootstrapServers());

            assertThat(arrived.residual()).as("%s%n%s", arrived, producer.log()).isZero();
            assertThat(arrived.interfaceFrames()).isEqualTo(direct + mirrored);
            assertThat(arrived.frames()).isEqualTo(direct + mirrored);
            assertThat(arrived.headers()).isEqualTo(direct + mirrored).isEqualTo(arrived.published());
            assertThat(arrived.hasGaps()).isFalse();
            assertThat(lostInSessions(arrived)).isEqualTo(lost.size());
        }
    }

    private static long lostInSessions(Arrived arrived) {
        long lost = 0;
        for (CaptureLedger row : arrived.rows()) {
            for (MirrorSessionCount session : row.getMirrorSessions()) {
                assertThat(session.getEncapsulation()).isEqualTo("gre");
                assertThat(session.getLostIsEstimate()).isFalse();
                lost += session.getLost() == null ? 0 : session.getLost();
            }
        }
        return lost;
    }

    @Test
    void whatTheKernelHadToDropIsInTheLedger() throws Exception {
        try (Producer producer =
                producer("--interface", "cap0", "--kernel-buffer", "128KiB", "--status-address", "none")) {
            long sent = send(0, Frames.tagged(500), 400_000, 0);
            producer.stop();
            Arrived arrived = Arrived.at(broker.bootstrapServers());

            assertThat(arrived.kernelDropped()).as("forced drops: %s", arrived).isPositive();
            assertThat(arrived.residual()).as("%s", arrived).isZero();
            assertThat(arrived.interfaceFrames()).isEqualTo(sent);
            assertThat(arrived.headers()).isEqualTo(sent - arrived.kernelDropped());
        }
    }

    /** The uplink is captured as well: what the producer sends must not become more to send. */
    @Test
    void itsOwnWayToKafkaIsNotCaptured() throws Exception {
        try (Producer producer = producer("--interface", "cap0,uplink", "--status-address", "none")) {
            long sent = send(0, Frames.tagged(500), 200_000, 20_000);
            producer.stop();
            Arrived arrived = Arrived.at(broker.bootstrapServers());

            long carried = arrived.sum(row -> row.getInterfaceName().equals("uplink") ? row.getInterfaceFrames() : 0L);
            assertThat(carried).as("frames of its own on the uplink").isGreaterThan(100);
            assertThat(arrived.published() / (double) sent)
                    .as("amplification, %s", arrived)
                    .isLessThanOrEqualTo(1.001);
            assertThat(arrived.residual()).as("%s", arrived).isBetween(-0L, 5L);
        }
    }

    @Test
    void aMirrorOfAMirrorIsLeftOutAndCounted() throws Exception {
        try (Producer producer = producer("--interface", "cap0", "--status-address", "none", "--snap-length", "192")) {
            List<byte[]> loop = Frames.mirroredTwice(1_000);
            long nested = send(0, loop, loop.size(), 10_000);
            long once = send(0, Frames.mirrored(0, 1_000, List.of()), 1_000, 10_000);
            producer.stop();
            Arrived arrived = Arrived.at(broker.bootstrapServers());

            assertThat(arrived.filtered()).as("%s", arrived).isEqualTo(nested);
            assertThat(arrived.headers()).isEqualTo(once);
            assertThat(arrived.residual()).isZero();
        }
    }

    /** Within a mirror session the kernel's filter does not see it; the decoder does, and the watchdog says so. */
    @Test
    void aRisingShareOfItsOwnTrafficIsLeftOutAndTripsTheWatchdog() throws Exception {
        String status = vm.address() + ":9464";
        try (Producer producer = producer("--interface", "cap0", "--status-address", status, "--snap-length", "192")) {
            List<byte[]> mixed = new ArrayList<>(Frames.mirroredUplink(vm.address(), vm.brokerHost(), PORT));
            mixed.addAll(Frames.tagged(100));
            await(() -> producer.log().contains(vm.brokerHost() + ":" + PORT + "]"));
            HttpResponse<String> well = health(status);
            long sent = send(0, mixed, 20_000, 1_000);
            HttpResponse<String> tripped = health(status);
            producer.stop();
            Arrived arrived = Arrived.at(broker.bootstrapServers());

            assertThat(well.statusCode()).as(well.body()).isEqualTo(200);
            assertThat(tripped.statusCode()).isEqualTo(503);
            assertThat(tripped.body()).contains("own-traffic");
            assertThat(arrived.headers()).isEqualTo(sent / 2);
            assertThat(arrived.filtered()).isEqualTo(sent / 2);
        }
    }

    private static HttpResponse<String> health(String status) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + status + "/health"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void sampledFlowsAreWholeAndTheRateIsInEveryBatch() throws Exception {
        try (Producer producer =
                producer("--interface", "cap0", "--sampling-flows", "0.25", "--status-address", "none")) {
            long sent = send(0, Frames.tagged(400), 40_000, 20_000);
            producer.stop();
            Arrived arrived = Arrived.at(broker.bootstrapServers());

            assertThat(arrived.published() % 100).as("100 packets of each flow").isZero();
            assertThat(arrived.published() / (double) sent).isBetween(0.15, 0.35);
            assertThat(arrived.published() + arrived.shed()).isEqualTo(sent);
            assertThat(arrived.rows()).allMatch(row -> row.getSamplingProbability() == 0.25);
        }
    }

    @Test
    void anInterfaceThatGoesAndComesIsAnEventAndNotTheEnd() throws Exception {
        try (Producer producer = producer("--interface", "cap*", "--status-address", "none")) {
            long before = send(0, Frames.tagged(10), 1_000, 10_000);
            Shell.run("ip netns exec " + vm.namespace() + " ip link set cap0 down");
            await(() -> producer.log().contains("cap0 went down"));
            Shell.run("ip netns exec " + vm.namespace() + " ip link set cap0 up");
            await(() -> producer.log().split("interface cap0: captured", -1).length == 3);
            long after = send(0, Frames.tagged(10), 1_000, 10_000);
            producer.stop();
            Arrived arrived = Arrived.at(broker.bootstrapServers());

            assertThat(arrived.headers()).as("%s", arrived).isEqualTo(before + after);
            assertThat(arrived.hasGaps()).isFalse();
        }
    }

    @Test
    void anInterfaceThatIsDownAtTheStartIsWaitedFor() throws Exception {
        Shell.run("ip netns exec " + vm.namespace() + " ip link set cap1 down");
        try (Producer producer = producer("--interface", "cap*", "--status-address", "none")) {
            long first = send(0, Frames.tagged(10), 1_000, 10_000);
            Shell.run("ip netns exec " + vm.namespace() + " ip link set cap1 up");
            await(() -> producer.log().contains("interface cap1: captured"));
            long second = send(1, Frames.tagged(10), 1_000, 10_000);
            producer.stop();

            assertThat(Arrived.at(broker.bootstrapServers()).headers()).isEqualTo(first + second);
        }
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(condition);
    }
}
