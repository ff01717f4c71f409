package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.BenchmarkTraffic.Spread;
import io.parallax.model.FlowRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs what is in src/jmh, so that no benchmark rots, and holds it honest: both sides of a comparison do the same. */
final class BenchmarksSmokeTest {

    private static final int FLOWS = 10_000;

    @Test
    void everyBenchmarkOfTheModuleRuns() throws Exception {
        // Nothing is measured here, so that others may measure meanwhile.
        System.setProperty("jmh.ignoreLock", "true");
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("^io\\.parallax\\.")
                        .mode(Mode.SingleShotTime)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .param("flows", String.valueOf(FLOWS))
                        .param("copies", "2")
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        assertThat(results)
                .extracting(result -> result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"))
                .contains(
                        "MeterBenchmark.blocks",
                        "MeterBenchmark.elements",
                        "MeterBenchmark.keyedElements",
                        "VantageBenchmark.blocks",
                        "TcpBenchmark.observe",
                        "TcpBenchmark.touch",
                        "BackendBenchmark.fold",
                        "AdvanceBenchmark.rows",
                        "TableBenchmark.copy",
                        "TableBenchmark.write");
        assertThat(results)
                .extracting(result -> result.getParams().getParam("backend"))
                .contains("HASHMAP", "ROCKSDB");
        assertThat(results).allMatch(result -> result.getPrimaryResult().getScore() > 0);
    }

    @Test
    void blocksAndElementsCountTheSamePacketsInTheSameFlows() throws Exception {
        MeterBenchmark benchmark = new MeterBenchmark();
        benchmark.flows = FLOWS;
        benchmark.open();
        benchmark.goOn();
        assertThat(benchmark.blocks())
                .isEqualTo(benchmark.elements())
                .isEqualTo(benchmark.keyedElements())
                .isEqualTo(MeterBenchmark.PACKETS);
        assertThat(benchmark.flowsInTables())
                .isEqualTo(benchmark.flowsInMap())
                .isEqualTo(benchmark.flowsInState())
                .isEqualTo(FLOWS);
    }

    /** Else trouble would be measured that the second and later rounds of the same packets make. */
    @Test
    void theTrafficIsCleanTcpHoweverLongItGoesOn() {
        List<FlowRow.Sighting> sightings = new ArrayList<>();
        long[] handshakes = {0};
        forEachRow(1, row -> {
            sightings.addAll(row.sightings());
            handshakes[0] += row.tcpHistory.startsWith("Sh") ? 1 : 0;
        });
        assertThat(sightings).isNotEmpty().allSatisfy(sighting -> {
            assertThat(sighting.tcp.retransmittedPackets).isZero();
            assertThat(sighting.tcp.outOfOrderPackets).isZero();
            assertThat(sighting.tcp.lostUpstreamPackets).isZero();
            assertThat(sighting.tcp.captureLostOctets).isZero();
            assertThat(sighting.tcp.uniqueOctets).isEqualTo(sighting.octets - 40 * sighting.packets);
        });
        assertThat(handshakes[0]).isPositive();
    }

    @Test
    void everyCopyOfTheTrafficIsADuplicate() {
        long[] packets = {0, 0};
        forEachRow(3, row -> {
            packets[0] += row.packets + row.reversePackets;
            packets[1] += row.duplicatePackets();
        });
        assertThat(packets[1]).isEqualTo(2 * packets[0]).isPositive();
    }

    private static void forEachRow(int copies, Consumer<FlowRow> check) {
        FlowTable table = new FlowTable(BenchmarkTables.SETTINGS);
        BenchmarkBlocks traffic =
                BenchmarkBlocks.ofOneBucket(new BenchmarkTraffic(Spread.EVEN, 100, BenchmarkTraffic.TCP, copies));
        traffic.opening().forEach(table::fold);
        for (int second = 1; second < 30; second++) {
            traffic.second(1_000, Traffic.nanos(second)).forEach(table::fold);
        }
        table.advance(Traffic.nanos(40), Traffic.nanos(40), check);
    }

    @Test
    void aClosedWindowHasARowPerFlow() throws Exception {
        AdvanceBenchmark benchmark = new AdvanceBenchmark();
        benchmark.fill();
        assertThat(benchmark.closedRows()).isEqualTo(TableBenchmark.FLOWS);
    }

    /** Flow 96, row 80, and per direction and place: sighting 56, cell 40; for TCP also track 40 and counts 40. */
    @ParameterizedTest
    @CsvSource({"17, 1, 368", "6, 1, 528", "6, 2, 880", "6, 3, 1232"})
    void aFlowTakesAsMuchStateAsItsRecordsAreWide(int protocol, int copies, double octets) throws Exception {
        BenchmarkTables tables = BenchmarkTables.filledWith(new BenchmarkTraffic(Spread.EVEN, FLOWS, protocol, copies));
        double headersOfTables = 300.0 * BenchmarkTables.BUCKETS / FLOWS;
        assertThat(StateSize.octetsInCheckpoint(tables)).isBetween(octets, octets + headersOfTables);
        assertThat(StateSize.octetsInMemory(tables)).isBetween(octets, 2.5 * octets);
    }

    @Test
    void aCheckpointIsTimed() throws Exception {
        CheckpointTime.main(new String[] {String.valueOf(FLOWS), "2"});
    }
}
