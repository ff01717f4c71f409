package io.parallax.local.report;

import io.parallax.wire.MatrixCell;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who sends how much to whom: the busiest entities of one level as rows (from) and columns (to), the rest folded into
 * {@code (other)}, so that the sums are those of all traffic.
 */
final class MatrixTable {

    /** Entities shown; a table of ten columns fits a terminal of 120 characters. */
    private static final int SHOWN = 9;

    private static final String OTHER = "(other)";
    private static final String NOTHING = ".";

    private MatrixTable() {}

    static List<String> lines(List<MatrixCell> cells, String level) {
        List<MatrixCell> ofLevel =
                cells.stream().filter(cell -> cell.getLevel().equals(level)).toList();
        List<String> shown = busiest(ofLevel);
        Map<String, Map<String, Long>> octets = new HashMap<>();
        for (MatrixCell cell : ofLevel) {
            octets.computeIfAbsent(shownAs(cell.getSourceEntity(), shown), from -> new HashMap<>())
                    .merge(shownAs(cell.getDestinationEntity(), shown), cell.getOctetDeltaCount(), Long::sum);
        }
        List<String> entities = new ArrayList<>(shown);
        entities.add(OTHER);
        return table(level, entities, octets).lines();
    }

    private static TextTable table(String level, List<String> entities, Map<String, Map<String, Long>> octets) {
        List<String> headings = new ArrayList<>(List.of(">", "from"));
        for (int column = 1; column < entities.size(); column++) {
            headings.add(">to " + column);
        }
        headings.addAll(List.of(">to " + OTHER, ">to all"));
        TextTable table = new TextTable("East-west matrix by " + level + " (octets from the IP header on)", headings);
        long[] totals = new long[entities.size()];
        for (int from = 0; from < entities.size(); from++) {
            Map<String, Long> row = octets.getOrDefault(entities.get(from), Map.of());
            List<String> cells = new ArrayList<>();
            cells.add(from == entities.size() - 1 ? "" : Integer.toString(from + 1));
            cells.add(entities.get(from));
            long sum = 0;
            for (int to = 0; to < entities.size(); to++) {
                long value = row.getOrDefault(entities.get(to), 0L);
                totals[to] += value;
                sum += value;
                cells.add(shown(value));
            }
            cells.add(shown(sum));
            table.row(cells);
        }
        table.row(totals(totals));
        return table;
    }

    private static List<String> totals(long[] totals) {
        List<String> cells = new ArrayList<>(List.of("", "all"));
        long sum = 0;
        for (long total : totals) {
            sum += total;
            cells.add(shown(total));
        }
        cells.add(shown(sum));
        return cells;
    }

    private static String shown(long octets) {
        return octets == 0 ? NOTHING : Numbers.octets(octets);
    }

    private static String shownAs(String entity, List<String> shown) {
        return shown.contains(entity) ? entity : OTHER;
    }

    /** The entities that send and receive most, in the order of their names. */
    private static List<String> busiest(List<MatrixCell> cells) {
        Map<String, Long> octets = new TreeMap<>();
        for (MatrixCell cell : cells) {
            octets.merge(cell.getSourceEntity(), cell.getOctetDeltaCount(), Long::sum);
            octets.merge(cell.getDestinationEntity(), cell.getOctetDeltaCount(), Long::sum);
        }
        return octets.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(SHOWN)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
