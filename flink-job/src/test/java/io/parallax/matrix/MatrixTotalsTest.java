package io.parallax.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.FlowRow;
import io.parallax.model.Label;
import io.parallax.model.Locality;
import io.parallax.model.MatrixLevel;
import io.parallax.sketch.LogBuckets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Revisions of rows that change counts, names and locality, and the matrices that they make. */
final class MatrixTotalsTest {

    private static final int FLOWS = 40;
    private static final int UNCAPPED = 1_000_000;

    /** A cap whose hard limit no list of revisions reaches: 100 of them are 200 cells. */
    private static final int ENOUGH_FOR_ANY_PATH = 30;

    /** A revision of a flow's row; the name tells which label its ends have, 0: none. */
    private record Revision(int flow, long octets, long reverseOctets, int name, int locality, int bucket) {

        boolean isRefused() {
            return octets % 3 == 0;
        }
    }

    @Property(tries = 300)
    void cellsAddUpToTheFinalRowsAtEveryLevelForEveryCap(@ForAll("revisions") List<Revision> revisions) {
        long[] expected = new long[4];
        finals(revisions).values().forEach(row -> {
            expected[0] += row.octets + row.reverseOctets;
            expected[1]++;
            expected[2] += row.isRefused() ? 1 : 0;
            expected[3] += row.bucket == LogBuckets.NONE ? 0 : 1;
        });
        for (int most : new int[] {1, 10, UNCAPPED}) {
            for (WindowCells matrix : matrices(revisions, most, 7).values()) {
                long[] sums = new long[4];
                for (int cell = 0; cell < matrix.size(); cell++) {
                    RoundTrips roundTrips = matrix.roundTrips(cell);
                    sums[0] += matrix.sum(cell, Measure.OCTETS);
                    sums[1] += matrix.sum(cell, Measure.FLOWS_OPENED);
                    sums[2] += matrix.sum(cell, Measure.FLOWS_REFUSED);
                    sums[3] += roundTrips == null ? 0 : roundTrips.count();
                }
                assertThat(sums).as(matrix.level() + " in " + most).isEqualTo(expected);
                assertThat(matrix.size()).isLessThanOrEqualTo(Math.max(most, Locality.values().length));
            }
        }
    }

    @Property(tries = 300)
    void rowsAndColumnsOfKeptEntitiesStayExact(@ForAll("revisions") List<Revision> revisions) {
        Map<MatrixLevel, WindowCells> whole = matrices(revisions, UNCAPPED, 7);
        matrices(revisions, 10, 7).forEach((level, folded) -> {
            Map<String, Long> expected = totals(whole.getOrDefault(level, folded));
            totals(folded).forEach((entity, octets) -> {
                if (!entity.endsWith(WindowCells.OTHER)) {
                    assertThat(octets).as(entity).isEqualTo(expected.get(entity));
                }
            });
        });
    }

    @Property(tries = 300)
    void twoPhasesStateWhatOneDoes(@ForAll("revisions") List<Revision> revisions, @ForAll @IntRange(min = 1) int each) {
        assertThat(describe(matrices(revisions, UNCAPPED, each))).isEqualTo(describe(matrices(revisions, UNCAPPED, 1)));
    }

    @Property(tries = 300)
    void theOrderOfFlowsChangesNeitherSumsNorRevisions(
            @ForAll("revisions") List<Revision> revisions, @ForAll long seed) {
        List<Integer> order = new ArrayList<>();
        for (int flow = 0; flow < FLOWS; flow++) {
            order.add(flow);
        }
        Collections.shuffle(order, new Random(seed));
        List<Revision> shuffled = order.stream()
                .flatMap(flow -> revisions.stream().filter(revision -> revision.flow == flow))
                .toList();
        assertThat(describe(matrices(shuffled, 100, 7))).isEqualTo(describe(matrices(revisions, 100, 7)));
    }

    /** A -> B -> A, and A from the first: the cells say the same, whether there is room for them or not. */
    @Property(tries = 300)
    void whatRowsWereCalledOnTheWayChangesNoValue(@ForAll("revisions") List<Revision> revisions) {
        List<Revision> onlyLast = new ArrayList<>();
        for (int i = 0; i < revisions.size(); i++) {
            Revision each = revisions.get(i);
            boolean isLast =
                    revisions.subList(i + 1, revisions.size()).stream().noneMatch(later -> later.flow == each.flow);
            if (isLast) {
                onlyLast.add(each);
            }
        }
        for (int most : new int[] {ENOUGH_FOR_ANY_PATH, UNCAPPED}) {
            assertThat(values(matrices(revisions, most, 7))).isEqualTo(values(matrices(onlyLast, most, 7)));
        }
    }

    @Property(tries = 300)
    void aCellThatSaysSomethingElseHasAGreaterRevision(@ForAll("revisions") List<Revision> revisions) {
        Map<String, String> before = new TreeMap<>();
        for (int count = 1; count <= revisions.size(); count++) {
            Map<String, String> now = describe(matrices(revisions.subList(0, count), UNCAPPED, 1));
            assertThat(now.keySet()).as("a cell never goes").containsAll(before.keySet());
            before.forEach((cell, text) -> {
                String is = Objects.requireNonNull(now.get(cell));
                if (is.equals(text)) {
                    return;
                }
                assertThat(revision(is)).as("%s: %s, %s", cell, text, is).isGreaterThan(revision(text));
            });
            before = now;
        }
    }

    private static int revision(String text) {
        return Integer.parseInt(text.replaceAll(".* r(\\d+) .*", "$1"));
    }

    /** Cells without revisions, but for those that nothing is left of. */
    private static Map<String, String> values(Map<MatrixLevel, WindowCells> matrices) {
        Map<String, String> values = describe(matrices);
        values.replaceAll((cell, text) -> text.replaceAll(" r\\d+", ""));
        values.values().removeIf("0 rtt0"::equals);
        return values;
    }

    @Property(tries = 50)
    void quantilesAreWithinTwoPercent(
            @ForAll @Size(min = 1, max = 500) List<@LongRange(min = 1_000, max = 1L << 39) Long> micros) {
        RoundTrips roundTrips = new RoundTrips();
        micros.forEach(value -> roundTrips.add(LogBuckets.bucketOf(value), 1));
        List<Long> sorted = micros.stream().sorted().toList();
        for (double share : new double[] {0.5, 0.95, 0.99}) {
            double exact = sorted.get((int) Math.ceil(share * sorted.size()) - 1);
            assertThat(Math.abs(roundTrips.quantile(share) - exact)).isLessThanOrEqualTo(0.0201 * exact + 1);
        }
    }

    @Test
    void aRenamedRowLeavesItsOldCellEmpty() {
        WindowCells matrix = matrices(
                        List.of(new Revision(1, 100, 0, 0, 1, 5), new Revision(1, 150, 0, 1, 3, 5)), UNCAPPED, 1)
                .get(MatrixLevel.VM);
        assertThat(describe(Map.of(MatrixLevel.VM, matrix)).values())
                .containsExactlyInAnyOrder("0 r2 rtt0", "150 r2 rtt1");
    }

    @Provide
    Arbitrary<List<Revision>> revisions() {
        Arbitrary<Long> octets = Arbitraries.longs().between(1, 1L << 30);
        return Combinators.combine(
                        Arbitraries.integers().between(0, FLOWS - 1),
                        octets,
                        octets,
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.integers().between(0, 9))
                .as(Revision::new)
                .list()
                .ofMaxSize(100);
    }

    private static Map<Integer, Revision> finals(List<Revision> revisions) {
        Map<Integer, Revision> last = new HashMap<>();
        revisions.forEach(revision -> last.put(revision.flow, revision));
        return last;
    }

    private static Map<MatrixLevel, WindowCells> matrices(List<Revision> revisions, int most, int rowsPerFlush) {
        MatrixDeltas deltas = new MatrixDeltas(SubnetRule.COMMON, 10_000_000_000L);
        CappedCells cap = new CappedCells(most, cells -> {}, entities -> {});
        Map<MatrixLevel, WindowCells> held = new TreeMap<>();
        FlowRow[] rows = new FlowRow[FLOWS];
        int count = 0;
        for (Revision revision : revisions) {
            FlowRow before = rows[revision.flow];
            rows[revision.flow] = row(revision, before == null ? new FlowRow() : before);
            deltas.add(rows[revision.flow]);
            if (++count % rowsPerFlush == 0) {
                deltas.flush(delta -> add(held, cap, delta));
            }
        }
        deltas.flush(delta -> add(held, cap, delta));
        held.replaceAll((level, matrix) -> cap.capped(matrix));
        return held;
    }

    private static void add(Map<MatrixLevel, WindowCells> held, CappedCells cap, WindowCells delta) {
        WindowCells matrix = held.getOrDefault(delta.level(), new WindowCells(delta.level(), delta.realm(), 0));
        held.put(delta.level(), cap.add(matrix, delta, null));
    }

    private static FlowRow row(Revision revision, FlowRow before) {
        FlowRow row = new FlowRow();
        row.family = 4;
        row.sourceLow = 0x0A00_0000L + revision.flow;
        row.destinationLow = 0x0A00_0100L + revision.flow % 4;
        row.octets = revision.octets;
        row.reverseOctets = revision.reverseOctets;
        row.locality = Locality.ofCode(revision.locality);
        row.source = label(revision.name);
        row.destination = label(revision.name + 1);
        row.isRefused = revision.isRefused();
        row.handshakeBucket = revision.bucket;
        row.revision = before.revision + 1;
        row.isOpening = before.revision == 0;
        row.previousRevision = before.revision;
        row.previousOctets = before.octets;
        row.previousReverseOctets = before.reverseOctets;
        row.previousLocality = before.locality;
        row.previousSource = before.source;
        row.previousDestination = before.destination;
        row.wasRefused = before.isRefused;
        row.previousHandshakeBucket = before.handshakeBucket;
        return row;
    }

    private static Label label(int name) {
        return name == 0
                ? Label.unattributed("10.0.0.0/24")
                : new Label("vm" + name, "", "app" + name % 3, "esx" + name % 2, "", "net" + name, Label.BY_ADDRESS);
    }

    private static Map<String, Long> totals(WindowCells matrix) {
        Map<String, Long> totals = new TreeMap<>();
        for (int cell = 0; cell < matrix.size(); cell++) {
            totals.merge("from " + matrix.source(cell), matrix.sum(cell, Measure.OCTETS), Long::sum);
            totals.merge("to " + matrix.destination(cell), matrix.sum(cell, Measure.OCTETS), Long::sum);
        }
        return totals;
    }

    private static Map<String, String> describe(Map<MatrixLevel, WindowCells> matrices) {
        Map<String, String> cells = new TreeMap<>();
        for (WindowCells matrix : matrices.values()) {
            for (int cell = 0; cell < matrix.size(); cell++) {
                RoundTrips roundTrips = matrix.roundTrips(cell);
                cells.put(
                        String.join(
                                "|",
                                Arrays.asList(
                                        matrix.level().label(),
                                        matrix.source(cell),
                                        matrix.destination(cell),
                                        "" + matrix.localityCode(cell))),
                        "%d r%d rtt%d"
                                .formatted(
                                        matrix.sum(cell, Measure.OCTETS),
                                        matrix.sum(cell, Measure.REVISION),
                                        roundTrips == null ? 0 : roundTrips.count()));
            }
        }
        return cells;
    }
}
