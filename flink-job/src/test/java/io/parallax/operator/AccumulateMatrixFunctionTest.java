package io.parallax.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.matrix.CellHash;
import io.parallax.matrix.CellSchedule;
import io.parallax.matrix.SubnetRule;
import io.parallax.model.MatrixDelta;
import io.parallax.model.MatrixLevel;
import io.parallax.wire.Addresses;
import io.parallax.wire.MatrixCell;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Windows of 10 s, 60 s of lateness. */
final class AccumulateMatrixFunctionTest {

    private static final int BUCKETS = 4;
    private static final CellSchedule SCHEDULE = new CellSchedule(10, Duration.ofSeconds(60));

    private KeyedOneInputStreamOperatorTestHarness<Integer, MatrixDelta, MatrixCell> harness;

    @BeforeEach
    void open() throws Exception {
        harness = harness();
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aCellIsStatedOnceWhenItsWindowEnds() throws Exception {
        add(0, 1, 2, 100);
        add(0, 1, 3, 200);
        advanceTo(9_998);
        assertThat(stated()).isEmpty();
        advanceTo(9_999);
        assertThat(stated()).containsExactly("10.0.0.1>10.0.1.1 @0 r2: 5 300 2");
        advanceTo(30_000);
        assertThat(stated()).isEmpty();
    }

    @Test
    void lateDeltasReviseTheCellOncePerWatermark() throws Exception {
        add(0, 1, 2, 100);
        advanceTo(15_000);
        stated();
        add(0, 1, 1, 50);
        add(0, 1, -1, -25);
        assertThat(stated()).isEmpty();
        advanceTo(15_001);
        assertThat(stated()).containsExactly("10.0.0.1>10.0.1.1 @0 r3: 2 125 3");
    }

    @Test
    void aRevisionGrowsByThatOfTheFlowRowsAndNotByTheNumberOfDeltas() throws Exception {
        MatrixDelta delta = delta(0, 1, 3, 300);
        delta.revision = 3;
        harness.processElement(delta, 0);
        add(0, 1, 1, 50);
        advanceTo(9_999);
        assertThat(stated()).containsExactly("10.0.0.1>10.0.1.1 @0 r4: 4 350 2");
    }

    @Test
    void aCellThatOnlyLateTrafficTouchesIsStatedToo() throws Exception {
        advanceTo(15_000);
        add(0, 7, 1, 40);
        advanceTo(16_000);
        assertThat(stated()).containsExactly("10.0.0.7>10.0.1.1 @0 r1: 1 40 1");
    }

    @Test
    void windowsOfOneCellAreStatedEachAtItsEnd() throws Exception {
        add(10, 1, 2, 100);
        add(0, 1, 1, 50);
        advanceTo(9_999);
        assertThat(stated()).containsExactly("10.0.0.1>10.0.1.1 @0 r1: 1 50 1");
        advanceTo(19_999);
        assertThat(stated()).containsExactly("10.0.0.1>10.0.1.1 @10 r1: 2 100 1");
    }

    @Test
    void subnetsAreNamedInCidrNotation() throws Exception {
        MatrixDelta delta = delta(0, 0, 1, 40);
        delta.level = MatrixLevel.SUBNET;
        delta.destinationLow = 0x0A00_0100L;
        harness.processElement(delta, 0);
        advanceTo(9_999);
        assertThat(stated()).containsExactly("10.0.0.0/24>10.0.1.0/24 @0 r1: 1 40 1");
    }

    @Test
    void stateIsKeptForTheLatenessAndOneWindowMore() throws Exception {
        add(0, 1, 2, 100);
        advanceTo(79_998);
        assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
        advanceTo(79_999);
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void aRevisionThatTheMeterStatesAfterTheLastMomentStillCounts() throws Exception {
        add(0, 1, 2, 100);
        advanceTo(70_000);
        stated();
        add(0, 1, 1, 50);
        advanceTo(79_000);
        assertThat(stated()).containsExactly("10.0.0.1>10.0.1.1 @0 r2: 3 150 2");
    }

    @Test
    void whatComesAfterThatIsRefusedAndLeavesNothingBehind() throws Exception {
        advanceTo(79_999);
        stated();
        add(0, 1, 2, 100);
        advanceTo(90_000);
        assertThat(stated()).isEmpty();
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void stateAndTimersAreZeroAtTheEnd() throws Exception {
        for (int window = 0; window < 100; window += 10) {
            for (int host = 0; host < 20; host++) {
                add(window, host, 1, 40);
                add(window, host, 1, 40);
            }
            advanceTo(window * 1_000L + 5_000);
        }
        advanceTo(Long.MAX_VALUE);
        assertThat(stated()).hasSize(200);
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void aRestoredJobStatesTheSameAsAnUndisturbedOne() throws Exception {
        feedFirstHalf();
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        feedSecondHalf();
        List<String> undisturbed = stated();

        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        // A watermark is no part of a snapshot: sources assert it again.
        advanceTo(12_000);
        feedSecondHalf();

        assertThat(stated()).isEqualTo(undisturbed).hasSize(4);
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    /** One window stated and one running, in the middle of which the snapshot falls. */
    private void feedFirstHalf() throws Exception {
        add(0, 1, 2, 100);
        add(10, 1, 1, 60);
        advanceTo(12_000);
        stated();
        add(10, 2, 4, 400);
        add(0, 1, 1, 50);
    }

    private void feedSecondHalf() throws Exception {
        add(10, 1, 9, 900);
        advanceTo(12_001);
        add(0, 2, 5, 500);
        advanceTo(Long.MAX_VALUE);
    }

    private static KeyedOneInputStreamOperatorTestHarness<Integer, MatrixDelta, MatrixCell> harness() throws Exception {
        KeyedOneInputStreamOperatorTestHarness<Integer, MatrixDelta, MatrixCell> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new AccumulateMatrixFunction(SCHEDULE, SubnetRule.COMMON)),
                        delta -> CellHash.bucket(delta, BUCKETS),
                        Types.INT);
        harness.getExecutionConfig().enableObjectReuse();
        return harness;
    }

    /** What names a cell in a window. The one word of an address that is not 0; no host part, so it names a subnet too. */
    private record Cell(MatrixLevel level, String realm, int family, long source, long destination, int windowSecond) {}

    private record Sums(long packets, long octets, long flowsOpened, long revision) {
        static final Sums NONE = new Sums(0, 0, 0, 0);

        static Sums of(MatrixDelta delta) {
            return new Sums(delta.packets, delta.octets, delta.flowsOpened, delta.revision);
        }

        Sums plus(Sums other) {
            return new Sums(
                    packets + other.packets,
                    octets + other.octets,
                    flowsOpened + other.flowsOpened,
                    revision + other.revision);
        }
    }

    /** A delta for a cell, as many windows back as it says, and then the watermark grows. */
    private record Step(int cell, int windowsBack, long packets, long revision, int delayMillis) {

        MatrixDelta delta(long watermark) {
            MatrixDelta delta = AccumulateMatrixFunctionTest.delta(
                    (int) (watermark / 10_000 - windowsBack) * 10, (cell >>> 3) << 8, packets, packets * 10);
            delta.level = (cell & 1) == 0 ? MatrixLevel.ADDRESS : MatrixLevel.SUBNET;
            delta.realm = (cell & 2) == 0 ? "default" : "other";
            delta.destinationLow = 0x0A01_0000L;
            delta.revision = revision;
            if ((cell & 4) != 0) {
                delta.family = 6;
                delta.sourceHigh = delta.sourceLow;
                delta.sourceLow = 0;
                delta.destinationHigh = delta.destinationLow;
                delta.destinationLow = 0;
            }
            return delta;
        }
    }

    /** The matrix, small and obvious: one map of sums, and which of them changed since they were stated. */
    private static final class PlainMatrix {

        private final Map<Cell, Sums> sums = new HashMap<>();
        private final Set<Cell> unstated = new HashSet<>();

        void add(MatrixDelta delta, long watermark) {
            Cell cell = new Cell(
                    delta.level,
                    delta.realm,
                    delta.family,
                    delta.sourceHigh + delta.sourceLow,
                    delta.destinationHigh + delta.destinationLow,
                    (int) TimeUnit.NANOSECONDS.toSeconds(delta.windowStart));
            if (watermark < (cell.windowSecond + 10 + 60 + 10) * 1_000L - 1) {
                sums.merge(cell, Sums.of(delta), Sums::plus);
                unstated.add(cell);
            }
        }

        List<String> statedAt(long watermark) {
            List<Cell> over = unstated.stream()
                    .filter(cell -> watermark >= (cell.windowSecond + 10) * 1_000L - 1)
                    .toList();
            over.forEach(unstated::remove);
            return over.stream().map(this::describe).sorted().toList();
        }

        private String describe(Cell cell) {
            Sums sum = sums.getOrDefault(cell, Sums.NONE);
            return "%s %s %s>%s @%d r%d: %d %d %d"
                    .formatted(
                            cell.level.label(),
                            cell.realm,
                            entity(cell, cell.source),
                            entity(cell, cell.destination),
                            cell.windowSecond,
                            sum.revision,
                            sum.packets,
                            sum.octets,
                            sum.flowsOpened);
        }

        private static String entity(Cell cell, long address) {
            String prefix = cell.level == MatrixLevel.ADDRESS ? "" : cell.family == 4 ? "/24" : "/64";
            return Addresses.ip(cell.family, cell.family == 4 ? 0 : address, cell.family == 4 ? address : 0) + prefix;
        }
    }

    @Property(tries = 200)
    void statesWhatAPlainMapOfSumsStatesWhateverComesWhen(@ForAll("steps") List<Step> steps) throws Exception {
        try (var harness = harness()) {
            harness.open();
            PlainMatrix plain = new PlainMatrix();
            long watermark = 0;
            harness.processWatermark(watermark);
            for (Step step : steps) {
                MatrixDelta delta = step.delta(watermark);
                plain.add(delta, watermark);
                harness.processElement(delta, 0);
                watermark += step.delayMillis;
                harness.processWatermark(watermark);
                // Late deltas are stated with the next watermark; the same one again is none.
                assertThat(statedWithLevel(harness))
                        .isEqualTo(step.delayMillis == 0 ? List.of() : plain.statedAt(watermark));
            }
            harness.processWatermark(Long.MAX_VALUE);
            assertThat(statedWithLevel(harness)).isEqualTo(plain.statedAt(Long.MAX_VALUE));
            assertThat(harness.numKeyedStateEntries() + harness.numEventTimeTimers())
                    .isZero();
        }
    }

    /** Up to nine windows back, one more than is let in. */
    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 23),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.longs().between(-5, 50),
                        Arbitraries.longs().between(1, 9),
                        Arbitraries.integers().between(0, 3_000))
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }

    private static List<String> statedWithLevel(
            KeyedOneInputStreamOperatorTestHarness<Integer, MatrixDelta, MatrixCell> harness) {
        List<String> cells = harness.extractOutputValues().stream()
                .map(cell -> cell.getLevel() + " " + cell.getRealm() + " " + describe(cell))
                .sorted()
                .toList();
        harness.getOutput().clear();
        return cells;
    }

    private void add(int windowSecond, int host, long packets, long octets) throws Exception {
        harness.processElement(delta(windowSecond, host, packets, octets), 0);
    }

    private static MatrixDelta delta(int windowSecond, int host, long packets, long octets) {
        MatrixDelta delta = new MatrixDelta();
        delta.realm = "default";
        delta.windowStart = TimeUnit.SECONDS.toNanos(windowSecond);
        delta.family = 4;
        delta.sourceLow = 0x0A00_0000L + host;
        delta.destinationLow = 0x0A00_0101L;
        delta.packets = packets;
        delta.octets = octets;
        delta.flowsOpened = 1;
        delta.revision = 1;
        return delta;
    }

    private void advanceTo(long millis) throws Exception {
        harness.processWatermark(millis);
    }

    /** What was stated since the last call. */
    private List<String> stated() {
        List<String> cells = harness.extractOutputValues().stream()
                .map(AccumulateMatrixFunctionTest::describe)
                .sorted()
                .toList();
        harness.getOutput().clear();
        return cells;
    }

    private static String describe(MatrixCell cell) {
        return "%s>%s @%d r%d: %d %d %d"
                .formatted(
                        cell.getSourceEntity(),
                        cell.getDestinationEntity(),
                        cell.getWindowStart().getEpochSecond(),
                        cell.getRevision(),
                        cell.getPacketDeltaCount(),
                        cell.getOctetDeltaCount(),
                        cell.getFlowsOpened());
    }
}
