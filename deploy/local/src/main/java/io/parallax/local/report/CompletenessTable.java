package io.parallax.local.report;

import io.parallax.wire.Completeness;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of the headers: per interface, over all windows. Residuals add up without their signs, or they would cancel. */
final class CompletenessTable {

    private CompletenessTable() {}

    static List<String> lines(List<Completeness> rows) {
        TextTable table = new TextTable(
                "Completeness (headers by what became of them)",
                List.of(
                        "sensor.interface",
                        ">windows",
                        ">frames",
                        ">received",
                        ">non-IP",
                        ">canonical",
                        ">duplicates",
                        ">folded",
                        ">too late",
                        ">residual"));
        Map<String, Account> accounts = new TreeMap<>();
        Account total = new Account();
        for (Completeness row : rows) {
            accounts.computeIfAbsent(row.getSensorId() + "." + row.getInterfaceName(), name -> new Account())
                    .add(row);
            total.add(row);
        }
        accounts.forEach((name, account) -> table.row(account.cells(name)));
        table.row(total.cells("total"));
        return table.lines();
    }

    private static final class Account {
        private long windows;
        private long frames;
        private long received;
        private long nonIp;
        private long canonical;
        private long duplicates;
        private long folded;
        private long tooLate;
        private long residual;

        void add(Completeness row) {
            windows++;
            frames += row.getFrames();
            received += row.getReceived();
            nonIp += row.getNonIp();
            canonical += row.getCanonical();
            duplicates += row.getDuplicates().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            folded += row.getFolded();
            tooLate += row.getTooLate();
            residual += Math.abs(row.getResidual()) + Math.abs(row.getTransportResidual());
        }

        List<String> cells(String name) {
            return List.of(
                    name,
                    Numbers.count(windows),
                    Numbers.count(frames),
                    Numbers.count(received),
                    Numbers.count(nonIp),
                    Numbers.count(canonical),
                    Numbers.count(duplicates),
                    Numbers.count(folded),
                    Numbers.count(tooLate),
                    Numbers.count(residual));
        }
    }
}
