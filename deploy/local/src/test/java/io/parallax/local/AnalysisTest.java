package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.local.Truth.Counts;
import io.parallax.local.Truth.Direction;
import io.parallax.local.inventory.InventoryFile;
import io.parallax.local.report.Conservation;
import io.parallax.local.report.Results;
import io.parallax.wire.CaptureLedger;
import io.parallax.wire.Completeness;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample captures of two capture VMs through producer, broker and job, once; then what has to be true of the result. */
class AnalysisTest {

    private static final int TWO_SLOTS = 2;
    private static final int WINDOW_SECONDS = 10;

    private static OutputFolder out = new OutputFolder(Path.of("unset"));
    private static Analysis.Outcome outcome = new Analysis.Outcome(
            Results.of(List.of(), List.of(), List.of(), List.of(), List.of()),
            new Conservation(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

    @BeforeAll
    static void analyzeTheSamples(@TempDir Path folder) throws Exception {
        out = OutputFolder.prepare(folder.resolve("out"));
        PrintWriter nobody = new PrintWriter(new StringWriter());
        outcome = new Analysis(
                        Samples.of(Samples.COMMITTED, Samples.SENSORS),
                        InventoryFile.read(Samples.COMMITTED.resolve("inventory.yaml")),
                        Duration.ofSeconds(WINDOW_SECONDS),
                        TWO_SLOTS,
                        out)
                .run(nobody, Progress.on(nobody));
    }

    @Test
    void everyDirectionIsCountedOnceAndExactly() throws Exception {
        Map<Direction, Counts> counted = FlowSums.of(outcome.results().flows());
        assertThat(Truth.ofAllSensors(Samples.truth(Samples.COMMITTED)).differences(counted))
                .isEmpty();
    }

    @Test
    void nothingIsLostAndNothingCountedTwice() {
        assertThat(outcome.conservation().holds())
                .as(() -> String.join("\n", outcome.conservation().lines()))
                .isTrue();
        assertThat(outcome.conservation().seenAgain()).isPositive();
    }

    @Test
    void everyInterfaceHasABalancedAccountOfEveryWindowThatItSaw() throws Exception {
        Map<String, Long> published = new TreeMap<>();
        for (CaptureLedger row : outcome.results().ledger()) {
            long window = Math.floorDiv(row.getIntervalStart().getEpochSecond(), WINDOW_SECONDS) * WINDOW_SECONDS;
            published.merge(
                    row.getSensorId() + "." + row.getInterfaceName() + "@" + window, row.getPublished(), Long::sum);
        }
        Map<String, Long> received = new TreeMap<>();
        assertThat(outcome.results().completeness()).isNotEmpty().allSatisfy(row -> {
            received.put(
                    row.getSensorId() + "." + row.getInterfaceName() + "@"
                            + row.getWindowStart().getEpochSecond(),
                    row.getReceived());
            assertThat(row.getResidual()).as("%s", row).isZero();
            assertThat(row.getTransportResidual()).as("%s", row).isZero();
            assertThat(row.getCoverage()).isEqualTo(1.0);
        });
        assertThat(received).isEqualTo(published);
        assertThat(ParquetRows.of(out.tables().resolve("completeness"))).hasSizeGreaterThanOrEqualTo(received.size());
    }

    @Test
    void completenessCountsThePacketsOfTheFlowsAndTheirCopies() {
        assertThat(sum(outcome.results().completeness(), Completeness::getCanonical))
                .isEqualTo(outcome.conservation().countedOnce());
        assertThat(sum(outcome.results().completeness(), row -> row.getReceived() - row.getNonIp()))
                .isEqualTo(outcome.conservation().publishedIp());
    }

    @Test
    void noRecordWasUnusable() {
        assertThat(outcome.results().deadLetters()).isEmpty();
    }

    @Test
    void theMatrixHoldsTheOctetsOfTheFlowsOnEveryLevel() {
        long octets = sum(outcome.results().flows(), row -> row.getOctetDeltaCount() + row.getReverseOctetDeltaCount());
        Map<String, Long> byLevel = new HashMap<>();
        for (MatrixCell cell : outcome.results().cells()) {
            byLevel.merge(cell.getLevel(), cell.getOctetDeltaCount(), Long::sum);
        }
        assertThat(byLevel)
                .containsOnlyKeys("address", "vm", "application", "subnet", "host")
                .allSatisfy((level, sum) -> assertThat(sum).as(level).isEqualTo(octets));
    }

    @Test
    void theParquetTablesHoldWhatTheTopicsHold() throws Exception {
        Map<String, GenericRecord> latest = new HashMap<>();
        for (GenericRecord row : ParquetRows.of(out.tables().resolve("flows"))) {
            latest.merge(
                    row.get("flow_id") + "@" + row.get("window_start"),
                    row,
                    (one, other) -> (long) other.get("revision") >= (long) one.get("revision") ? other : one);
        }
        List<Flow> flows = outcome.results().flows();
        assertThat(latest).hasSameSizeAs(flows);
        assertThat(sum(List.copyOf(latest.values()), row -> (long) row.get("packet_delta_count")))
                .isEqualTo(sum(flows, Flow::getPacketDeltaCount));
        assertThat(sum(List.copyOf(latest.values()), row -> (long) row.get("reverse_octet_delta_count")))
                .isEqualTo(sum(flows, Flow::getReverseOctetDeltaCount));
        assertThat(ParquetRows.of(out.tables().resolve("matrix")))
                .hasSizeGreaterThanOrEqualTo(outcome.results().cells().size());
    }

    @Test
    void theInitiatorIsTheOneWhoOpenedTheFlow() throws Exception {
        Truth truth = Truth.ofAllSensors(Samples.truth(Samples.COMMITTED));
        List<Flow> tcp = outcome.results().flows().stream()
                .filter(row -> row.getProtocolIdentifier() == 6)
                .toList();
        assertThat(tcp).isNotEmpty().allSatisfy(row -> {
            Direction direction = Direction.of(
                    6,
                    row.getSourceAddress(),
                    row.getSourceTransportPort(),
                    row.getDestinationAddress(),
                    row.getDestinationTransportPort());
            assertThat(truth.isInitiated(direction.back())).as("%s", direction).isFalse();
        });
    }

    @Test
    void onlyTablesAndTheLogAreLeft() {
        assertThat(out.work()).doesNotExist();
        assertThat(out.folder()).isDirectoryContaining("glob:**/tables").isDirectoryNotContaining("glob:**/.work");
    }

    private static <T> long sum(List<T> rows, ToLongFunction<T> value) {
        return rows.stream().mapToLong(value).sum();
    }
}
