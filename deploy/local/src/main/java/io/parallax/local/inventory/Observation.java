package io.parallax.local.inventory;

import io.parallax.wire.InventoryEntry;
import io.parallax.wire.Topics;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What somebody saw at one moment, as a vCenter's export is, added to what was seen before: interfaces that are as they were
 * go on, what is new or otherwise begins at the moment, and what is gone or was otherwise ends there. So the topic keeps the
 * history that no export has. Subnets and hosts have none: they are as they were seen last, unless a file has them.
 *
 * @param puts by key, the entries that are new or changed
 * @param removals keys of what is taken back
 * @param unchanged entries that go on
 * @param kept seen, but known by the same key from elsewhere, which stays
 * @param ended interfaces among {@code puts} that end at the moment
 */
record Observation(Map<String, InventoryEntry> puts, List<String> removals, int unchanged, int kept, int ended) {

    static final String ORIGIN = "observed";

    /**
     * What an observation changes.
     *
     * @param known everything that the topic says, by key; only what was observed is looked at
     * @throws InventoryException if something seen has an interval of its own, or the topic knows of a later moment
     */
    static Observation of(Map<String, InventoryEntry> known, List<InventoryEntry> seen, Instant at)
            throws InventoryException {
        Map<String, InventoryEntry> open = openOf(known, at);
        Map<InventoryEntry, String> keys = new HashMap<>();
        open.forEach((key, entry) -> keys.put(timeless(entry), key));
        Map<String, InventoryEntry> puts = new TreeMap<>();
        int unchanged = 0;
        int kept = 0;
        for (InventoryEntry one : seen) {
            refuseInterval(one);
            String key = keys.remove(timeless(one));
            if (key != null && open.remove(key) != null) {
                unchanged++;
                continue;
            }
            InventoryEntry begun = begun(one, at);
            InventoryEntry former = known.get(Topics.inventoryKey(begun));
            if (former == null || former.getOrigin().equals(ORIGIN)) {
                puts.put(Topics.inventoryKey(begun), begun);
            } else {
                kept++;
            }
        }
        return ended(open, puts, unchanged, kept, at);
    }

    private static Map<String, InventoryEntry> openOf(Map<String, InventoryEntry> known, Instant at)
            throws InventoryException {
        Map<String, InventoryEntry> open = new HashMap<>();
        for (Map.Entry<String, InventoryEntry> entry : known.entrySet()) {
            if (entry.getValue().getOrigin().equals(ORIGIN)) {
                refuseEarlierThan(entry.getValue(), at);
                if (entry.getValue().getValidTo() == null) {
                    open.put(entry.getKey(), entry.getValue());
                }
            }
        }
        return open;
    }

    private static Observation ended(
            Map<String, InventoryEntry> gone, Map<String, InventoryEntry> puts, int unchanged, int kept, Instant at) {
        Map<String, InventoryEntry> all = new TreeMap<>(puts);
        gone.forEach((key, entry) -> {
            if (isInterface(entry) && !at.equals(entry.getValidFrom())) {
                all.put(key, InventoryEntry.newBuilder(entry).setValidTo(at).build());
            }
        });
        List<String> removals = gone.keySet().stream()
                .filter(key -> !all.containsKey(key))
                .sorted()
                .toList();
        return new Observation(all, removals, unchanged, kept, all.size() - puts.size());
    }

    private static boolean isInterface(InventoryEntry entry) {
        return entry.getKind().equals(Topics.INVENTORY_INTERFACE);
    }

    private static InventoryEntry begun(InventoryEntry seen, Instant at) {
        InventoryEntry.Builder entry = InventoryEntry.newBuilder(seen).setOrigin(ORIGIN);
        if (isInterface(seen)) {
            entry.setValidFrom(at);
        }
        return entry.build();
    }

    /** The order of addresses says nothing: whoever reports them may take another one each time. */
    private static InventoryEntry timeless(InventoryEntry entry) {
        return InventoryEntry.newBuilder(entry)
                .clearValidFrom()
                .clearValidTo()
                .setOrigin(ORIGIN)
                .setAddresses(entry.getAddresses().stream().sorted().toList())
                .build();
    }

    private static void refuseInterval(InventoryEntry entry) throws InventoryException {
        if (entry.getValidFrom() != null || entry.getValidTo() != null) {
            throw new InventoryException(
                    "%s has an interval, valid_from or valid_to; allowed in what was observed at one moment: none"
                            .formatted(entry.getName()));
        }
    }

    private static void refuseEarlierThan(InventoryEntry entry, Instant at) throws InventoryException {
        @Nullable
        Instant latest = Stream.of(entry.getValidFrom(), entry.getValidTo())
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
        if (latest != null && latest.isAfter(at)) {
            throw new InventoryException("observed at %s; allowed: %s, of which the topic has an observation, or later"
                    .formatted(at, latest));
        }
    }
}
