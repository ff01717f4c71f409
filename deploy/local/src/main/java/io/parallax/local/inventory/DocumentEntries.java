package io.parallax.local.inventory;

import io.parallax.io.InventoryEntries;
import io.parallax.local.inventory.InventoryDocument.Card;
import io.parallax.local.inventory.InventoryDocument.Hypervisor;
import io.parallax.local.inventory.InventoryDocument.Machine;
import io.parallax.local.inventory.InventoryDocument.Network;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.Topics;
import io.parallax.wire.WireFormatException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns an inventory file into the entries of the topic. */
final class DocumentEntries {

    private static final int MAX_VLAN = 4_095;

    private final List<InventoryEntry> entries = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
    private final InventoryEntries allowed = new InventoryEntries();

    private DocumentEntries() {}

    static List<InventoryEntry> of(InventoryDocument document) throws InventoryException {
        DocumentEntries made = new DocumentEntries();
        for (Machine machine : document.virtualMachines()) {
            for (Card card : machine.interfaces()) {
                made.add(entry(machine, card));
            }
        }
        for (Network network : document.subnets()) {
            InventoryEntry entry = entry(Topics.INVENTORY_SUBNET, network.name(), network.realm());
            ifKnown(network.cidr(), entry::setCidr);
            made.add(entry);
        }
        for (Hypervisor host : document.hosts()) {
            InventoryEntry entry = entry(Topics.INVENTORY_HOST, host.name(), null);
            entry.setSensors(host.sensors());
            made.add(entry);
        }
        return made.entries;
    }

    private void add(InventoryEntry entry) throws InventoryException {
        String key = Topics.inventoryKey(entry);
        try {
            allowed.add(entry);
        } catch (WireFormatException e) {
            throw new InventoryException(String.valueOf(e.getMessage()), e);
        }
        if (!keys.add(key)) {
            throw new InventoryException("inventory entry " + key + " is there twice; allowed: once an interval");
        }
        entries.add(entry);
    }

    private static InventoryEntry entry(String kind, @Nullable String name, @Nullable String realm) {
        InventoryEntry.Builder entry =
                InventoryEntry.newBuilder().setKind(kind).setName(Objects.requireNonNullElse(name, ""));
        if (realm != null) {
            entry.setRealm(realm);
        }
        return entry.build();
    }

    private static InventoryEntry entry(Machine machine, Card card) throws InventoryException {
        InventoryEntry entry = entry(Topics.INVENTORY_INTERFACE, machine.name(), card.realm());
        String mac = card.mac();
        ifKnown(machine.uuid(), entry::setUuid);
        ifKnown(machine.host(), entry::setHost);
        ifKnown(machine.application(), entry::setApplication);
        ifKnown(either(card.portGroup(), machine.portGroup()), entry::setPortGroup);
        entry.setTags(machine.tags());
        ifKnown(mac == null ? null : mac.toLowerCase(Locale.ROOT).replace('-', ':'), entry::setMacAddress);
        entry.setAddresses(card.addresses());
        ifKnown(vlan(machine, card.vlan()), entry::setVlanId);
        ifKnown(time("valid_from", machine, either(card.validFrom(), machine.validFrom())), entry::setValidFrom);
        ifKnown(time("valid_to", machine, either(card.validTo(), machine.validTo())), entry::setValidTo);
        return entry;
    }

    private static <T> void ifKnown(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    private static @Nullable String either(@Nullable String first, @Nullable String otherwise) {
        return first == null ? otherwise : first;
    }

    private static @Nullable Integer vlan(Machine machine, @Nullable Integer vlan) throws InventoryException {
        if (vlan != null && (vlan < 0 || vlan > MAX_VLAN)) {
            throw refused(machine, "vlan", vlan, "0 to 4095 or nothing");
        }
        return vlan;
    }

    private static @Nullable Instant time(String key, Machine machine, @Nullable String text)
            throws InventoryException {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw refused(machine, key, text, "a time with an offset, as 2026-01-31T12:00:00.5Z, or nothing");
        }
    }

    private static InventoryException refused(Machine machine, String key, @Nullable Object value, String allowed) {
        return new InventoryException(
                "virtual machine '%s': %s is '%s'; allowed: %s".formatted(machine.name(), key, value, allowed));
    }
}
