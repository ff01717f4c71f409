package io.parallax.local.report;

import io.parallax.wire.CaptureLedger;
import io.parallax.wire.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run tells the person who started it: capture ledger, completeness, matrix, top flows, unusable records. */
public final class Report {

    private Report() {}

    /** Lines of plain text, tables apart by an empty line. */
    public static List<String> lines(Results results) {
        List<String> lines = new ArrayList<>();
        section(lines, LedgerTable.lines(results.ledger()));
        List<String> notes = notes(results.ledger());
        if (!notes.isEmpty()) {
            section(lines, notes);
        }
        section(lines, CompletenessTable.lines(results.completeness()));
        section(lines, MatrixTable.lines(results.cells(), "address"));
        section(lines, FlowTable.lines(results.flows()));
        if (!results.deadLetters().isEmpty()) {
            section(lines, deadLetters(results.deadLetters()));
        }
        return lines;
    }

    private static void section(List<String> lines, List<String> table) {
        lines.addAll(table);
        lines.add("");
    }

    /** What the producers want a reader to know, such as a capture that ends inside a record. */
    private static List<String> notes(List<CaptureLedger> ledger) {
        return ledger.stream()
                .filter(row -> row.getNote() != null)
                .map(row -> "note: " + row.getSensorId() + "." + row.getInterfaceName() + ": " + row.getNote())
                .distinct()
                .toList();
    }

    private static List<String> deadLetters(List<DeadLetter> rows) {
        Map<String, Long> byReason = rows.stream()
                .collect(Collectors.groupingBy(DeadLetter::getReason, TreeMap::new, Collectors.counting()));
        TextTable table = new TextTable("Records that could not be used", List.of("reason", ">records"));
        byReason.forEach((reason, count) -> table.row(List.of(reason, Numbers.count(count))));
        return table.lines();
    }
}
