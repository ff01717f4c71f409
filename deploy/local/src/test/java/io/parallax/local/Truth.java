package io.parallax.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What really was sent, per flow direction: the truth of a recording of the reference lab, judged where the named sensors
 * saw a direction whole.
 */
public final class Truth {

    /** One direction of a 5-tuple; ports are 0 where the protocol has none. */
    public record Direction(int protocol, String sender, int senderPort, String receiver, int receiverPort) {

        private static final Set<Integer> PORTED = Set.of(6, 17, 132);

        static Direction of(int protocol, String sender, int senderPort, String receiver, int receiverPort) {
            boolean ported = PORTED.contains(protocol);
            return new Direction(protocol, sender, ported ? senderPort : 0, receiver, ported ? receiverPort : 0);
        }

        Direction back() {
            return new Direction(
                    protocol,
                    /* sender= */ receiver,
                    /* senderPort= */ receiverPort,
                    /* receiver= */ sender,
                    /* receiverPort= */ senderPort);
        }
    }

    /** Packets, and octets from the IP header on. */
    public record Counts(long packets, long octets) {

        static final Counts ZERO = new Counts(0, 0);

        Counts plus(long morePackets, long moreOctets) {
            return new Counts(packets + morePackets, octets + moreOctets);
        }
    }

    private final Map<Direction, Counts> expected;
    private final Set<Direction> notJudged;
    private final Set<Direction> initiated;
    private final Set<String> localAddresses;

    private Truth(
            Map<Direction, Counts> expected,
            Set<Direction> notJudged,
            Set<Direction> initiated,
            Set<String> localAddresses) {
        this.expected = expected;
        this.notJudged = notJudged;
        this.initiated = initiated;
        this.localAddresses = localAddresses;
    }

    /** As all capture VM interfaces of the recording together saw it. */
    public static Truth ofAllSensors(Path file) throws IOException {
        return read(file, null);
    }

    /** As one capture VM interface alone saw it. */
    public static Truth ofSensor(Path file, String sensor) throws IOException {
        return read(file, sensor);
    }

    private static Truth read(Path file, @Nullable String onlySensor) throws IOException {
        JsonNode root = new ObjectMapper().readTree(file.toFile());
        List<String> sensors = new ArrayList<>();
        root.get("sensors").forEach(sensor -> {
            if (sensor.get("kind").asText().equals("capture-nic")
                    && (onlySensor == null || sensor.get("name").asText().equals(onlySensor))) {
                sensors.add(sensor.get("name").asText());
            }
        });
        Map<Direction, Counts> expected = new HashMap<>();
        Set<Direction> notJudged = new HashSet<>();
        Set<Direction> initiated = new HashSet<>();
        for (JsonNode flow : root.get("flows")) {
            Direction forth = Direction.of(
                    flow.get("proto").asInt(),
                    address(flow, "a"),
                    port(flow, "a"),
                    address(flow, "b"),
                    port(flow, "b"));
            judge(flow.path("a2b"), forth, sensors, expected, notJudged);
            judge(flow.path("b2a"), forth.back(), sensors, expected, notJudged);
            switch (flow.path("initiator").asText()) {
                case "a" -> initiated.add(forth);
                case "b" -> initiated.add(forth.back());
                default -> {}
            }
        }
        expected.keySet().removeAll(notJudged);
        Set<String> local = new HashSet<>();
        root.get("inventory")
                .get("vms")
                .forEach(vm -> vm.get("nics").forEach(nic -> {
                    local.add(nic.get("ip").asText());
                    nic.path("addresses").forEach(address -> local.add(address.asText()));
                }));
        return new Truth(expected, notJudged, initiated, local);
    }

    private static void judge(
            JsonNode counts,
            Direction direction,
            List<String> sensors,
            Map<Direction, Counts> expected,
            Set<Direction> notJudged) {
        long packets = counts.path("packets").asLong();
        if (packets == 0) {
            return;
        }
        long seen = sensors.stream()
                .mapToLong(sensor -> counts.path("sightings").path(sensor).asLong())
                .sum();
        if (seen >= packets) {
            expected.merge(
                    direction,
                    new Counts(packets, counts.get("bytes").asLong()),
                    (one, other) -> one.plus(other.packets(), other.octets()));
        } else {
            notJudged.add(direction);
        }
    }

    private static String address(JsonNode flow, String end) {
        return flow.get(end).get("ip").asText();
    }

    private static int port(JsonNode flow, String end) {
        return flow.get(end).path("port").asInt();
    }

    public Map<Direction, Counts> expected() {
        return expected;
    }

    /** Every direction that {@code counted} has wrong, or has although it never was; empty where all is right. */
    public List<String> differences(Map<Direction, Counts> counted) {
        List<String> differences = new ArrayList<>();
        expected.forEach((direction, counts) -> {
            Counts found = counted.getOrDefault(direction, Counts.ZERO);
            if (!found.equals(counts)) {
                differences.add(direction + ": " + found + " instead of " + counts);
            }
        });
        counted.forEach((direction, counts) -> {
            boolean ours = localAddresses.contains(direction.sender()) || localAddresses.contains(direction.receiver());
            if (ours && !expected.containsKey(direction) && !notJudged.contains(direction)) {
                differences.add(direction + ": " + counts + " although nobody sent it");
            }
        });
        return differences;
    }

    /** Whether the sender of {@code direction} opened the flow; false where that is not known. */
    boolean isInitiated(Direction direction) {
        return initiated.contains(direction);
    }
}
