package io.parallax.local.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.Completeness;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConservationTest {

    private static final List<Flow> BALANCED = List.of(Rows.flow("f", 1, 5, 2, 3));

    @Test
    void holdsWhereEverySightingIsAPacketOrSeenAgain() {
        Conservation conservation = conservation(List.of(Rows.flow("f", 1, 5, 2, 3)), cells(700), 0);
        assertThat(conservation.residual()).isZero();
        assertThat(conservation.holds()).isTrue();
        assertThat(conservation.lines())
                .containsExactly(
                        "holds   11 frames = 11 with an outcome",
                        "holds   10 IP headers = 7 packets counted once + 3 seen again + 0 too late, residual 0",
                        "holds   700 octets in flows = 700 in the matrix",
                        "holds   10 headers published = 10 received, in 1 windows of interfaces, 0 with a residual");
    }

    @Test
    void countsOnlyTheLastRevisionWhateverTheOrder() {
        Flow late = Rows.flow("f", 2, 5, 2, 3);
        Flow early = Rows.flow("f", 1, 1, 0, 0);
        assertThat(conservation(List.of(late, early), cells(700), 0).holds()).isTrue();
        assertThat(conservation(List.of(early, late), cells(700), 0).holds()).isTrue();
    }

    @Test
    void breaksWhereAPacketIsLost() {
        Conservation conservation = conservation(List.of(Rows.flow("f", 1, 4, 2, 3)), cells(600), 0);
        assertThat(conservation.residual()).isEqualTo(1);
        assertThat(conservation.holds()).isFalse();
        assertThat(conservation.lines().get(1)).startsWith("BROKEN").endsWith("residual 1");
    }

    @Test
    void breaksWhereAPacketIsCountedTwice() {
        Conservation conservation = conservation(List.of(Rows.flow("f", 1, 6, 2, 3)), cells(800), 0);
        assertThat(conservation.residual()).isEqualTo(-1);
        assertThat(conservation.holds()).isFalse();
    }

    @Test
    void acceptsWhatTheJobNamesAsTooLate() {
        assertThat(conservation(List.of(Rows.flow("f", 1, 4, 2, 3)), cells(600), 1)
                        .holds())
                .isTrue();
    }

    @Test
    void breaksWhereTheMatrixDiffersFromTheFlows() {
        assertThat(conservation(List.of(Rows.flow("f", 1, 5, 2, 3)), cells(699), 0)
                        .holds())
                .isFalse();
    }

    @Test
    void breaksWhereAHeaderIsInNoAccount() {
        Completeness row = Rows.completeness("capvm1", 1, 10, 9, 7);
        assertThat(row.getTransportResidual()).isEqualTo(1);
        Conservation conservation = conservation(BALANCED, cells(700), 0, List.of(row));
        assertThat(conservation.unbalanced()).isEqualTo(1);
        assertThat(conservation.holds()).isFalse();
        assertThat(conservation.lines().get(3))
                .isEqualTo("BROKEN  10 headers published = 9 received, in 1 windows of interfaces, 1 with a residual");
    }

    @Test
    void breaksWhereResidualsOfTwoWindowsCancel() {
        Completeness before = Rows.completeness("capvm1", 1, 5, 5, 4);
        before.setResidual(1);
        Completeness after = Rows.completeness("capvm1", 1, 5, 5, 3);
        after.setWindowStart(Rows.NOON.plusSeconds(10));
        after.setResidual(-1);
        assertThat(conservation(BALANCED, cells(700), 0, List.of(before, after)).holds())
                .isFalse();
    }

    @Test
    void breaksWhereAnInterfaceHasNoAccount() {
        assertThat(conservation(BALANCED, cells(700), 0, List.of()).holds()).isFalse();
    }

    @Test
    void aResidualOfAnEarlierRevisionIsForgotten() {
        Completeness early = Rows.completeness("capvm1", 1, 10, 9, 7);
        Completeness last = Rows.completeness("capvm1", 2, 10, 10, 7);
        assertThat(conservation(BALANCED, cells(700), 0, List.of(last, early)).holds())
                .isTrue();
    }

    private static Conservation conservation(List<Flow> flows, List<MatrixCell> cells, long tooLate) {
        return conservation(flows, cells, tooLate, List.of(Rows.completeness("capvm1", 1, 10, 10, 7)));
    }

    private static Conservation conservation(
            List<Flow> flows, List<MatrixCell> cells, long tooLate, List<Completeness> completeness) {
        Map<String, Long> outcomes = Map.of("decoded", 10L, "malformed", 1L);
        return Conservation.of(
                Results.of(List.of(Rows.ledger("capvm1", 11, outcomes, 10)), flows, cells, List.of(), completeness),
                tooLate);
    }

    private static List<MatrixCell> cells(long octets) {
        return List.of(Rows.cell("10.10.1.11", "10.10.2.13", 1, 1), Rows.cell("10.10.1.11", "10.10.2.13", 2, octets));
    }
}
