package io.parallax.operator;

import io.parallax.model.RawRecord;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.SentAt;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.Topics;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of the topic inventory. */
final class InventoryRecords {

    private static final SingleObjectCodec<InventoryEntry> CODEC =
            SingleObjectCodec.of(InventoryEntry.getClassSchema());

    private InventoryRecords() {}

    /** An interface of {@code machine} with that address, always. */
    static InventoryEntry of(String machine, String address) {
        return InventoryEntry.newBuilder()
                .setKind(Topics.INVENTORY_INTERFACE)
                .setName(machine)
                .setAddresses(List.of(address))
                .build();
    }

    /** The same in an interval of seconds since the epoch. */
    static InventoryEntry of(String machine, String address, long from, long to) {
        InventoryEntry entry = of(machine, address);
        entry.setValidFrom(Instant.ofEpochSecond(from));
        entry.setValidTo(Instant.ofEpochSecond(to));
        return entry;
    }

    static RawRecord record(InventoryEntry entry) {
        return record(Topics.inventoryKey(entry), CODEC.encode(entry));
    }

    static RawRecord tombstone(InventoryEntry entry) {
        return record(Topics.inventoryKey(entry), null);
    }

    static RawRecord record(String key, byte @Nullable [] value) {
        return new RawRecord(Topics.INVENTORY, 0, 0, 0, SentAt.UNKNOWN, key, value);
    }
}
