package io.parallax.local.report;

import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.DeadLetter;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.Topics;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What a run put into its topics, with superseded revisions taken out.
 *
 * @param ledger one row per stream and interval
 * @param flows one row per flow and window
 * @param cells one row per matrix cell and window
 * @param deadLetters one row per record that could not be used
 * @param completeness one row per sensor, interface and window
 */
public record Results(
        List<CaptureLedger> ledger,
        List<Flow> flows,
        List<MatrixCell> cells,
        List<DeadLetter> deadLetters,
        List<Completeness> completeness) {

    /** Keeps the row that counts of each key. Rows may come in any order, and more than once. */
    public static Results of(
            Collection<CaptureLedger> ledger,
            Collection<Flow> flows,
            Collection<MatrixCell> cells,
            Collection<DeadLetter> deadLetters,
            Collection<Completeness> completeness) {
        return new Results(
                latest(ledger, Topics::ledgerKey, CaptureLedger::getFrames),
                latest(flows, Topics::flowKey, Flow::getRevision),
                latest(cells, Topics::matrixKey, MatrixCell::getRevision),
                latest(deadLetters, Topics::deadLetterKey, row -> 0),
                latest(completeness, Topics::completenessKey, Completeness::getRevision));
    }

    private static <T> List<T> latest(Collection<T> rows, Function<T, String> key, ToLongFunction<T> revision) {
        Map<String, T> byKey = new LinkedHashMap<>();
        for (T row : rows) {
            byKey.merge(
                    key.apply(row),
                    row,
                    (old, now) -> revision.applyAsLong(now) >= revision.applyAsLong(old) ? now : old);
        }
        return List.copyOf(byKey.values());
    }
}
