package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What ports A to E of the physical network and the capture VMs saw of the traffic between eight VMs, once counted packet by
 * packet when the reference recording was made (CHECK.txt), and once asked of the tables with docs/sql/visibility.sql.
 *
 * <p>Points are sensors here. They leave out the management VLAN, which carries the mirror sessions.
 */
class VisibilityTest {

    private static final Path QUERY =
            Path.of(System.getProperty("parallax.root", "../.."), "docs", "sql", "visibility.sql");

    private static final List<String> POINTS = List.of("A", "B", "C", "D", "E");
    private static final int MANAGEMENT_VLAN = 99;

    /** Columns of CHECK.txt's table, in its order. */
    private static final List<String> RELATIONS = List.of(
            "all",
            "intra-host same-subnet",
            "inter-host same-subnet",
            "intra-host inter-subnet",
            "inter-host inter-subnet");

    private static String check = "";
    private static List<DuckDb.Row> answer = List.of();

    @BeforeAll
    static void analyzePointsAndCaptureVms(@TempDir Path folder) throws Exception {
        Needed.isThere(
                Files.isDirectory(Samples.RECORDING),
                () -> Samples.RECORDING + " is not there: set -Dparallax.shared to the folder of reference captures");
        check = Files.readString(Samples.RECORDING.resolve("CHECK.txt"));
        List<String> arguments = new ArrayList<>(
                List.of("analyze", "--out", folder.resolve("out").toString()));
        for (String sensor : Samples.SENSORS) {
            arguments.add(Samples.RECORDING.resolve(sensor + ".pcap").toString());
        }
        for (String point : POINTS) {
            Path capture = folder.resolve("point-" + point + ".pcap");
            CaptureWithoutVlan.write(
                    Samples.RECORDING.resolve(capture.getFileName().toString()), capture, MANAGEMENT_VLAN);
            arguments.add("point:" + point + "=" + capture);
        }
        assertThat(ParallaxProcess.run(folder, arguments)).isZero();
        try (DuckDb tables = DuckDb.over(folder.resolve("out").resolve("tables"))) {
            answer = tables.run(QUERY);
        }
    }

    @Test
    void everyShareIsWhatWasCountedPacketByPacket() {
        Map<String, String> counted = new TreeMap<>();
        tableLines().forEach((place, cells) -> {
            for (int column = 0; column < RELATIONS.size(); column++) {
                counted.put(place + ", " + RELATIONS.get(column), cells.get(column));
            }
        });
        assertThat(counted).hasSize(9 * RELATIONS.size());

        Map<String, String> measured = new TreeMap<>();
        for (DuckDb.Row row : answer) {
            measured.put(
                    row.text("place") + ", " + relation(row), "%.1f%%".formatted(row.fraction("visibility_percent")));
        }
        assertThat(measured).isEqualTo(counted);
    }

    @Test
    void everyPlaceSawAsManyCopiesAsWasCounted() {
        Map<String, String> counted = new TreeMap<>();
        tableLines().forEach((place, cells) -> counted.put(place, cells.get(RELATIONS.size())));
        Map<String, String> measured = new TreeMap<>();
        for (DuckDb.Row row : ofAllRelations()) {
            measured.put(row.text("place"), String.format(Locale.ROOT, "%.2f", row.fraction("copies_per_packet")));
        }
        assertThat(measured).isEqualTo(counted);
    }

    @Test
    void packetsByWhereTheyRanAreWhatWasSent() {
        assertThat(check).contains(packets("all capture VMs"));
    }

    @Test
    void everyPointPassedAsManyPacketsAsWasCounted() {
        for (String point : POINTS) {
            MatchResult counted = only("point-" + point + " +expected +(\\d+) ");
            assertThat(ofAllRelations())
                    .filteredOn(row -> row.text("place").equals("point " + point))
                    .extracting(row -> row.number("copies"))
                    .containsExactly(Long.valueOf(counted.group(1)));
        }
    }

    @Test
    void aCaptureVmSawEveryPacketOfItsHost() {
        for (String captureVm : List.of("capvm1", "capvm2")) {
            MatchResult counted = only(captureVm + " on \\S+: 100.0% of (\\d+)");
            assertThat(ofAllRelations())
                    .filteredOn(row -> row.text("place").equals(captureVm))
                    .extracting(row -> row.number("seen"))
                    .containsExactly(Long.valueOf(counted.group(1)));
        }
    }

    /** As CHECK.txt has it: all, and by relation. */
    private static String packets(String place) {
        Map<String, Long> byRelation = new TreeMap<>();
        for (DuckDb.Row row : answer) {
            if (row.text("place").equals(place)) {
                byRelation.put(relation(row), row.number("seen"));
            }
        }
        List<String> parts = RELATIONS.stream()
                .skip(1)
                .map(relation -> relation + ": " + byRelation.get(relation))
                .toList();
        return "VM-to-VM packets: %d (%s)".formatted(byRelation.get("all"), String.join(", ", parts));
    }

    private static List<DuckDb.Row> ofAllRelations() {
        return answer.stream().filter(row -> relation(row).equals("all")).toList();
    }

    private static String relation(DuckDb.Row row) {
        return row.value("relation") == null ? "all" : row.text("relation");
    }

    /** Cells of CHECK.txt's table, by place. */
    private static Map<String, List<String>> tableLines() {
        Map<String, List<String>> lines = new TreeMap<>();
        Pattern.compile("^  (\\S.*?) {2,}((?:[\\d.]+%\\s+){5}[\\d.]+)$", Pattern.MULTILINE)
                .matcher(check)
                .results()
                .forEach(line ->
                        lines.put(line.group(1), Arrays.asList(line.group(2).split("\\s+"))));
        return lines;
    }

    private static MatchResult only(String pattern) {
        List<MatchResult> found =
                Pattern.compile(pattern).matcher(check).results().toList();
        assertThat(found).as(pattern).hasSize(1);
        return found.get(0);
    }
}
