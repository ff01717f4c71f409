package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.StreamPositions.Position;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamPositionsTest {

    private static final String STREAM = "capvm1/eth0/0";
    private static final int COUNT = 10;

    private final StreamPositions positions = new StreamPositions();

    @Test
    void aBatchThatComesAgainIsKnown() {
        assertThat(accept(1, 0)).isZero();
        assertThat(accept(1, 10)).isZero();
        assertThat(accept(1, 10)).isEqualTo(COUNT);
        assertThat(accept(1, 0)).isEqualTo(COUNT);
        assertThat(positions.repeatedHeaders()).isEqualTo(2 * COUNT);
        assertThat(positions.missingHeaders()).isZero();
    }

    @Test
    void ofABatchThatBeginsBeforeThePositionOnlyTheRestIsNew() {
        accept(1, 0);
        assertThat(accept(1, 7)).isEqualTo(3);
        assertThat(accept(1, 17)).isZero();
        assertThat(positions.missingHeaders()).isZero();
    }

    @Test
    void aGapIsCountedOnce() {
        accept(1, 0);
        assertThat(accept(1, 25)).isZero();
        assertThat(accept(1, 35)).isZero();
        assertThat(positions.missingHeaders()).isEqualTo(15);
    }

    @Test
    void aJobThatJoinsLateMissesNothing() {
        accept(1, 5_000);
        assertThat(positions.missingHeaders()).isZero();
    }

    @Test
    void aHeartbeatMovesNothingButTheLowWatermark() {
        accept(1, 0);
        assertThat(positions.accept(STREAM, 1, 10, 0, 99)).isZero();
        assertThat(accept(1, 10)).isZero();
        assertThat(positions.missingHeaders()).isZero();
        assertThat(positions.latestLowWatermarkNanos()).isEqualTo(99);
    }

    @Test
    void aRestartedProducerStartsOver() {
        accept(1, 0);
        assertThat(accept(2, 0)).isZero();
        assertThat(accept(2, 10)).isZero();
        assertThat(positions.missingHeaders()).isZero();
    }

    @Test
    void aRepeatFromBeforeTheRestartIsStillKnown() {
        accept(7, 0);
        accept(5, 0); // the clock went back
        assertThat(accept(7, 0)).isEqualTo(COUNT);
        assertThat(accept(5, 0)).isEqualTo(COUNT);
    }

    @Test
    void theOldestOfMoreThanFourEpochsIsForgotten() {
        for (int epoch = 1; epoch <= StreamPositions.EPOCHS + 1; epoch++) {
            accept(epoch, 0);
        }
        assertThat(accept(2, 0)).isEqualTo(COUNT);
        assertThat(accept(1, 0)).isZero();
    }

    @Test
    void streamsAreApart() {
        accept(1, 0);
        assertThat(positions.accept("capvm2/eth0/0", 1, 0, COUNT, 0)).isZero();
    }

    @Test
    void nothingWasHeardBeforeTheFirstBatch() {
        assertThat(positions.latestLowWatermarkNanos()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void theLatestLowWatermarkOfAnyStreamIsHowFarTheInputWasHeard() {
        positions.accept(STREAM, 1, 0, 1, 500);
        positions.accept("capvm2/eth0/0", 1, 0, 1, 300);
        positions.accept(STREAM, 1, 1, 1, 400);
        assertThat(positions.latestLowWatermarkNanos()).isEqualTo(500);
    }

    @Test
    void aRestoredPositionIsTheFurthestThatAnyInstanceStored() {
        positions.restore(new Position(STREAM, 1, 20, 900));
        positions.restore(new Position(STREAM, 1, 10, 800));
        assertThat(accept(1, 10)).isEqualTo(COUNT);
        assertThat(accept(1, 20)).isZero();
        assertThat(positions.latestLowWatermarkNanos()).isEqualTo(900);
    }

    /** After a rescale every instance holds what all of them stored: stale epochs must not push out the one that runs. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEpochThatRunsIsRestoredInWhateverOrderInstancesStored(boolean isStaleFirst) {
        List<Position> stale = epochs(1, 4);
        List<Position> current = epochs(2, 5);
        List<Position> stored = new ArrayList<>(isStaleFirst ? stale : current);
        stored.addAll(isStaleFirst ? current : stale);
        stored.forEach(positions::restore);

        assertThat(accept(5, 0)).isEqualTo(COUNT);
        assertThat(accept(2, 0)).isEqualTo(COUNT);
    }

    private static List<Position> epochs(int first, int last) {
        List<Position> positions = new ArrayList<>();
        for (int epoch = first; epoch <= last; epoch++) {
            positions.add(new Position(STREAM, epoch, COUNT, 0));
        }
        return positions;
    }

    private int accept(long epoch, long firstSequence) {
        return positions.accept(STREAM, epoch, firstSequence, COUNT, firstSequence);
    }
}
