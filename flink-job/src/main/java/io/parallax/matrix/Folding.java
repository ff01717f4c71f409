package io.parallax.matrix;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Bounds a matrix by folding entities, not cells: those with most octets keep their rows and columns, ties by name, as many
 * as fit, and all others become {@link WindowCells#OTHER} as source and as destination. So each sum of a kept row, of a kept
 * column and of all stays exact.
 *
 * <p>Seven cells are the least: with all entities folded there is one per locality.
 */
final class Folding {

    private final WindowCells cells;
    private final long[] octets;
    private final Integer[] ranked;
    private final int[] rank;

    private Folding(WindowCells cells) {
        this.cells = cells;
        this.octets = new long[cells.entities()];
        for (int cell = 0; cell < cells.size(); cell++) {
            octets[cells.sourceNumber(cell)] += cells.sum(cell, Measure.OCTETS);
            octets[cells.destinationNumber(cell)] += cells.sum(cell, Measure.OCTETS);
        }
        this.ranked = IntStream.range(0, octets.length)
                .boxed()
                .filter(entity -> !cells.name(entity).equals(WindowCells.OTHER))
                .sorted(Comparator.comparing((Integer entity) -> -octets[entity])
                        .thenComparing(cells::name))
                .toArray(Integer[]::new);
        this.rank = new int[octets.length];
        Arrays.fill(rank, Integer.MAX_VALUE);
        for (int i = 0; i < ranked.length; i++) {
            rank[ranked[i]] = i;
        }
    }

    /** The same sums in at most {@code most} cells, closed for further entities. */
    static WindowCells fold(WindowCells cells, int most) {
        Folding folding = new Folding(cells);
        return folding.keeping(folding.mostThatFit(most));
    }

    /** Fewer kept entities never need more cells, since folding only joins cells: so the search may halve. */
    private int mostThatFit(int most) {
        int fits = 0;
        int beyond = ranked.length + 1;
        while (beyond - fits > 1) {
            int kept = (fits + beyond) >>> 1;
            if (cellsWith(kept) <= most) {
                fits = kept;
            } else {
                beyond = kept;
            }
        }
        return fits;
    }

    private int cellsWith(int kept) {
        Set<Long> keys = new HashSet<>();
        for (int cell = 0; cell < cells.size(); cell++) {
            int source = Math.min(rank[cells.sourceNumber(cell)], kept);
            int destination = Math.min(rank[cells.destinationNumber(cell)], kept);
            keys.add(WindowCells.key(source, destination, cells.localityCode(cell)));
        }
        return keys.size();
    }

    private WindowCells keeping(int kept) {
        WindowCells folded = new WindowCells(cells.level(), cells.realm(), cells.start());
        for (int i = 0; i < kept; i++) {
            folded.entity(cells.name(ranked[i]));
        }
        folded.close();
        folded.merge(cells, null);
        return folded;
    }
}
