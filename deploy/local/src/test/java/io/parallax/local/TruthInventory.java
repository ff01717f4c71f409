package io.parallax.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the truth of a recording says of its machines: an inventory, and what each pair of them sent. */
final class TruthInventory {

    /** Of two machines, in the order of their names; packets and octets of both directions. */
    record Traffic(long packets, long octets, long reversePackets, long reverseOctets) {

        Traffic plus(Traffic more) {
            return new Traffic(
                    packets + more.packets,
                    octets + more.octets,
                    reversePackets + more.reversePackets,
                    reverseOctets + more.reverseOctets);
        }

        Traffic turned() {
            return new Traffic(reversePackets, reverseOctets, packets, octets);
        }
    }

    private TruthInventory() {}

    /** The machines of the recording, each with the role it plays as its application. */
    static List<InventoryEntry> of(Path truth) throws IOException {
        List<InventoryEntry> entries = new ArrayList<>();
        for (JsonNode machine : new ObjectMapper().readTree(truth.toFile()).at("/inventory/vms")) {
            for (JsonNode card : machine.get("nics")) {
                List<String> addresses = new ArrayList<>();
                card.get("addresses").forEach(address -> addresses.add(address.asText()));
                InventoryEntry entry = InventoryEntry.newBuilder()
                        .setKind(Topics.INVENTORY_INTERFACE)
                        .setName(machine.get("name").asText())
                        .setAddresses(addresses)
                        .build();
                entry.setHost(machine.get("host").asText());
                entry.setApplication(machine.get("role").asText());
                entry.setMacAddress(card.get("mac").asText());
                entries.add(entry);
            }
        }
        return entries;
    }

    /** What each pair of machines sent to each other, by "one other" in the order of their names. */
    static Map<String, Traffic> pairs(Path truth) throws IOException {
        Map<String, Traffic> pairs = new TreeMap<>();
        JsonNode root = new ObjectMapper().readTree(truth.toFile());
        if (root.has("pairs")) {
            root.get("pairs")
                    .forEach(pair -> add(
                            pairs, pair.get("vm_a").asText(), pair.get("vm_b").asText(), traffic(pair)));
        } else {
            root.get("flows")
                    .forEach(flow -> add(
                            pairs,
                            flow.at("/a/vm").asText("?"),
                            flow.at("/b/vm").asText("?"),
                            traffic(flow)));
        }
        pairs.keySet().removeIf(pair -> pair.contains("?"));
        return pairs;
    }

    /** The same of a recording whose truth has each way of a pair by itself. */
    static Map<String, Traffic> ways(Path truth) throws IOException {
        Map<String, Traffic> pairs = new TreeMap<>();
        new ObjectMapper()
                .readTree(truth.toFile())
                .get("pairs")
                .forEach(way -> add(
                        pairs,
                        way.get("from").asText(),
                        way.get("to").asText(),
                        new Traffic(
                                way.get("packets").asLong(), way.get("octets").asLong(), 0, 0)));
        return pairs;
    }

    private static Traffic traffic(JsonNode row) {
        return new Traffic(
                row.at("/a2b/packets").asLong(),
                row.at("/a2b/bytes").asLong(),
                row.at("/b2a/packets").asLong(),
                row.at("/b2a/bytes").asLong());
    }

    /** Adds what {@code one} and {@code other} sent, the former forward. */
    static void add(Map<String, Traffic> pairs, String one, String other, Traffic traffic) {
        boolean isInOrder = one.compareTo(other) <= 0;
        pairs.merge(
                isInOrder ? one + " " + other : other + " " + one,
                isInOrder ? traffic : traffic.turned(),
                Traffic::plus);
    }
}
