package io.parallax.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parallax.job.JobOptions;
import io.parallax.job.ParallaxJob;
import io.parallax.local.cluster.LocalCluster;
import io.parallax.local.inventory.InventoryFile;
import io.parallax.local.inventory.InventoryTopic;
import io.parallax.local.report.Results;
import io.parallax.matrix.WindowCells;
import io.parallax.wire.Flow;
import io.parallax.wire.InventoryEntry;
import io.parallax.wire.MatrixCell;
import io.parallax.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same captures with ten cells to a matrix and with room for all: what is folded stays in every sum.
 *
 * <p>Sums are packets, octets, flows opened, refused and unanswered, octets retransmitted, duplicates and octets missed.
 */
final class MatrixCapTest {

    private static final int CAP = 10;
    private static final int TWO_SLOTS = 2;
    private static final int WINDOW_SECONDS = 10;
    private static final int HEADERS_PER_BATCH = 500;
    private static final List<String> LEVELS = List.of("address", "vm", "application", "subnet", "host");
    private static final Set<String> REFUSALS = Set.of("refused", "unreachable");

    @TempDir
    private Path folder;

    /** Cells by window and by hour, and the flows that they are of. */
    private record Matrices(List<Flow> flows, List<MatrixCell> cells, List<MatrixCell> hours) {}

    @Test
    void tenCellsOfTheSamplesHoldAllThatWasSeen() throws Exception {
        assertNothingIsLost(Samples.COMMITTED, InventoryFile.read(Samples.COMMITTED.resolve("inventory.yaml")));
    }

    @Test
    void tenCellsOfTheWholeRecordingHoldAllThatWasSeen() throws Exception {
        assumeTrue(
                Files.isDirectory(Samples.RECORDING),
                () -> Samples.RECORDING + " is not there: set -Dparallax.shared to the folder of reference captures");
        assertNothingIsLost(Samples.RECORDING, TruthInventory.of(Samples.truth(Samples.RECORDING)));
    }

    private void assertNothingIsLost(Path recording, List<InventoryEntry> inventory) throws Exception {
        Matrices capped = analyzed(recording, inventory, CAP);
        Matrices whole = analyzed(recording, inventory, new JobOptions().maxCells);
        assertSumsAreThoseOfTheFlows(whole);
        assertSumsAreThoseOfTheFlows(capped);
        assertFolded(capped.cells, whole.cells);
        assertFolded(capped.hours, whole.hours);
    }

    /** Of each level, window and locality; of the hour of each level and locality. */
    private static void assertSumsAreThoseOfTheFlows(Matrices matrices) {
        Map<String, long[]> expected = new TreeMap<>();
        Map<String, long[]> ofHours = new TreeMap<>();
        for (Flow flow : matrices.flows) {
            long hour = Math.floorDiv(flow.getWindowStart().getEpochSecond(), 3_600L) * 3_600;
            for (String level : LEVELS) {
                String place = "|" + level + "|" + flow.getRealm() + "|" + text(flow.getLocality());
                add(expected, flow.getWindowStart().getEpochSecond() + place, sums(flow));
                add(ofHours, hour + place, sums(flow));
            }
        }
        assertThat(texts(added(matrices.cells, cell -> matrix(cell) + "|" + text(cell.getLocality()))))
                .isEqualTo(texts(expected));
        assertThat(texts(added(matrices.hours, cell -> matrix(cell) + "|" + text(cell.getLocality()))))
                .isEqualTo(texts(ofHours));
    }

    /** At most so many cells; rows and columns of entities that were kept are as they were; the rest is one. */
    private static void assertFolded(List<MatrixCell> capped, List<MatrixCell> whole) {
        Map<String, List<MatrixCell>> were = byMatrix(whole);
        Map<String, List<MatrixCell>> are = byMatrix(capped);
        assertThat(are).hasSameSizeAs(were);
        Set<String> levelsFolded = new TreeSet<>();
        are.forEach((matrix, cells) -> {
            List<MatrixCell> before = were.getOrDefault(matrix, List.of());
            assertThat(cells).as(matrix).hasSizeLessThanOrEqualTo(CAP);
            boolean isFolded = cells.stream().anyMatch(MatrixCapTest::isOther);
            assertThat(isFolded).as(matrix).isEqualTo(before.size() > CAP);
            if (isFolded) {
                levelsFolded.add(cells.get(0).getLevel());
            }
            assertTotalsAreKept(matrix, cells, before, MatrixCell::getSourceEntity);
            assertTotalsAreKept(matrix, cells, before, MatrixCell::getDestinationEntity);
        });
        assertThat(levelsFolded)
                .as("levels at which there was something to fold")
                .contains("address", "vm");
        assertThat(whole).noneMatch(MatrixCapTest::isOther);
    }

    private static void assertTotalsAreKept(
            String matrix, List<MatrixCell> cells, List<MatrixCell> before, Function<MatrixCell, String> end) {
        Map<String, String> totals = texts(added(cells, end));
        totals.remove(WindowCells.OTHER);
        assertThat(texts(added(before, end))).as(matrix).containsAllEntriesOf(totals);
    }

    private static boolean isOther(MatrixCell cell) {
        return cell.getSourceEntity().equals(WindowCells.OTHER)
                || cell.getDestinationEntity().equals(WindowCells.OTHER);
    }

    private static Map<String, List<MatrixCell>> byMatrix(List<MatrixCell> cells) {
        return cells.stream().collect(Collectors.groupingBy(MatrixCapTest::matrix, TreeMap::new, Collectors.toList()));
    }

    private static String matrix(MatrixCell cell) {
        return cell.getWindowStart().getEpochSecond() + "|" + cell.getLevel() + "|" + cell.getRealm();
    }

    private static Map<String, long[]> added(List<MatrixCell> cells, Function<MatrixCell, String> key) {
        Map<String, long[]> sums = new TreeMap<>();
        cells.forEach(cell -> add(sums, key.apply(cell), sums(cell)));
        return sums;
    }

    private static void add(Map<String, long[]> sums, String key, long[] more) {
        long[] held = sums.computeIfAbsent(key, name -> new long[more.length]);
        for (int i = 0; i < more.length; i++) {
            held[i] += more[i];
        }
    }

    /** As text; what is 0 everywhere is as good as absent: cells that were taken back. */
    private static Map<String, String> texts(Map<String, long[]> sums) {
        Map<String, String> texts = new TreeMap<>();
        sums.forEach((key, values) -> {
            if (Arrays.stream(values).anyMatch(value -> value != 0)) {
                texts.put(key, Arrays.toString(values));
            }
        });
        return texts;
    }

    private static long[] sums(MatrixCell cell) {
        return new long[] {
            cell.getPacketDeltaCount(),
            cell.getOctetDeltaCount(),
            cell.getFlowsOpened(),
            number(cell.getFlowsRefused()),
            number(cell.getFlowsUnanswered()),
            number(cell.getTcpRetransmittedOctetCount()),
            number(cell.getDuplicatePacketCount()),
            number(cell.getMissedOctets())
        };
    }

    private static long[] sums(Flow flow) {
        boolean isFirst = flow.getFlowStart().getEpochSecond() / WINDOW_SECONDS
                == flow.getWindowStart().getEpochSecond() / WINDOW_SECONDS;
        String outcome = text(flow.getConnectionOutcome());
        return new long[] {
            flow.getPacketDeltaCount() + flow.getReversePacketDeltaCount(),
            flow.getOctetDeltaCount() + flow.getReverseOctetDeltaCount(),
            isFirst ? 1 : 0,
            isFirst && REFUSALS.contains(outcome) ? 1 : 0,
            isFirst && outcome.equals("no_answer") ? 1 : 0,
            number(flow.getTcpRetransmittedOctetCount()) + number(flow.getReverseTcpRetransmittedOctetCount()),
            flow.getDuplicates().values().stream().mapToLong(Long::longValue).sum(),
            Math.max(0, number(flow.getMissedOctets()))
        };
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private static String text(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }

    private Matrices analyzed(Path recording, List<InventoryEntry> inventory, int maxCells) throws Exception {
        Path work = Files.createDirectory(folder.resolve("cells-" + maxCells));
        try (LocalRun run = LocalRun.start(work, TWO_SLOTS);
                LocalCluster cluster = LocalCluster.start(TWO_SLOTS, work)) {
            new InventoryTopic(run.bootstrapServers()).write(inventory, null);
            PublishedRecords.send(run, PublishedRecords.of(Samples.of(recording, Samples.SENSORS), HEADERS_PER_BATCH));
            JobOptions options =
                    FlowJob.bounded(run.bootstrapServers(), Duration.ofSeconds(WINDOW_SECONDS), work.resolve("tables"));
            options.tables = null;
            options.maxCells = maxCells;
            StreamExecutionEnvironment environment = cluster.environment();
            ParallaxJob.build(environment, options);
            cluster.await(cluster.submit(environment), () -> {});
            Results results = run.results();
            List<MatrixCell> hours = run.topics().<MatrixCell>read(Topics.MATRIX_HOURLY, MatrixCell.getClassSchema());
            return new Matrices(
                    results.flows(),
                    results.cells(),
                    Results.of(List.of(), List.of(), hours, List.of(), List.of())
                            .cells());
        }
    }
}
