package io.parallax.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * When addresses went from one virtual machine to another. Whoever sent to an address before and after talked to two
 * machines, and so in two flows. A machine that moves between hosts keeps its addresses; an address that somebody takes whom
 * the inventory did not know before, or gives back, is not handed over.
 */
public final class Handovers {

    private static final long[] NEVER = {};

    private final Map<Place, long[]> times = new HashMap<>();

    /** Of the addresses that were handed over, sorted: most are not, and are told by this without an object. */
    private final long[] lows;

    private record Machine(String name, String uuid) {}

    Handovers(Collection<Tenure> tenures) {
        Map<Place, List<Tenure>> byPlace = new HashMap<>();
        for (Tenure tenure : tenures) {
            for (Address address : tenure.addresses()) {
                byPlace.computeIfAbsent(new Place(tenure.realm(), address), place -> new ArrayList<>(1))
                        .add(tenure);
            }
        }
        byPlace.forEach(this::note);
        lows = times.keySet().stream()
                .mapToLong(place -> place.address().low())
                .sorted()
                .distinct()
                .toArray();
    }

    private void note(Place place, List<Tenure> tenures) {
        if (machines(tenures, Long.MIN_VALUE, Long.MAX_VALUE).size() < 2) {
            return;
        }
        Set<Long> changes = new TreeSet<>();
        for (Tenure tenure : tenures) {
            changes.add(tenure.from());
            changes.add(tenure.to());
        }
        changes.remove(Long.MIN_VALUE);
        changes.remove(Long.MAX_VALUE);
        changes.removeIf(change -> machines(tenures, change - 1, change - 1).equals(machines(tenures, change, change)));
        if (!changes.isEmpty()) {
            times.put(place, changes.stream().mapToLong(Long::longValue).toArray());
        }
    }

    private static Set<Machine> machines(List<Tenure> tenures, long first, long last) {
        return tenures.stream()
                .filter(tenure -> tenure.overlaps(first, last))
                .map(tenure -> new Machine(tenure.virtualMachine(), tenure.uuid()))
                .collect(Collectors.toSet());
    }

    /** Whether an address with these lower 64 bits was ever handed over. */
    public boolean isPossible(long low) {
        return lows.length != 0 && Arrays.binarySearch(lows, low) >= 0;
    }

    /** The last time up to {@code time}, ns, from which on others held the address; {@code Long.MIN_VALUE}: never. */
    public long lastUntil(String realm, Address address, long time) {
        long last = Long.MIN_VALUE;
        for (long change : timesOf(realm, address)) {
            last = change <= time ? change : last;
        }
        return last;
    }

    /** The first time after {@code time}, ns, from which on others held the address; {@code Long.MAX_VALUE}: never. */
    public long firstAfter(String realm, Address address, long time) {
        for (long change : timesOf(realm, address)) {
            if (change > time) {
                return change;
            }
        }
        return Long.MAX_VALUE;
    }

    private long[] timesOf(String realm, Address address) {
        return times.getOrDefault(new Place(realm, address), NEVER);
    }
}
