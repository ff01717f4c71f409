package io.parallax.local.inventory;

import io.parallax.label.Address;
import io.parallax.wire.Addresses;
import io.parallax.wire.InventoryEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Addresses that an inventory gives to two virtual machines at a time. */
final class Conflicts {

    private Conflicts() {}

    /** A line for each, by address. */
    static List<String> of(List<InventoryEntry> entries) {
        Map<String, List<InventoryEntry>> holders = new TreeMap<>();
        for (InventoryEntry entry : entries) {
            for (String address : entry.getAddresses()) {
                holders.computeIfAbsent(entry.getRealm() + " " + canonical(address), place -> new ArrayList<>())
                        .add(entry);
            }
        }
        List<String> lines = new ArrayList<>();
        holders.forEach((place, sharing) -> {
            sharing.sort(Comparator.comparing(Conflicts::from));
            for (int i = 0; i < sharing.size(); i++) {
                InventoryEntry one = sharing.get(i);
                for (InventoryEntry other : sharing.subList(i + 1, sharing.size())) {
                    if (!isOneMachine(one, other) && from(other).isBefore(to(one))) {
                        lines.add("%s is held by both %s and %s%s"
                                .formatted(place, one.getName(), other.getName(), time(from(other), end(one, other))));
                    }
                }
            }
        });
        return lines;
    }

    /** As flows have it: an address can be written in several ways. */
    private static String canonical(String text) {
        Address address = Address.of(text);
        return Addresses.ip(address.family(), address.high(), address.low());
    }

    private static boolean isOneMachine(InventoryEntry one, InventoryEntry other) {
        return one.getName().equals(other.getName()) && Objects.equals(one.getUuid(), other.getUuid());
    }

    private static String time(Instant from, Instant to) {
        if (to.equals(Instant.MAX)) {
            return from.equals(Instant.MIN) ? ", always" : " from " + from + " on";
        }
        return (from.equals(Instant.MIN) ? "" : " from " + from) + " until " + to;
    }

    private static Instant end(InventoryEntry one, InventoryEntry other) {
        return to(one).isBefore(to(other)) ? to(one) : to(other);
    }

    private static Instant from(InventoryEntry entry) {
        return Objects.requireNonNullElse(entry.getValidFrom(), Instant.MIN);
    }

    private static Instant to(InventoryEntry entry) {
        return Objects.requireNonNullElse(entry.getValidTo(), Instant.MAX);
    }
}
