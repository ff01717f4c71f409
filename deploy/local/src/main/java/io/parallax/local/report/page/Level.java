package io.parallax.local.report.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The matrix of one level over all windows, with at most {@link #MOST_CELLS} cells: those with fewest octets are one cell
 * {@code (other)} to {@code (other)} per locality, so that sums stay whole.
 */
final class Level {

    /** Some 30 characters each: two levels of this size leave a page of 2,000 virtual machines below 5 MB. */
    static final int MOST_CELLS = 30_000;

    static final String OTHER = "(other)";

    private static final int COUNTS = 6;
    private static final int OCTETS = 1;
    private static final int OPENED = 2;

    private record Key(String source, String destination, String locality) {}

    /** Among cells of the same size, so that the same tables make the same page. */
    private static final Comparator<Key> BY_NAME =
            Comparator.comparing(Key::source).thenComparing(Key::destination).thenComparing(Key::locality);

    private final Map<Key, long[]> cells = new LinkedHashMap<>();
    private final Talkers talkers = new Talkers();

    boolean isEmpty() {
        return cells.isEmpty();
    }

    /**
     * Adds packets, octets, flows opened, refused and unanswered, and TCP octets sent again. Where all are 0, nothing was
     * sent: a late inventory took back what the cell had stated.
     */
    void add(String source, String destination, String locality, long... counts) {
        if (Arrays.stream(counts).anyMatch(count -> count != 0)) {
            add(cells, new Key(source, destination, locality), counts);
            talkers.add(source, destination, counts[OCTETS], counts[OPENED]);
        }
    }

    /** Who sends and receives how much, from all cells, before any is folded. */
    Talkers talkers() {
        return talkers;
    }

    /**
     * Names and cells as flat lists; a cell is source, destination, locality (places in their lists) and its counts. Of the
     * cells that are in {@code (other)} here: how many, and their octets.
     */
    Map<String, Object> json(Map<String, String> groupOf) {
        List<Map.Entry<Key, long[]>> bySize = new ArrayList<>(cells.entrySet());
        bySize.sort(Comparator.comparingLong((Map.Entry<Key, long[]> cell) -> -cell.getValue()[OCTETS])
                .thenComparing(Map.Entry::getKey, BY_NAME));
        List<Map.Entry<Key, long[]>> rest = bySize.subList(Math.min(MOST_CELLS, bySize.size()), bySize.size());
        Map<String, Integer> names = new LinkedHashMap<>();
        Map<String, Integer> localities = new LinkedHashMap<>();
        List<Long> flat = new ArrayList<>();
        folded(bySize).forEach((key, counts) -> {
            flat.add(place(names, key.source));
            flat.add(place(names, key.destination));
            flat.add(place(localities, key.locality));
            for (long count : counts) {
                flat.add(count);
            }
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("names", names.keySet());
        json.put(
                "groups",
                names.keySet().stream()
                        .map(name -> groupOf.getOrDefault(name, ""))
                        .toList());
        json.put("localities", localities.keySet());
        json.put("cells", flat);
        json.put("foldedCells", rest.size());
        json.put(
                "foldedOctets",
                rest.stream().mapToLong(cell -> cell.getValue()[OCTETS]).sum());
        return json;
    }

    private static Map<Key, long[]> folded(List<Map.Entry<Key, long[]>> bySize) {
        Map<Key, long[]> folded = new LinkedHashMap<>();
        for (Map.Entry<Key, long[]> cell : bySize) {
            boolean fits = folded.size() < MOST_CELLS;
            add(folded, fits ? cell.getKey() : new Key(OTHER, OTHER, cell.getKey().locality), cell.getValue());
        }
        return folded;
    }

    private static long place(Map<String, Integer> places, String name) {
        return places.computeIfAbsent(name, absent -> places.size());
    }

    private static void add(Map<Key, long[]> cells, Key key, long... counts) {
        long[] sums = cells.computeIfAbsent(key, absent -> new long[COUNTS]);
        for (int i = 0; i < COUNTS; i++) {
            sums[i] += counts[i];
        }
    }
}
