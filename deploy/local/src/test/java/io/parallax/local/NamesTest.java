package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parallax.local.TruthInventory.Traffic;
import io.parallax.local.inventory.InventoryFile;
import io.parallax.local.report.Results;
import io.parallax.wire.Flow;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.MatrixCell;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures with an inventory: what each pair of machines sent to each other stands under their names. */
class NamesTest {

    private static final int TWO_SLOTS = 2;

    @TempDir
    Path folder;

    @Test
    void pairsOfTheSampleAreExact() throws Exception {
        assertPairsAreExact(Samples.COMMITTED, InventoryFile.read(Samples.COMMITTED.resolve("inventory.yaml")));
    }

    @Test
    void pairsOfTheWholeRecordingAreExact() throws Exception {
        assumeTrue(
                Files.isDirectory(Samples.RECORDING),
                () -> Samples.RECORDING + " is not there: set -Dparallax.shared to the folder of reference captures");
        assertPairsAreExact(Samples.RECORDING, TruthInventory.of(Samples.truth(Samples.RECORDING)));
    }

    /** Machines of which only the MAC addresses are known: ARP tells who has the addresses. */
    @Test
    void addressesThatTheInventoryDoesNotKnowAreLearnt() throws Exception {
        assertPairsAreExact(
                Samples.COMMITTED,
                InventoryFile.read(Samples.COMMITTED.resolve("inventory.yaml")).stream()
                        .map(entry -> InventoryEntry.newBuilder(entry)
                                .setAddresses(List.of())
                                .build())
                        .toList());
    }

    /** Recorded by deploy/lab/moves.py; whoever holds the handed address when, the interfaces' own counts tell the pairs. */
    @Test
    void octetsStandUnderTheNamesThatHeldWhenMachinesMoveAndAddressesChangeHands() throws Exception {
        Path recording = Path.of(System.getProperty("parallax.root"), "deploy/local/src/test/resources/moves");
        Map<String, Traffic> counted = counted(recording, InventoryFile.read(recording.resolve("inventory.json")));
        assertThat(counted)
                .isEqualTo(TruthInventory.ways(recording.resolve("pairs.json")))
                .hasSize(16);
    }

    private void assertPairsAreExact(Path recording, List<InventoryEntry> inventory) throws Exception {
        Map<String, Traffic> counted = counted(recording, inventory);
        counted.keySet().removeIf(pair -> pair.contains("?"));
        assertThat(counted)
                .isEqualTo(TruthInventory.pairs(Samples.truth(recording)))
                .hasSizeGreaterThan(5);
    }

    /** What stands under each pair of names; "?" where nobody is named. */
    private Map<String, Traffic> counted(Path recording, List<InventoryEntry> inventory) throws Exception {
        Map<String, Traffic> counted = new TreeMap<>();
        Results results = analyzed(recording, inventory);
        for (Flow flow : results.flows()) {
            TruthInventory.add(
                    counted,
                    name(flow.getSourceVirtualStationName()),
                    name(flow.getDestinationVirtualStationName()),
                    new Traffic(
                            flow.getPacketDeltaCount(),
                            flow.getOctetDeltaCount(),
                            flow.getReversePacketDeltaCount(),
                            flow.getReverseOctetDeltaCount()));
        }
        Map<String, Traffic> named = new TreeMap<>(counted);
        named.keySet().removeIf(pair -> pair.contains("?"));
        assertThat(inMatrix(results)).isEqualTo(named);
        return counted;
    }

    /** By level vm of the matrix, whatever the locality. */
    private static Map<String, Traffic> inMatrix(Results results) {
        Map<String, Traffic> cells = new TreeMap<>();
        for (MatrixCell cell : results.cells()) {
            if (cell.getLevel().equals("vm")) {
                TruthInventory.add(
                        cells,
                        cell.getSourceEntity(),
                        cell.getDestinationEntity(),
                        new Traffic(cell.getPacketDeltaCount(), cell.getOctetDeltaCount(), 0, 0));
            }
        }
        cells.keySet().removeIf(pair -> pair.contains("."));
        return cells;
    }

    private static String name(@Nullable String name) {
        return Objects.requireNonNullElse(name, "?");
    }

    private Results analyzed(Path recording, List<InventoryEntry> inventory) throws Exception {
        PrintWriter nobody = new PrintWriter(new StringWriter());
        return new Analysis(
                        Samples.of(recording, Samples.SENSORS),
                        inventory,
                        Duration.ofSeconds(10),
                        TWO_SLOTS,
                        OutputFolder.prepare(folder.resolve("out")))
                .run(nobody, Progress.on(nobody))
                .results();
    }
}
