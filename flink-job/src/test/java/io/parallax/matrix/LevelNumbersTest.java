package io.parallax.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.parallax.model.MatrixLevel;
import org.junit.jupiter.api.Test;

final class LevelNumbersTest {

    @Test
    void levelsKeepTheNumbersUnderWhichTheyStandInCheckpoints() {
        assertThat(LevelNumbers.of(MatrixLevel.ADDRESS)).isZero();
        assertThat(LevelNumbers.of(MatrixLevel.SUBNET)).isEqualTo(1);
        assertThat(LevelNumbers.of(MatrixLevel.VM)).isEqualTo(2);
        assertThat(LevelNumbers.of(MatrixLevel.APPLICATION)).isEqualTo(3);
        assertThat(LevelNumbers.of(MatrixLevel.HOST)).isEqualTo(4);
        for (MatrixLevel level : MatrixLevel.values()) {
            assertThat(LevelNumbers.level(LevelNumbers.of(level))).isEqualTo(level);
        }
    }

    @Test
    void aNumberOfNoLevelIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> LevelNumbers.level(5));
    }
}
