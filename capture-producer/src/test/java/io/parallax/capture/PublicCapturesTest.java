package io.parallax.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parallax.capture.inspect.Inspection;
import io.parallax.capture.inspect.InspectionJson;
import io.parallax.capture.source.CaptureFile;
import io.parallax.capture.source.FileFrameSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Third-party captures with answers that another dissector gave. */
class PublicCapturesTest {

    private static final String TRUTH = ".truth.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Direction(int protocol, String source, int sourcePort, String destination, int destinationPort) {}

    private record Volume(long packets, long octets) {
        Volume plus(Volume other) {
            return new Volume(packets + other.packets, octets + other.octets);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCaptureGivesTheExpectedAnswer() throws IOException {
        Path folder = Path.of(System.getProperty("parallax.shared", "."), "captures", "public");
        assumeTrue(
                Files.isDirectory(folder),
                "no reference captures: system property parallax.shared is the folder with" + " captures/public, which "
                        + folder.toAbsolutePath() + " is not");
        List<Path> truths = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().contains(TRUTH)).sorted().forEach(truths::add);
        }
        assertThat(truths).isNotEmpty();
        return truths.stream()
                .map(truth -> DynamicTest.dynamicTest(folder.relativize(truth).toString(), () -> check(truth)));
    }

    private static void check(Path truthPath) throws IOException {
        String name = truthPath.toString();
        Path capture = Path.of(name.substring(0, name.indexOf(TRUTH)));
        JsonNode truth = read(truthPath);
        JsonNode line = inspect(capture);

        long outcomes = 0;
        for (JsonNode frames : line.get("outcomes")) {
            outcomes += frames.asLong();
        }
        assertThat(outcomes)
                .as("outcomes sum to frames")
                .isEqualTo(line.get("frames").asLong());
        assertThat(line.get("frames").asLong())
                .isEqualTo(truth.get("packets_total").asLong());
        assertThat(volumes(line.get("flows"), "protocol a a_port b b_port packets_ab octets_ab packets_ba octets_ba"))
                .isEqualTo(volumes(truth.get("flows"), "proto a ap b bp pkts_ab bytes_ab pkts_ba bytes_ba"));
        assertThat(communityIds(line.get("flows"), "community_id")).isEqualTo(communityIds(truth.get("flows"), "cid"));
    }

    private static JsonNode inspect(Path capture) throws IOException {
        try (FileFrameSource source = FileFrameSource.open(CaptureFile.named(capture))) {
            return JSON.readTree(InspectionJson.of(capture.toString(), Inspection.of(source)));
        }
    }

    private static JsonNode read(Path truth) throws IOException {
        try (InputStream in = Files.newInputStream(truth)) {
            return JSON.readTree(truth.toString().endsWith(".gz") ? new GZIPInputStream(in) : in);
        }
    }

    private static Map<String, Volume> volumes(JsonNode flows, String fields) {
        String[] names = fields.split(" ");
        Map<String, Volume> volumes = new TreeMap<>();
        for (JsonNode flow : flows) {
            int protocol = flow.get(names[0]).asInt();
            String a = flow.get(names[1]).asText();
            String b = flow.get(names[3]).asText();
            int aPort = flow.get(names[2]).asInt(-1);
            int bPort = flow.get(names[4]).asInt(-1);
            add(volumes, new Direction(protocol, a, aPort, b, bPort), flow.get(names[5]), flow.get(names[6]));
            add(volumes, new Direction(protocol, b, bPort, a, aPort), flow.get(names[7]), flow.get(names[8]));
        }
        return volumes;
    }

    private static void add(Map<String, Volume> volumes, Direction direction, JsonNode packets, JsonNode octets) {
        if (packets.asLong() > 0) {
            volumes.merge(direction.toString(), new Volume(packets.asLong(), octets.asLong()), Volume::plus);
        }
    }

    private static Set<String> communityIds(JsonNode flows, String field) {
        Set<String> ids = new HashSet<>();
        flows.forEach(flow -> ids.add(flow.get(field).asText()));
        return ids;
    }
}
