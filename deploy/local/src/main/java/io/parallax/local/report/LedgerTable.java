package io.parallax.local.report;

import io.parallax.wire.CaptureLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was captured: per interface the frames, what became of them, and what was published. */
final class LedgerTable {

    private LedgerTable() {}

    static List<String> lines(List<CaptureLedger> ledger) {
        SortedSet<String> outcomes = new TreeSet<>();
        Map<String, Account> accounts = new TreeMap<>();
        for (CaptureLedger row : ledger) {
            accounts.computeIfAbsent(row.getSensorId() + "." + row.getInterfaceName(), name -> new Account())
                    .add(row);
            columnsOf(row).forEach((outcome, frames) -> {
                if (frames > 0) {
                    outcomes.add(outcome);
                }
            });
        }
        List<String> headings = new ArrayList<>(List.of("sensor.interface", ">frames", ">octets"));
        outcomes.forEach(outcome -> headings.add(">" + outcome));
        headings.add(">published");
        TextTable table = new TextTable("Captured (frames by outcome)", headings);
        Account total = new Account();
        accounts.forEach((name, account) -> {
            total.add(account);
            table.row(account.cells(name, outcomes));
        });
        table.row(total.cells("total", outcomes));
        return table.lines();
    }

    /** Frames by outcome, and by the cause for which they were taken out before that. */
    private static Map<String, Long> columnsOf(CaptureLedger row) {
        Map<String, Long> columns = new TreeMap<>(row.getOutcomes());
        row.getFilteredByCause().forEach((cause, frames) -> columns.merge("filtered: " + cause, frames, Long::sum));
        return columns;
    }

    private static final class Account {
        private long frames;
        private long octets;
        private long published;
        private final Map<String, Long> outcomes = new TreeMap<>();

        void add(CaptureLedger row) {
            frames += row.getFrames();
            octets += row.getOctets();
            published += row.getPublished();
            columnsOf(row).forEach((column, count) -> outcomes.merge(column, count, Long::sum));
        }

        void add(Account other) {
            frames += other.frames;
            octets += other.octets;
            published += other.published;
            other.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
        }

        List<String> cells(String name, SortedSet<String> columns) {
            List<String> cells = new ArrayList<>(List.of(name, Numbers.count(frames), Numbers.octets(octets)));
            columns.forEach(column -> cells.add(Numbers.count(outcomes.getOrDefault(column, 0L))));
            cells.add(Numbers.count(published));
            return cells;
        }
    }
}
