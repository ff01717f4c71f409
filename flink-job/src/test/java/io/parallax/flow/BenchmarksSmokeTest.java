package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collection;
import org.junit.jupiter.api.Test;
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
                        "AdvanceBenchmark.rows",
                        "TableBenchmark.copy",
                        "TableBenchmark.write");
        assertThat(results).allMatch(result -> result.getPrimaryResult().getScore() > 0);
    }

    @Test
    void blocksAndElementsCountTheSamePacketsInTheSameFlows() throws Exception {
        MeterBenchmark benchmark = new MeterBenchmark();
        benchmark.flows = FLOWS;
        benchmark.generate();
        assertThat(benchmark.blocks())
                .isEqualTo(benchmark.elements())
                .isEqualTo(benchmark.keyedElements())
                .isEqualTo(MeterBenchmark.PACKETS);
        assertThat(benchmark.flowsInTables())
                .isEqualTo(benchmark.flowsInMap())
                .isEqualTo(benchmark.flowsInState())
                .isGreaterThan(FLOWS / 2);
    }

    @Test
    void aClosedWindowHasARowPerFlow() throws Exception {
        AdvanceBenchmark benchmark = new AdvanceBenchmark();
        benchmark.fill();
        assertThat(benchmark.closedRows()).isEqualTo(TableBenchmark.FLOWS);
    }

    /** Flow 96, two sightings of 72, row, two cells of 48: as {@link FlowTable} says, without the index. */
    @Test
    void aFlowWithOnePlacePerDirectionTakesAsMuchStateAsIsSaid() throws Exception {
        TableBenchmark benchmark = new TableBenchmark();
        benchmark.fill();
        assertThat(benchmark.octetsPerFlow()).isCloseTo(416, within(1.0));
    }
}
