package io.parallax.local.inventory;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An inventory file as its author wrote it; docs/56-inventory.md has the format. What is left out is null or empty.
 *
 * <p>A virtual machine that moved, or whose addresses changed, is there once for each interval.
 */
record InventoryDocument(List<Machine> virtualMachines, List<Network> subnets, List<Hypervisor> hosts) {

    InventoryDocument {
        virtualMachines = orNone(virtualMachines);
        subnets = orNone(subnets);
        hosts = orNone(hosts);
    }

    /** @param validFrom beginning of the interval, ISO 8601 with an offset; null: always */
    record Machine(
            @Nullable String name,
            @Nullable String uuid,
            @Nullable String host,
            @Nullable String application,
            @Nullable String portGroup,
            List<String> tags,
            List<Card> interfaces,
            @Nullable String validFrom,
            @Nullable String validTo) {

        Machine {
            tags = orNone(tags);
            interfaces = orNone(interfaces);
        }
    }

    /** A network interface; its own interval and port group go before those of the machine. */
    record Card(
            @Nullable String mac,
            List<String> addresses,
            @Nullable Integer vlan,
            @Nullable String portGroup,
            @Nullable String realm,
            @Nullable String validFrom,
            @Nullable String validTo) {

        Card {
            addresses = orNone(addresses);
        }
    }

    record Network(
            @Nullable String name,
            @Nullable String cidr,
            @Nullable String realm) {}

    record Hypervisor(@Nullable String name, List<String> sensors) {

        Hypervisor {
            sensors = orNone(sensors);
        }
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
        return List.copyOf(Objects.requireNonNullElse(list, List.of()));
    }
}
