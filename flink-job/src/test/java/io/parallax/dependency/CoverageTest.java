package io.parallax.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Windows of 10. */
final class CoverageTest {

    private static final long EVER = Long.MIN_VALUE;
    private static final long NEVER = Long.MAX_VALUE;

    private final Coverage coverage = new Coverage();

    @Test
    void whereNobodyCapturesNothingIsKnown() {
        assertThat(coverage.wholeSince(100, Set.of())).isEqualTo(NEVER);
    }

    @Test
    void windowsJoinInAnyOrder() {
        mark("a", true, 20, 0, 10);
        assertThat(coverage.wholeSince(30, Set.of())).isEqualTo(EVER);
        assertThat(coverage.wholeSince(31, Set.of())).isEqualTo(NEVER);
    }

    @Test
    void aWindowThatNobodyAccountsForIsAGap() {
        mark("a", true, 0, 10, 30, 40);
        assertThat(coverage.wholeSince(20, Set.of())).isEqualTo(EVER);
        assertThat(coverage.wholeSince(25, Set.of())).isEqualTo(NEVER);
        assertThat(coverage.wholeSince(50, Set.of())).isEqualTo(30);
    }

    @Test
    void anAccountThatIsCorrectedCountsAsItIsNow() {
        mark("a", true, 0, 10, 20);
        mark("a", false, 10);
        assertThat(coverage.wholeSince(30, Set.of())).isEqualTo(20);
        mark("a", true, 10);
        assertThat(coverage.wholeSince(30, Set.of())).isEqualTo(EVER);
    }

    @Test
    void allInterfacesHaveToBeWhole() {
        mark("a", true, 0, 10, 20);
        mark("b", true, 0, 20);
        assertThat(coverage.wholeSince(30, Set.of())).isEqualTo(20);
        assertThat(coverage.wholeSince(20, Set.of())).isEqualTo(NEVER);
    }

    @Test
    void anInterfaceThatWasNotThereMissedNothing() {
        mark("a", true, 0, 10, 20);
        mark("b", true, 20);
        assertThat(coverage.wholeSince(30, Set.of())).isEqualTo(EVER);
    }

    @Test
    void aGapOutlivesARestart() throws Exception {
        mark("a", true, 0, 20);
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        coverage.copy().writeTo(new DataOutputStream(octets));
        Coverage read = Coverage.readFrom(
                new DataInputStream(new ByteArrayInputStream(octets.toByteArray())), DependencyTable.VERSION);
        assertThat(read.wholeSince(30, Set.of())).isEqualTo(20);
    }

    private void mark(String sensor, boolean isComplete, long... starts) {
        for (long start : starts) {
            coverage.mark(sensor, start, start + 10, isComplete);
        }
    }
}
