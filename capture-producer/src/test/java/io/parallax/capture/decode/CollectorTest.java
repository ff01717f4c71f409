package io.parallax.capture.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.FileFrameSource;
import io.parallax.capture.source.Frame;
import io.parallax.wire.Addresses;
import io.parallax.wire.PacketHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Three mirror sessions of one virtual machine each, as their collector got them: GRE without a key and ERSPAN II bring every
 * packet, ERSPAN III one in eight; all are truncated.
 */
class CollectorTest {

    private static final Path LAB = Path.of(System.getProperty("parallax.shared", "."), "captures", "lab", "set-a");
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Volume(long packets, long octets) {
        Volume plus(long morePackets, long moreOctets) {
            return new Volume(packets + morePackets, octets + moreOctets);
        }
    }

    private final Map<Integer, Map<String, Volume>> directionsByKind = new TreeMap<>();
    private final Map<Integer, TreeSet<Long>> sequencesByKind = new TreeMap<>();
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);

    @BeforeEach
    void theLabIsThere() {
        assumeTrue(
                Files.isDirectory(LAB),
                "no lab recording: system property parallax.shared is the folder with captures/lab");
    }

    private void readMirrors(DecodeOptions options) throws IOException {
        FragmentTable fragments = new FragmentTable(this::count);
        HeaderDecoder decoder = new HeaderDecoder(options, fragments::learn);
        Frame frame = new Frame();
        PacketHeader header = new PacketHeader();
        try (FileFrameSource source = FileFrameSource.open(CaptureFile.named(LAB.resolve("collector.pcap")))) {
            while (source.next(frame)) {
                Outcome outcome = decoder.decode(frame, header);
                outcomes.merge(outcome, 1, Integer::sum);
                if (outcome.publishesHeader() && header.mirrorKind != PacketHeader.MIRROR_NONE) {
                    if (header.mirrorSequence != PacketHeader.NO_SEQUENCE) {
                        sequencesByKind
                                .computeIfAbsent(header.mirrorKind, kind -> new TreeSet<>())
                                .add(header.mirrorSequence);
                    }
                    if (outcome != Outcome.DECODED_TUNNEL_WITHOUT_IP) {
                        fragments.accept(header);
                    }
                }
            }
        }
        fragments.release();
    }

    private void count(PacketHeader header) {
        boolean hasPorts = header.protocol == IpProtocol.TCP || header.protocol == IpProtocol.UDP;
        String direction = direction(
                header.protocol,
                Addresses.ip(header.family, header.sourceHigh, header.sourceLow),
                hasPorts ? header.sourcePort : 0,
                Addresses.ip(header.family, header.destinationHigh, header.destinationLow),
                hasPorts ? header.destinationPort : 0);
        directionsByKind
                .computeIfAbsent(header.mirrorKind, kind -> new TreeMap<>())
                .merge(direction, new Volume(1, header.octetsIp), (a, b) -> a.plus(b.packets, b.octets));
    }

    private static String direction(int protocol, String source, int sourcePort, String destination, int port) {
        return protocol + " " + source + " " + sourcePort + " > " + destination + " " + port;
    }

    /** What passed the port of {@code vm}: all it sent, and of what was sent to it what was delivered. */
    private static Map<String, Volume> passed(JsonNode truth, String vm) {
        Map<String, Volume> directions = new TreeMap<>();
        for (JsonNode flow : truth.get("flows")) {
            add(directions, flow, "a", "b", "a2b", vm);
            add(directions, flow, "b", "a", "b2a", vm);
        }
        return directions;
    }

    private static void add(
            Map<String, Volume> directions, JsonNode flow, String from, String to, String way, String vm) {
        JsonNode sender = flow.get(from);
        JsonNode receiver = flow.get(to);
        JsonNode volume = flow.get(way);
        boolean isSent = sender.path("vm").asText().equals(vm);
        boolean isDelivered = receiver.path("vm").asText().equals(vm);
        if (!isSent && !isDelivered) {
            return;
        }
        long packets = volume.get(isSent ? "packets" : "delivered").asLong();
        if (packets > 0) {
            assertThat(packets)
                    .as("octets of what was lost are not told")
                    .isEqualTo(volume.get("packets").asLong());
            String direction = direction(
                    flow.get("proto").asInt(),
                    sender.get("ip").asText(),
                    sender.get("port").asInt(),
                    receiver.get("ip").asText(),
                    receiver.get("port").asInt());
            directions.put(direction, new Volume(packets, volume.get("bytes").asLong()));
        }
    }

    @Test
    void mirroredFlowsEqualWhatPassedTheMirroredPort() throws IOException {
        JsonNode truth = JSON.readTree(LAB.resolve("truth.json").toFile());
        readMirrors(DecodeOptions.DEFAULTS);

        assertThat(directionsByKind.get(PacketHeader.MIRROR_GRE)).isEqualTo(passed(truth, "vm4"));
        assertThat(directionsByKind.get(PacketHeader.MIRROR_ERSPAN_2)).isEqualTo(passed(truth, "vm6"));
        Map<String, Volume> all = passed(truth, "vm8");
        Map<String, Volume> sampled = directionsByKind.getOrDefault(PacketHeader.MIRROR_ERSPAN_3, Map.of());
        assertThat(sampled).isNotEmpty();
        sampled.forEach((direction, volume) -> assertThat(volume.packets)
                .as(direction)
                .isLessThanOrEqualTo(all.getOrDefault(direction, new Volume(0, 0)).packets));
    }

    @Test
    void noMirrorPacketIsMissing() throws IOException {
        readMirrors(DecodeOptions.DEFAULTS);

        assertThat(sequencesByKind.keySet())
                .containsExactly(PacketHeader.MIRROR_ERSPAN_2, PacketHeader.MIRROR_ERSPAN_3);
        sequencesByKind.forEach((kind, sequences) -> assertThat(sequences.last() - sequences.first() + 1)
                .as("kind " + kind)
                .isEqualTo(sequences.size()));
    }

    @Test
    void onlyTheConfiguredSenderIsOpened() throws IOException {
        readMirrors(DecodeOptions.DEFAULTS.withMirrorSenders(List.of("192.168.99.12/32")));

        assertThat(outcomes.get(Outcome.MIRROR_SENDER_REFUSED)).isEqualTo(5_506);
        assertThat(directionsByKind.keySet())
                .containsExactly(PacketHeader.MIRROR_ERSPAN_2, PacketHeader.MIRROR_ERSPAN_3);
    }
}
