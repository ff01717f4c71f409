package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.dependency.DependencyDeltas;
import io.parallax.flow.Traffic.Seen;
import io.parallax.model.DependencyCounts;
import io.parallax.model.FlowRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows of 10 s, 60 s of lateness: which row of a flow tells of the use of the service, and that only one does. */
final class ServiceUseTest {

    private final FlowTable table = new FlowTable(new MeterSettings(Traffic.nanos(10), Traffic.nanos(60)));
    private final DependencyDeltas deltas = new DependencyDeltas();
    private final DependencyCounts sums = new DependencyCounts();
    private final List<String> rows = new ArrayList<>();

    @Test
    void aFlowOfThreeWindowsIsOneUse() {
        fold(asked(1), answered(2), asked(11), answered(12), asked(21));
        advanceTo(30);
        assertThat(rows).containsExactly("@0 SERVED in", "@10 NONE in", "@20 NONE in");
        isUse(1, 3, 2);
    }

    /** The window ended between question and answer: unanswered by its end, and a use all the same. */
    @Test
    void anAnswerInTheNextWindowIsAUseThere() {
        fold(asked(9), answered(11));
        advanceTo(20);
        assertThat(rows).containsExactly("@0 UNANSWERED", "@10 SERVED in");
        isUse(1, 0, 1);
        assertThat(sums.get(DependencyCounts.UNANSWERED)).isEqualTo(1);
    }

    @Test
    void aLateAnswerTakesTheFailureBack() {
        fold(asked(1));
        advanceTo(10);
        assertThat(sums.get(DependencyCounts.UNANSWERED)).isEqualTo(1);
        fold(answered(2));
        advanceTo(20);
        assertThat(rows).containsExactly("@0 UNANSWERED", "@0 SERVED in");
        assertThat(sums.get(DependencyCounts.UNANSWERED)).isZero();
        isUse(1, 1, 1);
    }

    @Test
    void aLateAnswerBeforeTheOneThatToldIsNoSecondUse() {
        fold(asked(1), asked(11), answered(12));
        advanceTo(20);
        fold(answered(2));
        advanceTo(30);
        assertThat(rows).containsExactly("@0 UNANSWERED", "@10 SERVED in", "@0 NONE in");
        assertThat(sums.get(DependencyCounts.UNANSWERED)).isZero();
        isUse(1, 2, 2);
        fold(answered(13));
        advanceTo(40);
        assertThat(rows).last().isEqualTo("@10 SERVED in");
        isUse(1, 2, 3);
    }

    private void isUse(long connections, long packets, long reversePackets) {
        assertThat(sums.get(DependencyCounts.CONNECTIONS)).isEqualTo(connections);
        assertThat(sums.get(DependencyCounts.PACKETS)).isEqualTo(packets);
        assertThat(sums.get(DependencyCounts.REVERSE_PACKETS)).isEqualTo(reversePackets);
    }

    private void fold(Seen... packets) {
        table.fold(Traffic.block(Arrays.asList(packets)));
    }

    private void advanceTo(double seconds) {
        long time = Traffic.nanos(seconds);
        table.advance(time, time, this::take);
        deltas.flush(delta -> sums.add(delta.counts));
    }

    private void take(FlowRow row) {
        rows.add("@%d %s%s".formatted(row.windowStart / Traffic.nanos(1), row.service, row.isInService ? " in" : ""));
        deltas.add(row);
    }

    private static Seen asked(double seconds) {
        return Traffic.udp("capvm1", seconds, 1, 5_000, 2, 53, 80);
    }

    private static Seen answered(double seconds) {
        return Traffic.udp("capvm1", seconds, 2, 53, 1, 5_000, 200);
    }
}
