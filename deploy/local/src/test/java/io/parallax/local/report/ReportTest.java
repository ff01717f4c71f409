package io.parallax.local.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.MatrixCell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void theLedgerShowsEveryInterfaceAndTheirSum() {
        assertThat(LedgerTable.lines(List.of(
                        Rows.ledger("capvm2", 1000, Map.of("decoded", 999L, "truncated", 1L), 999),
                        Rows.ledger("capvm1", 11, Map.of("decoded", 11L), 11))))
                .containsExactly(
                        "Captured (frames by outcome)",
                        "sensor.interface  frames   octets  decoded  truncated  published",
                        "----------------------------------------------------------------",
                        "capvm1.cap0           11  1.10 kB       11          0         11",
                        "capvm2.cap0        1,000   100 kB      999          1        999",
                        "total              1,011   101 kB    1,010          1      1,010");
    }

    @Test
    void framesThatWereTakenOutOnPurposeHaveAColumn() {
        CaptureLedger row = Rows.ledger("capvm1", 10, Map.of("decoded", 10L), 10);
        row.setFilteredByCause(Map.of("mirror_of_mirror", 3L));

        assertThat(LedgerTable.lines(List.of(row)))
                .contains(
                        "sensor.interface  frames   octets  decoded  filtered: mirror_of_mirror  published",
                        "capvm1.cap0           10  1.00 kB       10                           3         10");
    }

    @Test
    void completenessShowsEveryInterfaceAndCancelsNoResiduals() {
        Completeness more = Rows.completeness("capvm2", 1, 1001, 1000, 600);
        Completeness less = Rows.completeness("capvm2", 1, 999, 1000, 600);
        less.setWindowStart(Rows.NOON.plusSeconds(10));
        assertThat(CompletenessTable.lines(List.of(more, less, Rows.completeness("capvm1", 1, 10, 10, 7))))
                .containsExactly(
                        "Completeness (headers by what became of them)",
                        "sensor.interface  windows  frames  received  non-IP  canonical  duplicates  folded  too late  residual",
                        "------------------------------------------------------------------------------------------------------",
                        "capvm1.cap0             1      11        10       0          7           3       0         0         0",
                        "capvm2.cap0             2   2,002     2,000       0      1,200         800       0         0         2",
                        "total                   3   2,013     2,010       0      1,207         803       0         0         2");
    }

    @Test
    void theMatrixFoldsTheQuietestAndKeepsTheSum() {
        List<MatrixCell> cells = new ArrayList<>();
        for (int i = 10; i < 22; i++) {
            cells.add(Rows.cell("10.0.0." + i, "10.0.0.1", 1, i));
        }
        List<String> lines = MatrixTable.lines(cells, "address");
        assertThat(lines).hasSize(3 + 9 + 2);
        // 10 to 13 are the quietest of twelve: the busiest nine are the receiver and 14 to 21.
        assertThat(lines).anyMatch(line -> line.contains("(other)") && line.endsWith("46 B"));
        assertThat(lines.get(lines.size() - 1)).startsWith("   all").endsWith("186 B");
    }

    @Test
    void aFlowOfSeveralWindowsIsOneLine() {
        assertThat(FlowTable.lines(List.of(Rows.flow("f", 1, 5, 2, 0))))
                .hasSize(4)
                .last()
                .asString()
                .contains("TCP", "10.10.1.11:40000", "10.10.2.13:5432", "500 B", "1.500 s");
    }

    @Test
    void octetsHaveThreeDigits() {
        assertThat(List.of(0L, 999L, 1000L, 9_994L, 9_995L, 99_949L, 99_950L, 999_499L, 999_500L, 123_456_789L))
                .extracting(Numbers::octets)
                .containsExactly(
                        "0 B", "999 B", "1.00 kB", "9.99 kB", "10.0 kB", "99.9 kB", "100 kB", "999 kB", "1.00 MB",
                        "123 MB");
    }
}
