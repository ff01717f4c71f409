package io.parallax.local.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of plain text: a title, a line of headings, aligned rows. A heading that begins with {@code >} makes its column
 * flush right, as numbers are.
 */
final class TextTable {

    private static final String GAP = "  ";
    private static final char FLUSH_RIGHT = '>';

    private final String title;
    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String title, List<String> headings) {
        this.title = title;
        this.headings = List.copyOf(headings);
    }

    /** Appends a row with as many cells as there are headings. */
    void row(List<String> cells) {
        if (cells.size() != headings.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + headings.size() + " columns");
        }
        rows.add(List.copyOf(cells));
    }

    /** Title, headings, a rule, rows; without trailing blanks. */
    List<String> lines() {
        List<String> shown = headings.stream().map(TextTable::heading).toList();
        int[] widths = widths(shown);
        List<String> lines = new ArrayList<>();
        lines.add(title);
        lines.add(line(shown, widths));
        lines.add("-".repeat(lines.get(1).length()));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private int[] widths(List<String> shown) {
        int[] widths = new int[headings.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = shown.get(column).length();
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String blanks = " ".repeat(widths[column] - cells.get(column).length());
            line.append(column == 0 ? "" : GAP);
            line.append(isFlushRight(column) ? blanks + cells.get(column) : cells.get(column) + blanks);
        }
        return line.toString().stripTrailing();
    }

    private boolean isFlushRight(int column) {
        return !headings.get(column).isEmpty() && headings.get(column).charAt(0) == FLUSH_RIGHT;
    }

    private static String heading(String text) {
        return !text.isEmpty() && text.charAt(0) == FLUSH_RIGHT ? text.substring(1) : text;
    }
}
