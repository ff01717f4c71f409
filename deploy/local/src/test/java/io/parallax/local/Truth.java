package io.parallax.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parallax.wire.Flow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What really was sent, per flow direction: the truth of a recording of the reference lab, judged where the named sensors
 * saw a direction whole.
 */
public final class Truth {

    /** Protocols with ports. */
    private static final Set<Integer> PORTED = Set.of(6, 17, 132);

    /** One direction of a 5-tuple; ports are 0 where the protocol has none. */
    public record Direction(int protocol, String sender, int senderPort, String receiver, int receiverPort) {

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

    /** Addresses of a pair of VMs, in either order. */
    private record Pair(String one, String other) {
        static Pair of(String one, String other) {
            return one.compareTo(other) <= 0 ? new Pair(one, other) : new Pair(other, one);
        }
    }

    /** How often the one who opened a flow was named, of the flows where that is known. */
    public record Initiators(long right, long judged) {

        double share() {
            return judged == 0 ? 1 : (double) right / judged;
        }
    }

    private static final String NO_VM = "no VM at one end";

    /** What the recording calls where two VMs stand to each other, and column {@code locality}. */
    /** In the words of the reference recording, and of deploy/lab. */
    private static final Map<String, String> LOCALITIES = Map.of(
            "same host, switched", "within-host switched",
            "same host, routed", "within-host routed",
            "other host, switched", "inter-host switched",
            "other host, routed", "inter-host routed",
            "intra-host same-subnet", "within-host switched",
            "intra-host inter-subnet", "within-host routed",
            "inter-host same-subnet", "inter-host switched",
            "inter-host inter-subnet", "inter-host routed");

    private final Map<Direction, Counts> expected = new HashMap<>();
    private final Set<Direction> notJudged = new HashSet<>();
    private final Set<Direction> initiated = new HashSet<>();
    private final Set<String> localAddresses = new HashSet<>();
    private final Map<Pair, String> localities = new HashMap<>();
    private final Map<String, Long> copies = new TreeMap<>();

    private Truth() {}

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
        Truth truth = new Truth();
        for (JsonNode flow : root.get("flows")) {
            truth.take(flow, sensors);
        }
        truth.expected.keySet().removeAll(truth.notJudged);
        root.get("inventory")
                .get("vms")
                .forEach(vm -> vm.get("nics").forEach(nic -> {
                    truth.localAddresses.add(nic.get("ip").asText());
                    nic.path("addresses").forEach(address -> truth.localAddresses.add(address.asText()));
                }));
        return truth;
    }

    private void take(JsonNode flow, List<String> sensors) {
        Direction forth = Direction.of(
                flow.get("proto").asInt(), address(flow, "a"), port(flow, "a"), address(flow, "b"), port(flow, "b"));
        String relation = flow.get("relation").asText();
        judge(flow.path("a2b"), forth, relation, sensors);
        judge(flow.path("b2a"), forth.back(), relation, sensors);
        switch (flow.path("initiator").asText()) {
            case "a" -> initiated.add(forth);
            case "b" -> initiated.add(forth.back());
            default -> {}
        }
        if (!relation.equals(NO_VM)) {
            localities.put(
                    Pair.of(forth.sender(), forth.receiver()),
                    Objects.requireNonNull(LOCALITIES.get(relation), relation));
        }
    }

    private void judge(JsonNode counts, Direction direction, String relation, List<String> sensors) {
        long packets = counts.path("packets").asLong();
        if (packets == 0) {
            return;
        }
        long seen = sensors.stream()
                .mapToLong(sensor -> counts.path("sightings").path(sensor).asLong())
                .sum();
        if (seen < packets) {
            notJudged.add(direction);
            return;
        }
        expected.merge(
                direction,
                new Counts(packets, counts.get("bytes").asLong()),
                (one, other) -> one.plus(other.packets(), other.octets()));
        if (seen > packets) {
            copies.merge(isBetweenHosts(relation) ? "D1" : "D2", seen - packets, Long::sum);
        }
    }

    private static boolean isBetweenHosts(String relation) {
        return relation.startsWith("inter-host") || relation.startsWith("other host");
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

    /**
     * Copies that the capture VM interfaces saw beyond the first, of the directions that are judged: at another host's
     * interface D1, at another one of the same host, before or behind the router, D2.
     */
    public Map<String, Long> copies() {
        return copies;
    }

    /** Where traffic between two VMs runs, as column {@code locality} says it; null where an address is no VM's. */
    public @Nullable String localityBetween(String address, String other) {
        return localities.get(Pair.of(address, other));
    }

    /** How many of the TCP and UDP flows name the one who opened them; a 5-tuple that both ends opened is not judged. */
    public Initiators initiators(List<Flow> rows) {
        Map<Direction, Boolean> judged = new HashMap<>();
        for (Flow row : rows) {
            Direction forth = Direction.of(
                    row.getProtocolIdentifier(),
                    row.getSourceAddress(),
                    row.getSourceTransportPort(),
                    row.getDestinationAddress(),
                    row.getDestinationTransportPort());
            boolean isForth = initiated.contains(forth);
            boolean isBack = initiated.contains(forth.back());
            if (PORTED.contains(forth.protocol()) && isForth != isBack) {
                judged.merge(isForth ? forth : forth.back(), isForth, Boolean::logicalAnd);
            }
        }
        long right = judged.values().stream().filter(isRight -> isRight).count();
        return new Initiators(right, judged.size());
    }
}
