package io.parallax.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.MatrixDelta;
import io.parallax.model.MatrixLevel;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CellHashTest {

    /** Changing it moves cells to other buckets: a job restored from a checkpoint would not find them. */
    private static final int GOLDEN_HASH = 1_430_740_525;

    private static final int BUCKETS = 128;

    @Test
    void theHashIsTheSameInEveryJvm() {
        assertThat(CellHash.of(delta(0x0A00_0001L, 0x0A00_0002L))).isEqualTo(GOLDEN_HASH);
    }

    @Test
    void thePairsOfASubnetHardlyCollideAndSpreadOverTheBuckets() {
        Set<Integer> hashes = new HashSet<>();
        int[] cells = new int[BUCKETS];
        for (int source = 0; source < 256; source++) {
            for (int destination = 0; destination < 256; destination++) {
                MatrixDelta delta = delta(0x0A00_0000L + source, 0x0A00_0000L + destination);
                hashes.add(CellHash.of(delta));
                cells[CellHash.bucket(delta, BUCKETS)]++;
            }
        }
        assertThat(hashes).hasSizeGreaterThan(65_500);
        // 512 each, if they fell evenly.
        assertThat(IntStream.of(cells)).allSatisfy(count -> assertThat(count).isBetween(400, 624));
    }

    @Test
    void directionsRealmsAndLevelsHaveHashesOfTheirOwn() {
        MatrixDelta otherRealm = delta(1, 2);
        otherRealm.realm = "other";
        MatrixDelta otherLevel = delta(1, 2);
        otherLevel.level = MatrixLevel.SUBNET;
        assertThat(Set.of(
                        CellHash.of(delta(1, 2)),
                        CellHash.of(delta(2, 1)),
                        CellHash.of(otherRealm),
                        CellHash.of(otherLevel)))
                .hasSize(4);
    }

    private static MatrixDelta delta(long source, long destination) {
        MatrixDelta delta = new MatrixDelta();
        delta.realm = "default";
        delta.family = 4;
        delta.sourceLow = source;
        delta.destinationLow = destination;
        return delta;
    }
}
