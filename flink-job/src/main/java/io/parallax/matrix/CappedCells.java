package io.parallax.matrix;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds a matrix to its cap: exactly when it is first stated, and by {@link #HARD_LIMIT} times it while it grows.
 *
 * <p>The entities that are kept are chosen from all that came in time and was not taken back, so the choice depends neither
 * on the order nor on names that rows had on the way. A matrix
 * that passes the hard limit before is folded at once, by what came so far. After the first statement entities are not
 * folded any more, since cells that readers have would have to be taken back; but a matrix at its cap takes no new ones,
 * only cells between those it has. Counters are of folded cells and entities.
 */
public final class CappedCells {

    /** Cells that a matrix may grow to before it is stated, in multiples of the cap. */
    static final int HARD_LIMIT = 8;

    private final int most;
    private final LongConsumer foldedCells;
    private final LongConsumer foldedEntities;

    /** @param most cells of a matrix, above 0 */
    public CappedCells(int most, LongConsumer foldedCells, LongConsumer foldedEntities) {
        this.most = most;
        this.foldedCells = foldedCells;
        this.foldedEntities = foldedEntities;
    }

    /** The matrix with {@code delta} added; {@code also}, if there is one, has it added under the names of the matrix. */
    public WindowCells add(WindowCells cells, WindowCells delta, @Nullable WindowCells also) {
        if (cells.wasStated() && cells.size() >= most) {
            cells.close();
        }
        cells.merge(delta, also);
        return !cells.wasStated() && cells.size() > (long) HARD_LIMIT * most ? fold(cells) : cells;
    }

    /** The matrix as it may be stated. */
    public WindowCells capped(WindowCells cells) {
        return !cells.wasStated() && cells.size() > most ? fold(cells) : cells;
    }

    private WindowCells fold(WindowCells grown) {
        WindowCells cells = grown.withoutEmpty();
        if (cells.size() <= most) {
            return cells;
        }
        WindowCells folded = Folding.fold(cells, most);
        foldedCells.accept(cells.size() - folded.size());
        foldedEntities.accept(cells.ownEntities() - folded.ownEntities());
        return folded;
    }
}
